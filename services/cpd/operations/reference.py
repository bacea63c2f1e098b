"""The shipped reference data and policies: loaded, looked up, listed; and a policy published for later."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from services.cpd.domain.audit.policy import AuditPolicy, parse_audit_policy
from services.cpd.domain.policy import Policy, parse_policy
from services.cpd.storage import policies
from services.cpd.storage import reference as entries
from services.cpd.storage.audit import policies as audit_policies
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Conflict, FieldError, Unprocessable
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SHIPPED = Path(__file__).parent.parent / "reference"
LOADER = Actor.system("reference")
Vocabulary = Mapping[str, frozenset[str]]
KINDS = (
    "sources",
    "activity_types",
    "learning_approaches",
    "competence_suites",
    "competence_standards",
    "specialisms",
    "commitment_wordings",
    "policies",
    "audit_policies",
)


class CpdPolicyVersionTaken(Conflict):
    """There is a CPD policy with version {version} already, and a published policy never changes: choose
    another version."""


class CpdPolicyStartsTooEarly(Unprocessable):
    """A CPD policy can be published from {first_possible} at the earliest, so that nobody is judged by a rule
    that they could not know."""


class CpdCodesNotKnown(Unprocessable):
    """Some codes are not in the reference data of CPD: each error lists what is allowed."""


async def load_reference(db: Database, *, now: datetime) -> None:
    """Bring the stored reference data and policies up to what is shipped; what is the same is left alone.

    Raises CpdPolicyVersionTaken when a shipped policy differs from the stored one of the same version.
    """
    async with db.transaction(LOADER) as tx:
        for kind in KINDS:
            shipped = _shipped(kind)
            await entries.save(tx, kind, shipped, record=_loaded(kind, len(shipped), now, LOADER))
        for listed in _shipped("policies"):
            policy = parse_policy(listed["policy"])
            record = _about("cpd-policy.loaded", policy, LOADER, now)
            if not await policies.save(tx, policy, record=record) and policy not in await policies.every(tx):
                raise CpdPolicyVersionTaken(version=policy.version)
        for listed in _shipped("audit_policies"):
            await _load_audit_policy(tx, parse_audit_policy(listed["policy"]), now=now)


async def vocabulary(tx: Transaction, *kinds: str) -> Vocabulary:
    """Return the codes of these kinds of reference data."""
    return {kind: frozenset(each["code"] for each in await entries.bodies(tx, kind)) for kind in kinds}


def check_codes(known: Vocabulary, given: Mapping[str, tuple[str, Sequence[str]]]) -> None:
    """Refuse codes that are not known; ``given`` leads from a kind to a pointer and its codes."""
    errors: list[FieldError] = []
    for kind, (pointer, codes) in given.items():
        allowed = f"This is not one of: {', '.join(sorted(known[kind]))}."
        errors += [
            FieldError(f"{pointer}/{place}", "not-known", allowed)
            for place, code in enumerate(codes)
            if code not in known[kind]
        ]
    if errors:
        raise CpdCodesNotKnown(errors=errors)


async def list_entries(db: Database, kind: str, *, after: str | None, limit: int) -> Page[Mapping[str, Any]]:
    """Return a page of a kind of reference data, with the source of each entry."""
    place = place_of(after, int, str)
    async with db.reading() as tx:
        rows = await entries.page(tx, kind, after=place and (place[0], place[1]), limit=limit + 1)
    page = page_of(rows, limit=limit, place=lambda row: (row[0], row[1]["code"]))
    return Page([body for _, body in page.items], page.next)


async def publish_policy(
    db: Database, once: Once, *, title: str, policy: Policy, actor: Actor, now: datetime
) -> Mapping[str, Any]:
    """Publish what CPD asks of a level from a later day on, and return it as it is listed."""
    actor.require("register:decide")
    entry = _listing(title, policy)
    async with db.transaction(actor, once) as tx:
        first_possible = london_day(now) + timedelta(days=1)
        if policy.effective_from < first_possible:
            raise CpdPolicyStartsTooEarly(first_possible=first_possible.isoformat())
        known = await vocabulary(tx, "activity_types", "competence_standards", "specialisms")
        # A theme is a standard or a specialism: no code is both.
        known = {**known, "themes": known["competence_standards"] | known["specialisms"]}
        asked = {"activity_types": ("/caps", list(policy.caps)), "themes": ("/themes", sorted(policy.themes))}
        check_codes(known, asked)
        if not await policies.save(tx, policy, record=_about("cpd-policy.published", policy, actor, now)):
            raise CpdPolicyVersionTaken(version=policy.version)
        # Listed after everything that is shipped, in the order of the days on which they begin.
        place = policy.effective_from.toordinal()
        await entries.save(tx, "policies", [entry], record=_loaded("policies", 1, now, actor), first=place)
        once.answer(entry)
    return entry


async def _load_audit_policy(tx: Transaction, policy: AuditPolicy, *, now: datetime) -> None:
    record = Record(
        actor=LOADER,
        at=now,
        event="audit-policy.loaded",
        subject=f"audit-policy:{policy.version}",
        facts={"effective_from": policy.effective_from.isoformat()},
    )
    written = await audit_policies.save(tx, policy, record=record)
    if not written and policy not in await audit_policies.published(tx):
        raise CpdPolicyVersionTaken(version=policy.version)


def _listing(title: str, policy: Policy) -> dict[str, Any]:
    return {
        "code": policy.version,
        "title": title,
        "policy": policy.as_dict(),
        "effective_from": policy.effective_from.isoformat(),
        "effective_to": None,
        "source": {"ref": policy.source},
    }


@cache
def _shipped(kind: str) -> tuple[dict[str, Any], ...]:
    """Return the shipped entries of a kind; sources are kept by their tag, as an object."""
    read = json.loads((SHIPPED / f"{kind}.json").read_text(encoding="utf-8"))
    if isinstance(read, dict):
        return tuple({"code": tag} | content for tag, content in read.items())
    return tuple(read)


def _loaded(kind: str, count: int, now: datetime, actor: Actor) -> Record:
    subject = f"reference:{kind}"
    return Record(actor=actor, at=now, event="reference.loaded", subject=subject, facts={"entries": count})


def _about(event: str, policy: Policy, actor: Actor, now: datetime) -> Record:
    facts = {
        "association": policy.association,
        "level": policy.level.value,
        "effective_from": policy.effective_from.isoformat(),
    }
    return Record(actor=actor, at=now, event=event, subject=f"cpd-policy:{policy.version}", facts=facts)
