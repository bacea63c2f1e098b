"""Moderations and their cases, as they are sent and shown."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.kitemark.domain.policing.case import CaseState, CaseStep
from services.kitemark.domain.policing.moderation import ModerationState
from services.kitemark.operations.policing.cases import SeenCase
from services.kitemark.operations.policing.moderations import Announced, Proof, SeenModeration
from services.kitemark.routes.axes import Instant
from services.kitemark.routes.fields import Body, Code, Line, NumberText, Sentence
from shared.draw import SeedKind, SeedSource

Said = Annotated[Sentence, Field(min_length=1)]


class SeedSourceIn(Body):
    """Where the seed will come from, such as a round of a public beacon, and when."""

    kind: SeedKind
    where: Annotated[Line, Field(min_length=1)]
    expected_at: Instant


class ModerationIn(Body):
    """Whose awards are moderated, by which other body, and the source of the seed."""

    body: Code
    moderator: Code
    seed_source: SeedSourceIn

    def announced(self) -> Announced:
        """Return what is announced."""
        source = self.seed_source
        return Announced(
            body=self.body,
            moderator=self.moderator,
            source=SeedSource(kind=source.kind, where=source.where, expected_at=source.expected_at),
        )


class SeedIn(Body):
    """The seed as it was published, and when it came into being."""

    seed: Annotated[str, Field(max_length=2000)]
    born_at: Instant


class CancellingIn(Body):
    """Why it is cancelled, for everybody to read."""

    reason: Said


class SeedSourceOut(BaseModel):
    """Where the seed comes from and when."""

    kind: SeedKind
    where: str
    expected_at: datetime


class ModerationOut(BaseModel):
    """A moderation: `size` of `population` awards are drawn from the list whose digest is `list_hash`."""

    id: int
    body: str
    moderator: str
    year: int
    state: ModerationState
    tied_bodies: list[str]
    policy_version: str
    seed_source: SeedSourceOut
    list_hash: str
    frozen_at: datetime
    population: int
    size: int
    seed: str | None
    seed_born_at: datetime | None
    cancel_reason: str | None

    @classmethod
    def of(cls, held: SeenModeration) -> "ModerationOut":
        """Return it as anybody sees it."""
        told = held.moderation
        return cls(
            id=held.id,
            body=told.body,
            moderator=told.moderator,
            year=told.year,
            state=told.state,
            tied_bodies=list(told.ties),
            policy_version=told.policy,
            seed_source=SeedSourceOut(
                kind=told.source.kind, where=told.source.where, expected_at=told.source.expected_at
            ),
            list_hash=told.list_hash,
            frozen_at=told.frozen_at,
            population=told.population,
            size=told.size,
            seed=told.seed,
            seed_born_at=told.seed_born_at,
            cancel_reason=told.cancel_reason,
        )


class ModerationPage(BaseModel):
    """Some moderations, and the cursor of the next page."""

    items: list[ModerationOut]
    next: str | None


class StratumOut(BaseModel):
    """How many of how many are drawn."""

    population: int
    size: int


class ModerationProofOut(BaseModel):
    """Everything that is needed to draw again. `awards` leads from the names of awards to their body."""

    moderation_id: int
    seed: str | None
    list_hash: str
    frozen_at: datetime
    strata: dict[str, StratumOut]
    awards: dict[str, list[str]]

    @classmethod
    def of(cls, proof: Proof) -> "ModerationProofOut":
        """Return the proof as anybody sees it."""
        told = proof.held.moderation
        return cls(
            moderation_id=proof.held.id,
            seed=told.seed,
            list_hash=told.list_hash,
            frozen_at=told.frozen_at,
            strata={told.body: StratumOut(population=told.population, size=told.size)},
            awards={each: [told.body] for each in proof.listed},
        )


class FindingIn(Body):
    """What an assessor of the moderating body found, why, and their registration number.

    `no_response` is said once the days for a response have passed without one.
    """

    finding: Literal[CaseStep.AGREE, CaseStep.DISAGREE, CaseStep.MORE_EVIDENCE, CaseStep.NO_RESPONSE]
    reasons: Said
    number: NumberText


class ResponseIn(Body):
    """What the body says to a finding, or where the evidence is that was asked for."""

    response: Said


class ModerationCaseOut(BaseModel):
    """An award that was drawn, as its body and its moderator see it.

    `number` is the registration number of whoever found last; `due_on` the last day for the body's response.
    """

    id: int
    moderation: int
    award: str
    body: str
    moderator: str
    place: int
    state: CaseState
    number: str | None
    reasons: str | None
    response: str | None
    due_on: date | None
    closed_on: date | None

    @classmethod
    def of(cls, held: SeenCase) -> "ModerationCaseOut":
        """Return it as both sides see it."""
        same = {
            name: getattr(held.case, name) for name in cls.model_fields if name not in ("id", "moderation")
        }
        return cls(id=held.id, moderation=held.moderation, **same)


class ModerationCasePage(BaseModel):
    """Some cases, and the cursor of the next page."""

    items: list[ModerationCaseOut]
    next: str | None
