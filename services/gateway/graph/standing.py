"""The CPD standing in the graph: CPD's word on one number, or why the caller is not told it."""

from typing import Annotated, Self

import strawberry

from services.gateway.clients.cpd import HoursAnswer, StandingAnswer
from services.gateway.graph.context import Context
from services.gateway.graph.vocabulary import CpdWord
from services.gateway.loaders import SubjectQuestion
from shared.errors import Forbidden, Refusal, Unauthenticated

NOT_KNOWN = "no-such-member"


@strawberry.type(description="Hours of CPD: how many are asked, how many count, how many are missing.")
class CpdHours:
    """Comes with the standing, to those who may see more than the word."""

    required: float | None = strawberry.field(description="Hours asked; null where no number is asked.")
    counted: float = strawberry.field(description="Hours that count.")
    missing: float | None = strawberry.field(description="Hours missing; null where no number is asked.")

    @classmethod
    def of(cls, answer: HoursAnswer) -> Self:
        """Return the hours that CPD told of."""
        return cls(required=answer.required, counted=answer.counted, missing=answer.missing)


@strawberry.type(
    description=(
        "Where somebody stands with CPD. Comes from the CPD service; all numbers asked in one request are "
        "looked up together."
    )
)
class CpdStanding:
    """CPD's word on one number."""

    standing: CpdWord = strawberry.field(description="Where they stand, in one word.")
    policy_version: str | None = strawberry.field(description="The version of the policy that decides.")
    days_left: int | None = strawberry.field(description="Days until the year of CPD that decides ends.")
    hours: CpdHours | None = strawberry.field(
        description="Hours; null where none are asked, or for those who may see no more than the word."
    )


@strawberry.type(
    description="Something that is there or not, and that this caller is not told. It never means *no*."
)
class Withheld:
    """A field that is kept from the caller, and why."""

    code: str = strawberry.field(description="The code of the refusal, as in REST.")
    message: str = strawberry.field(description="Why, and what would be needed.")

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """Return what the service said in refusing."""
        return cls(code=refusal.code, message=refusal.detail)


@strawberry.type(description="CPD knows nobody of this number, or nobody of whom it would tell this caller.")
class NotKnown:
    """A number without a standing."""

    code: str = strawberry.field(description="The code of the refusal, as in REST.")
    message: str = strawberry.field(description="What is not known, and what that means.")


CpdAnswer = Annotated[
    CpdStanding | NotKnown | Withheld,
    strawberry.union("CpdAnswer", description="The standing, or why there is none to tell."),
]


def _of(answer: StandingAnswer) -> CpdStanding | NotKnown:
    if answer.problem is not None or answer.standing is None:
        code = answer.problem.code if answer.problem else NOT_KNOWN
        message = answer.problem.detail if answer.problem else "CPD knows of no obligation."
        return NotKnown(code=code, message=message)
    return CpdStanding(
        standing=CpdWord(answer.standing),
        policy_version=answer.policy_version,
        days_left=answer.days_left,
        hours=None if answer.hours is None else CpdHours.of(answer.hours),
    )


async def standing_of(
    info: strawberry.Info[Context, None], asked: SubjectQuestion
) -> CpdStanding | NotKnown | Withheld:
    """Return where somebody stands, or that it is withheld; raises where CPD gives no answer."""
    try:
        return _of(await info.context.loaders.standings.load(asked))
    except (Unauthenticated, Forbidden) as refusal:
        return Withheld.of(refusal)
