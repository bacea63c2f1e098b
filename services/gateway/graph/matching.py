"""Matching in the graph: which of the people whom a caller holds have a number, and which verdict on it."""

from datetime import date
from enum import Enum
from typing import Annotated, Self

import strawberry

from services.gateway.clients.matching import MatchAnswer, matches
from services.gateway.graph.context import Context
from services.gateway.graph.inputs import as_body
from services.gateway.graph.vocabulary import Verdict
from shared.errors import Refusal, TooLarge

MOST_ROWS = 1_000


class TooManyPeople(TooLarge):
    """At most {most} people are matched at once here: send the rest in a further request, or by REST."""


class MatchedByGet(Refusal):
    """What is matched is personal data, which may stand in no address: ask by POST."""

    status = 405


@strawberry.enum(description="What is said of one person who was sent to be matched.")
class MatchOutcome(Enum):
    """An outcome; a word here is the word in REST."""

    match = strawberry.enum_value("match", description="It is the person whose number is given.")
    possible = strawberry.enum_value("possible", description="It may be somebody; nobody is named.")
    none = strawberry.enum_value("none", description="Nobody is near enough, or too little was sent.")


@strawberry.enum(description="A field that was sent to be compared.")
class MatchField(Enum):
    """A field; a word here is the word in REST."""

    number = strawberry.enum_value("number", description="The registration number.")
    given_names = strawberry.enum_value("given_names", description="The given names.")
    family_name = strawberry.enum_value("family_name", description="The family name.")
    date_of_birth = strawberry.enum_value("date_of_birth", description="The day of birth.")
    email = strawberry.enum_value("email", description="The e-mail address.")
    member_id = strawberry.enum_value("member_id", description="The member id of an association.")


@strawberry.input(description="What you hold of one person. Send what you have; nothing of it is kept.")
class MatchRowInput:
    """As in the register's `POST /v1/matches`."""

    reference: str | None = strawberry.field(
        default=None, description="Your own; it comes back with the outcome."
    )
    touchpoint_reference: str | None = strawberry.field(
        default=None, description="Where the person works in your own organisation; it comes back too."
    )
    number: str | None = strawberry.field(default=None, description="A number as you were given it.")
    given_names: str | None = strawberry.field(default=None, description="The given names.")
    family_name: str | None = strawberry.field(
        default=None, description="The family name; previous names count."
    )
    date_of_birth: date | None = strawberry.field(default=None, description="The day of birth.")
    email: str | None = strawberry.field(default=None, description="An e-mail address.")
    association: str | None = strawberry.field(
        default=None, description="The association of the member id, such as ICG."
    )
    member_id: str | None = strawberry.field(
        default=None, description="A member id; compared only beside its association."
    )


@strawberry.type(
    description=(
        "What is said of one person who was sent: never anything that was not sent, beside number and "
        "verdict of a match."
    )
)
class PractitionerMatch:
    """The register's answer on one row."""

    reference: str | None = strawberry.field(description="The reference that was sent.")
    touchpoint_reference: str | None = strawberry.field(description="The other reference that was sent.")
    outcome: MatchOutcome = strawberry.field(description="Whether it is somebody.")
    reason: str = strawberry.field(description="Why, as a stable code.")
    score: int | None = strawberry.field(description="How well it fits; null where nothing was compared.")
    agreed: list[MatchField] = strawberry.field(description="Which fields that were sent agree.")
    disagreed: list[MatchField] = strawberry.field(description="Which of them differ.")
    number: str | None = strawberry.field(description="The registration number; with a match alone.")
    verdict: Verdict | None = strawberry.field(description="The verdict on it today; with a match alone.")
    policy_version: str = strawberry.field(description="The version of the match policy that decided.")

    @classmethod
    def of(cls, answer: MatchAnswer, policy: str) -> Self:
        """Return what the register told, and of whoever is no match no number, whatever it told."""
        outcome = MatchOutcome(answer.outcome)
        is_match = outcome is MatchOutcome.match and answer.number is not None and answer.verdict is not None
        return cls(
            reference=answer.reference,
            touchpoint_reference=answer.touchpoint_reference,
            outcome=outcome,
            reason=answer.reason,
            score=answer.score,
            agreed=[MatchField(each) for each in answer.agreed],
            disagreed=[MatchField(each) for each in answer.disagreed],
            number=answer.number if is_match else None,
            verdict=Verdict(answer.verdict) if is_match else None,
            policy_version=policy,
        )


async def match_practitioners(
    info: strawberry.Info[Context, None],
    rows: Annotated[
        list[MatchRowInput],
        strawberry.argument(description="Up to 1,000 people; answered in this order."),
    ],
) -> list[PractitionerMatch] | None:
    """Return what the register says of each row, by one call."""
    if info.context.by_get:
        raise MatchedByGet
    if len(rows) > MOST_ROWS:
        raise TooManyPeople(most=f"{MOST_ROWS:,}")
    loaders = info.context.loaders
    register = loaders.neighbours.services["register"]
    found = await matches(register, [as_body(row) for row in rows], caller=loaders.caller)
    return [PractitionerMatch.of(each, found.policy) for each in found.items]
