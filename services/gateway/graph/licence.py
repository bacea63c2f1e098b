"""The licence in the graph: the register's verdict on one number, word for word."""

from datetime import date, datetime
from typing import Self

import strawberry
from strawberry import federation

from services.gateway.clients.answers import LicenceAnswer, SanctionAnswer
from services.gateway.graph.arguments import KnownAt, Number, ValidAt
from services.gateway.graph.context import Context
from services.gateway.graph.vocabulary import MembershipLevel, SanctionKind, Scope, Verdict
from services.gateway.loaders import SubjectQuestion


@strawberry.type(description="A sanction in force on the day asked about, as the public may see it.")
class Sanction:
    """Comes with the licence it restricts."""

    kind: SanctionKind = strawberry.field(description="What the sanction does.")
    public_reason: str | None = strawberry.field(description="Why it was imposed, as far as that is public.")
    valid_from: date = strawberry.field(description="The first day on which it holds.")
    valid_to: date | None = strawberry.field(
        description="The last day on which it holds; null when it holds until it is lifted."
    )

    @classmethod
    def of(cls, answer: SanctionAnswer) -> Self:
        """Return the sanction that the register told of."""
        return cls(
            kind=SanctionKind(answer.kind),
            public_reason=answer.public_reason,
            valid_from=answer.valid_from,
            valid_to=answer.valid_to,
        )


@federation.type(
    keys=["number"],
    description=(
        "What the register says about one number on one day: the same verdict in REST, here and on the page. "
        "Comes from the register; all numbers asked in one request are looked up together."
    ),
)
class Licence:
    """The register's verdict on one number."""

    number: str | None = strawberry.field(
        description="The registration number, properly written; null when what was asked cannot be one."
    )
    verdict: Verdict = strawberry.field(description="What the register says.")
    may_give_personal_guidance: bool = strawberry.field(
        description="Whether the holder may give personal careers guidance on that day."
    )
    scopes: list[Scope] = strawberry.field(description="What the licence covers, while it is in force.")
    membership_level: MembershipLevel | None = strawberry.field(
        description="The highest level of membership held on that day."
    )
    specialisms: list[str] = strawberry.field(description="The holder's specialisms, as codes.")
    conditions: list[str] = strawberry.field(description="The conditions to be kept to, in words.")
    sanctions: list[Sanction] = strawberry.field(description="The sanctions in force on that day.")
    valid_from: date | None = strawberry.field(description="The first day of the licence spoken of.")
    valid_to: date | None = strawberry.field(description="The last day of the licence spoken of.")
    kept_number: str | None = strawberry.field(
        description="The number that holds the record, when this one was merged into it."
    )
    reasons: list[str] = strawberry.field(description="Why the verdict is what it is, as stable codes.")
    sentence: str = strawberry.field(description="What it means and what to do next, in plain words.")
    valid_at: date | None = strawberry.field(
        description="The day that the verdict is about; null where it stands for today."
    )
    known_at: datetime | None = strawberry.field(
        description="The instant whose knowledge it rests on; null where that is now."
    )
    journal_position: int | None = strawberry.field(
        description="How far the register's journal went when this was answered."
    )

    @classmethod
    def of(cls, answer: LicenceAnswer) -> Self:
        """Return the licence that the register told of."""
        level = answer.membership_level
        return cls(
            number=answer.number,
            verdict=Verdict(answer.verdict),
            may_give_personal_guidance=answer.may_give_personal_guidance,
            scopes=[Scope(scope) for scope in answer.scopes],
            membership_level=None if level is None else MembershipLevel(level),
            specialisms=list(answer.specialisms),
            conditions=list(answer.conditions),
            sanctions=[Sanction.of(each) for each in answer.sanctions],
            valid_from=answer.valid_from,
            valid_to=answer.valid_to,
            kept_number=answer.kept_number,
            reasons=list(answer.reasons),
            sentence=answer.sentence,
            valid_at=answer.valid_at,
            known_at=answer.known_at,
            journal_position=answer.journal_position,
        )

    @classmethod
    async def resolve_reference(cls, info: strawberry.Info[Context, None], number: str) -> Self:
        """Return today's licence of a number that another graph refers to."""
        return cls.of(await info.context.loaders.licences.load(SubjectQuestion(number)))


async def licence(
    info: strawberry.Info[Context, None], number: Number, valid_at: ValidAt = None, known_at: KnownAt = None
) -> Licence | None:
    """Return the verdict on a number."""
    question = SubjectQuestion(number, valid_at, known_at)
    return Licence.of(await info.context.loaders.licences.load(question))
