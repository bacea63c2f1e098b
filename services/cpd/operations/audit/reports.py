"""What audits found: by year for everybody, and of one audit with exact bounds and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.cpd.domain.audit.draw import NoSuchAudit
from services.cpd.domain.audit.policy import AuditPolicy, audit_policy_on
from services.cpd.operations.audit.audits import AUDIT, policy_of
from services.cpd.operations.audit.proofs import ListNotFrozen
from services.cpd.storage.audit import audits, policies, reports
from services.cpd.storage.audit.reports import Outcomes
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.sampling import Advice, Estimate, advice, estimate, size_by_risk
from shared.suppression import shown

Line = tuple[int | str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Codes and counts, line by line; a count of None was suppressed."""

    name: str
    codes: tuple[str, ...]
    counts: tuple[str, ...]
    lines: tuple[tuple[Line, tuple[int | None, ...]], ...]
    least_count: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one stratum of an audit says of everybody in it; ``enough`` is the sample that risk would need."""

    outcomes: Outcomes
    size: int
    found: Estimate
    advice: Advice
    enough: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """What an audit found, with the confidence of each bound and the rate of failure that is tolerable."""

    audit_id: int
    policy: AuditPolicy
    strata: tuple[Result, ...]


async def outcomes_by_year(db: Database, *, actor: Actor, now: datetime) -> Report:
    """Return the outcomes of what was drawn at random; targeted cases are never counted here."""
    async with db.reading() as tx:
        found = await reports.by_year(tx)
        policy = audit_policy_on(await policies.published(tx), london_day(now))
    counted: list[tuple[Line, Sequence[int]]] = [
        ((each.year or 0, each.association), (each.met, each.failed, each.open, each.withdrawn))
        for each in found
    ]
    columns = ("met", "failed", "open", "withdrawn")
    return _report("audit-outcomes", ("year", "association"), columns, counted, policy, actor)


async def agreement(db: Database, *, actor: Actor, now: datetime) -> Report:
    """Return by year how often a second assessor was asked, and found the same or otherwise."""
    async with db.reading() as tx:
        found = await reports.agreement(tx)
        policy = audit_policy_on(await policies.published(tx), london_day(now))
    counted: list[tuple[Line, Sequence[int]]] = [
        ((each.year,), (each.agreed, each.asked - each.agreed)) for each in found
    ]
    return _report("audit-agreement", ("year",), ("agreed", "differed"), counted, policy, actor)


async def results(db: Database, *, audit_id: int, actor: Actor) -> Results:
    """Return what an audit says of everybody by association, as far as its cases are decided."""
    actor.require(AUDIT)
    async with db.reading() as tx:
        held = await audits.find(tx, audit_id)
        if held is None:
            raise NoSuchAudit(audit_id=audit_id)
        if held.freeze is None:
            raise ListNotFrozen
        policy = await policy_of(tx, held.policy_version)
        found = await reports.of_audit(tx, audit_id)
    strata = [_result(each, *held.freeze.sizes[each.association], policy) for each in found]
    return Results(audit_id=audit_id, policy=policy, strata=tuple(strata))


def _result(outcomes: Outcomes, population: int, size: int, policy: AuditPolicy) -> Result:
    found = estimate(
        population,
        decided=outcomes.met + outcomes.failed,
        failing=outcomes.failed,
        confidence=policy.confidence,
    )
    return Result(
        outcomes=outcomes,
        size=size,
        found=found,
        advice=advice(found, open_cases=outcomes.open, tolerable_rate=policy.tolerable_rate),
        enough=size_by_risk(population, tolerable_rate=policy.tolerable_rate, confidence=policy.confidence),
    )


def _report(
    name: str,
    codes: tuple[str, ...],
    columns: tuple[str, ...],
    counted: Sequence[tuple[Line, Sequence[int]]],
    policy: AuditPolicy,
    actor: Actor,
) -> Report:
    exact = actor.may(AUDIT)
    least = 0 if exact else policy.least_count
    return Report(
        name=name,
        codes=codes,
        counts=columns,
        lines=tuple((line, shown(counts, least=least)) for line, counts in counted),
        least_count=None if exact else policy.least_count,
    )
