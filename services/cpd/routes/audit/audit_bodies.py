"""Audits as they are announced, shown and proved."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from services.cpd.domain.audit.draw import AuditState, Exclusion
from services.cpd.operations.audit.audits import Announcement, Notified, SeenAudit
from services.cpd.routes.fields import Body, Code, Instant, Line, Sentence
from shared.draw import SeedKind, SeedSource
from shared.sampling import SizeRule

MOST_DRAWN = 10_000_000


def _written_as_share(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("share", "A share is a number such as 0.025.")
    share = Decimal(str(value))
    if not share.is_finite() or abs(share) > 1 or share != round(share, 6):
        raise PydanticCustomError("share", "A share lies between 0 and 1 and has at most six decimals.")
    return share


Rate = Annotated[Decimal, BeforeValidator(_written_as_share), Field(gt=0, le=1)]
Share = Annotated[Decimal, BeforeValidator(_written_as_share), Field(gt=0, lt=1)]


class StratumIn(Body):
    """An association whose members are drawn from: at its declared rate, unless a size is set otherwise.

    By `tolerable_rate` and `confidence` so many are drawn that a larger rate of failure would show.
    """

    association: Code
    rate: Rate | None = None
    size: Annotated[int, Field(ge=1, le=MOST_DRAWN, strict=True)] | None = None
    tolerable_rate: Share | None = None
    confidence: Share | None = None

    def read(self) -> tuple[str, SizeRule | None]:
        """Return the association and how its size is set, None where at its declared rate."""
        values = (self.rate, self.size, self.tolerable_rate, self.confidence)
        if all(each is None for each in values):
            return self.association, None
        return self.association, SizeRule(
            rate=self.rate,
            size=self.size,
            tolerable_rate=self.tolerable_rate,
            confidence=self.confidence,
        )


class AnnouncementIn(Body):
    """An audit. `seed_where` names the beacon and its round, or where and before whom dice are thrown."""

    title: Annotated[Line, Field(min_length=1)]
    seed_source: SeedKind
    seed_where: Annotated[Line, Field(min_length=1)]
    seed_expected_at: Instant
    strata: Annotated[list[StratumIn], Field(min_length=1, max_length=100)]

    def read(self) -> Announcement:
        """Return what is announced; raises OneWayToSetTheSize."""
        return Announcement(
            title=self.title,
            source=SeedSource(
                kind=self.seed_source, where=self.seed_where, expected_at=self.seed_expected_at
            ),
            strata=[each.read() for each in self.strata],
        )


class SeedIn(Body):
    """The seed as it came from its source, and when it came into being."""

    seed: Annotated[str, Field(max_length=2000)]
    born_at: Instant


class CancellationIn(Body):
    """Why an audit is not drawn; everybody can read it."""

    reason: Annotated[Sentence, Field(min_length=1)]


class StratumOut(BaseModel):
    """A stratum: how its size is set, and population and size once the list is frozen."""

    association: str
    rate: float | None
    tolerable_rate: float | None
    confidence: float | None
    population: int | None
    size: int | None


class AuditOut(BaseModel):
    """An audit as everybody can see it; null for what is not there yet.

    `excluded` counts by reason who was left out of the list; a count that is not there is nought.
    """

    id: int
    title: str
    state: AuditState
    seed_source: SeedKind
    seed_where: str
    seed_expected_at: datetime
    policy_version: str
    announced_at: datetime
    frozen_at: datetime | None
    register_position: int | None
    list_hash: str | None
    people: int | None
    excluded: dict[Exclusion, int] | None
    seed: str | None
    seed_born_at: datetime | None
    drawn_at: datetime | None
    cancel_reason: str | None
    strata: list[StratumOut]

    @classmethod
    def of(cls, held: SeenAudit) -> "AuditOut":
        """Return the audit as it is shown."""
        freeze, seed = held.freeze, held.seed
        return cls(
            id=held.id,
            title=held.title,
            state=held.state,
            seed_source=held.source.kind,
            seed_where=held.source.where,
            seed_expected_at=held.source.expected_at,
            policy_version=held.policy_version,
            announced_at=held.announced_at,
            frozen_at=freeze.frozen_at if freeze else None,
            register_position=freeze.register_position if freeze else None,
            list_hash=freeze.list_hash if freeze else None,
            people=freeze.people if freeze else None,
            excluded={Exclusion(why): many for why, many in freeze.excluded.items()} if freeze else None,
            seed=seed.seed if seed else None,
            seed_born_at=seed.born_at if seed else None,
            drawn_at=held.drawn_at,
            cancel_reason=held.cancel_reason,
            strata=[_stratum(each, rule, held) for each, rule in held.rules.items()],
        )


class AuditPage(BaseModel):
    """Some audits, and the cursor of the next page."""

    items: list[AuditOut]
    next: str | None


class NotifiedOut(BaseModel):
    """How many were given notice now, and the last day for their packs."""

    audit_id: int
    cases: int
    due_on: date

    @classmethod
    def of(cls, notified: Notified) -> "NotifiedOut":
        """Return the notice as it is shown."""
        return cls(audit_id=notified.audit.id, cases=notified.cases, due_on=notified.due_on)


def _stratum(association: str, rule: SizeRule, held: SeenAudit) -> StratumOut:
    population, size = held.freeze.sizes[association] if held.freeze else (None, rule.size)
    return StratumOut(
        association=association,
        rate=None if rule.rate is None else float(rule.rate),
        tolerable_rate=None if rule.tolerable_rate is None else float(rule.tolerable_rate),
        confidence=None if rule.confidence is None else float(rule.confidence),
        population=population,
        size=size,
    )
