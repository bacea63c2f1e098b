"""The provider of guidance in the graph: whether it is accredited as it has to be, from the kite mark."""

from typing import Annotated, Self

import strawberry
from strawberry import federation

from services.gateway.clients.kitemark import ComplianceAnswer
from services.gateway.graph.arguments import KnownAt, ValidAt
from services.gateway.graph.context import Context
from services.gateway.graph.vocabulary import ComplianceWord
from services.gateway.loaders import SubjectQuestion


@strawberry.type(description="Whether a provider has the accreditations that are asked of it.")
class Compliance:
    """The kite mark's answer on one provider, word for word."""

    name: str | None = strawberry.field(description="The provider's name, where it is recorded.")
    answer: ComplianceWord = strawberry.field(description="Whether it has what is asked of it.")
    reasons: list[str] = strawberry.field(description="Why, as stable codes.")
    sentences: list[str] = strawberry.field(description="The reasons in words, in the same order.")
    rule_versions: list[str] = strawberry.field(description="The versions of the rules that were applied.")
    successor: str | None = strawberry.field(
        description="The UKPRN of the provider that this one became part of."
    )

    @classmethod
    def of(cls, answer: ComplianceAnswer) -> Self:
        """Return what the kite mark told."""
        return cls(
            name=answer.name,
            answer=ComplianceWord(answer.answer),
            reasons=[each.code for each in answer.reasons],
            sentences=[each.detail for each in answer.reasons],
            rule_versions=list(answer.rule_versions),
            successor=answer.successor,
        )


async def _compliance(
    root: strawberry.Parent["GuidanceProvider"], info: strawberry.Info[Context, None]
) -> Compliance | None:
    """Return whether it has what is asked of it."""
    return Compliance.of(await info.context.loaders.compliances.load(root.asked))


@federation.type(
    keys=["ukprn"],
    description="An organisation that gives careers guidance, by its UKPRN.",
)
class GuidanceProvider:
    """A provider of guidance."""

    ukprn: str = strawberry.field(description="Its number in the UK Register of Learning Providers.")
    asked: strawberry.Private[SubjectQuestion]
    compliance: Compliance | None = strawberry.field(
        resolver=_compliance,
        description=(
            "Whether it is accredited as it has to be, on the day asked about. Comes from the kite mark, by "
            "one call for all providers of a request; null, with an error, only when that gives no answer."
        ),
    )

    @classmethod
    async def resolve_reference(cls, info: strawberry.Info[Context, None], ukprn: str) -> Self:
        """Return the provider that another graph refers to, as of today."""
        return cls(ukprn=ukprn, asked=SubjectQuestion(ukprn))


def provider(
    ukprn: Annotated[str, strawberry.argument(description="A UKPRN: eight digits.")],
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> GuidanceProvider:
    """Return a provider of guidance."""
    return GuidanceProvider(ukprn=ukprn, asked=SubjectQuestion(ukprn, valid_at, known_at))
