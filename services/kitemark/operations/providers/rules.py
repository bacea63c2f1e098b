"""What providers are judged by, published by the panel: standards, circumstances, and requirement rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.kitemark.domain.providers.access import PANEL
from services.kitemark.domain.providers.provider import PUBLICLY_FUNDED, SECTOR, SOLE_TRADER, Sector
from services.kitemark.domain.providers.rule import Rule, RuleNotUnderstood, read_rule
from services.kitemark.operations.providers.accreditations import StandardNotKnown
from services.kitemark.storage import reference
from services.kitemark.storage.providers import holds
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Conflict, Unprocessable
from shared.idempotency import Once
from shared.journal import Record

KIND = "requirement_rules"
STANDARDS, CIRCUMSTANCES = "provider_standards", "provider_circumstances"
# Listed after everything that is shipped, by code.
ADDED = 1_000


class RequirementRuleVersionTaken(Conflict):
    """There is a requirement rule with version {version} already, and a published one never changes: choose
    another version."""


class RequirementRuleStartsTooEarly(Unprocessable):
    """A requirement rule can be published from {first_possible} at the earliest, so that nobody is judged by
    a rule that they could not know."""


class ProviderCodeTaken(Conflict):
    """There is an entry with the code {code} already, and it never changes: take another."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TitledRule:
    """A rule as it is published: ``entry`` is what is listed of it."""

    rule: Rule
    entry: Mapping[str, Any]


def titled(entry: Mapping[str, Any]) -> TitledRule:
    """Return the rule that an entry describes; raises RuleNotUnderstood."""
    return TitledRule(rule=read_rule(entry), entry=entry)


async def publish(
    db: Database, once: Once, *, told: TitledRule, actor: Actor, now: datetime
) -> Mapping[str, Any]:
    """Publish a version of a rule from a later day on, and return it as it is listed."""
    actor.require(PANEL)
    rule = told.rule
    async with db.transaction(actor, once) as tx:
        await holds.hold(tx, "requirement-rules", [KIND])
        first_possible = london_day(now) + timedelta(days=1)
        if rule.effective_from < first_possible:
            raise RequirementRuleStartsTooEarly(first_possible=first_possible.isoformat())
        await _check(tx, rule)
        if await reference.find(tx, KIND, rule.version) is not None:
            raise RequirementRuleVersionTaken(version=rule.version)
        # Listed after everything that is shipped, in the order of the days on which they begin.
        place = rule.effective_from.toordinal()
        await reference.save(tx, KIND, [told.entry], record=_about(rule, actor, now), first=place)
        once.answer(told.entry)
    return told.entry


async def add(
    db: Database, once: Once, *, kind: str, entry: Mapping[str, Any], actor: Actor, now: datetime
) -> Mapping[str, Any]:
    """Add a standard or a circumstance to what is known, and return it as it is listed."""
    actor.require(PANEL)
    code = entry["code"]
    async with db.transaction(actor, once) as tx:
        await holds.hold(tx, "requirement-rules", [KIND])
        if await reference.find(tx, kind, code) is not None:
            raise ProviderCodeTaken(code=code)
        record = Record(
            actor=actor,
            at=now,
            event="provider-reference.added",
            subject=f"reference:{kind}",
            facts={"code": code},
        )
        await reference.save(tx, kind, [entry], record=record, first=ADDED)
        once.answer(entry)
    return entry


async def _check(tx: Transaction, rule: Rule) -> None:
    """Refuse a standard or a claim that is not known."""
    if await reference.find(tx, STANDARDS, rule.standard) is None:
        raise StandardNotKnown(standard=rule.standard)
    circumstances = await reference.bodies(tx, CIRCUMSTANCES)
    unknown = _unknown(rule, [entry["code"] for entry in circumstances])
    if unknown:
        raise RuleNotUnderstood(reason=f"nothing tells of {', '.join(unknown)}")


def _unknown(rule: Rule, circumstances: Sequence[str]) -> list[str]:
    known = {PUBLICLY_FUNDED, SOLE_TRADER, *(f"{SECTOR}{sector}" for sector in Sector), *circumstances}
    return sorted({claim.name for case in rule.cases for claim in case} - known)


def _about(rule: Rule, actor: Actor, now: datetime) -> Record:
    facts = {
        "rule": rule.rule,
        "standard": rule.standard,
        "severity": rule.severity.value,
        "effective_from": rule.effective_from.isoformat(),
    }
    subject = f"requirement-rule:{rule.version}"
    return Record(actor=actor, at=now, event="requirement-rule.published", subject=subject, facts=facts)
