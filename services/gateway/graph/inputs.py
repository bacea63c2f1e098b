"""What can be told through the graph, in the words of REST."""

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import strawberry


@strawberry.input(description="A membership: its level, and the days on which it holds.")
class MembershipInput:
    """As in the register's upsert of a member."""

    level: str = strawberry.field(description="`professional`, `associate` or `affiliate`.")
    valid_from: date = strawberry.field(description="The first day.")
    valid_to: date | None = strawberry.field(default=None, description="The last day; null is open.")
    category: str | None = strawberry.field(default=None, description="A sub-category, such as `student`.")


@strawberry.input(description="A member in full, as an association knows them: what is left out is empty.")
class MemberInput:
    """As in the register's upsert of a member."""

    family_name: str = strawberry.field(description="The family name, or the only name.")
    membership: MembershipInput = strawberry.field(description="The membership.")
    given_names: str = strawberry.field(default="", description="The given names.")
    date_of_birth: date | None = strawberry.field(default=None, description="The day of birth.")
    email: str | None = strawberry.field(default=None, description="Where the association writes to.")
    telephone: str | None = strawberry.field(default=None, description="Where it calls.")
    home_country: str | None = strawberry.field(default=None, description="The home country, as a code.")
    regions: list[str] = strawberry.field(default_factory=list, description="Regions of work, as codes.")
    settings: list[str] = strawberry.field(default_factory=list, description="Settings of work, as codes.")
    roles: list[str] = strawberry.field(default_factory=list, description="Roles, as codes.")
    specialisms: list[str] = strawberry.field(default_factory=list, description="Specialisms, as codes.")
    registration_number: str | None = strawberry.field(
        default=None, description="Where the member has a number already."
    )


@strawberry.input(description="A qualification that a member holds or works towards.")
class HoldingInput:
    """As in the register's declaration of a holding."""

    member_id: str = strawberry.field(description="The association's own id of the member.")
    qualification: str | None = strawberry.field(default=None, description="A listed one, as its code.")
    title: str | None = strawberry.field(default=None, description="The title, where it is not listed.")
    awarding_body: str | None = strawberry.field(default=None, description="Who awarded it.")
    framework: str | None = strawberry.field(default=None, description="The framework of its level.")
    level: str | None = strawberry.field(default=None, description="The level in that framework.")
    credits: int | None = strawberry.field(default=None, description="Its credits.")
    subject: str | None = strawberry.field(default=None, description="What it is in, as a code.")
    awarded_on: date | None = strawberry.field(default=None, description="When it was awarded.")
    expected_on: date | None = strawberry.field(default=None, description="When it is expected.")
    evidence_reference: str | None = strawberry.field(default=None, description="Where the evidence lies.")


@strawberry.input(description="An activity of CPD, done or planned.")
class CpdEntryInput:
    """As in the upsert of an entry."""

    number: str = strawberry.field(description="The member's registration number.")
    title: str = strawberry.field(description="What it was.")
    kind: str = strawberry.field(description="The type of activity, as a code.")
    done_on: date = strawberry.field(description="The last day.")
    hours: float = strawberry.field(description="How long, in hours with at most two decimals.")
    started_on: date | None = strawberry.field(default=None, description="The first day, where another.")
    status: str = strawberry.field(default="done", description="`done` or `planned`.")
    provider: str | None = strawberry.field(default=None, description="Who offered it.")
    approaches: list[str] = strawberry.field(default_factory=list, description="Learning approaches.")
    outcomes: list[str] = strawberry.field(default_factory=list, description="What was learnt, in words.")
    standards: list[str] = strawberry.field(default_factory=list, description="Competence standards.")
    specialisms: list[str] = strawberry.field(default_factory=list, description="Specialisms, as codes.")
    reflection: str | None = strawberry.field(default=None, description="What the member makes of it.")
    effect: str | None = strawberry.field(default=None, description="Its effect on practice.")


@strawberry.input(description="A member's commitment to CPD, in a wording of the alliance.")
class CommitmentInput:
    """As in the declaration of a commitment."""

    number: str = strawberry.field(description="The member's registration number.")
    wording_version: str = strawberry.field(description="Which wording was accepted.")
    committed_on: date = strawberry.field(description="When.")


def as_body(told: Any) -> dict[str, Any]:
    """Return an input as REST takes it; what was left out is left out."""
    body: dict[str, Any] = {}
    for field in fields(told):
        value = getattr(told, field.name)
        if value is None:
            continue
        if is_dataclass(value):
            value = as_body(value)
        body[field.name] = value.isoformat() if isinstance(value, date) else value
    return body
