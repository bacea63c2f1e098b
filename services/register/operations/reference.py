"""The shipped reference data and policies: loaded, looked up, listed; and a policy published for later."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from services.register.domain.conduct.policy import ConductPolicy, parse_conduct_policy
from services.register.domain.matching.policy import MatchPolicy, parse_match_policy
from services.register.domain.policy import (
    EntryPolicy,
    LicencePolicy,
    Threshold,
    parse_entry_policy,
    parse_licence_policy,
)
from services.register.operations.directory.shipped import load_editions
from services.register.operations.entry_routes import suites
from services.register.operations.shipped import shipped
from services.register.storage import policies
from services.register.storage import reference as entries
from services.register.storage.conduct import policies as conduct_policies
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Conflict, FieldError, Unprocessable
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

AnyPolicy = TypeVar("AnyPolicy", EntryPolicy, LicencePolicy, MatchPolicy, ConductPolicy)
LOADER = Actor.system("reference")
KINDS = (
    "sources",
    "associations",
    "frameworks",
    "level_equivalences",
    "higher_education_cycles",
    "qualifications",
    "specialisms",
    "home_countries",
    "regions",
    "settings",
    "languages",
    "client_groups",
    "roles",
    "career_frameworks",
    "membership_levels",
    "codes_of_ethics",
    "entry_policies",
    "licence_policies",
    "match_policies",
    "retention_policies",
    "joining_policies",
    "report_policies",
    "schemes",
    "conduct_policies",
    "cpd_outcome_policies",
)


class PolicyVersionTaken(Conflict):
    """There is a policy with version {version} already, and a published policy never changes: choose
    another version."""


class PolicyStartsTooEarly(Unprocessable):
    """A policy can be published from {first_possible} at the earliest, so that nobody is judged by a rule
    that they could not know."""


class TransitionToAnUnknownPolicy(Unprocessable):
    """The transition is judged by {judged_by}, and there is no policy of that version that begins earlier."""


class FrameworkOrLevelUnknown(Unprocessable):
    """A threshold names a framework or a level that the register does not know: see errors for each."""


async def load_reference(db: Database, *, now: datetime) -> None:
    """Bring the stored reference data and policies up to what is shipped; what is the same is left alone.

    Raises PolicyVersionTaken when a shipped policy differs from the stored one of the same version, and
    EditionAlreadyPublished when a shipped edition of the directory differs from the published one.
    """
    async with db.transaction(LOADER) as tx:
        for kind in KINDS:
            loaded = shipped(kind)
            if kind == "entry_policies":
                published = {policy.version for policy in await policies.entry_policies(tx)}
                loaded = tuple(each for each in loaded if _is_newer(each, published))
            if loaded:
                await entries.save(tx, kind, loaded, record=_loaded(kind, len(loaded), now))
        for policy in _adopted("entry_policies"):
            await _load_entry_policy(tx, parse_entry_policy(policy), now=now)
        for policy in _adopted("licence_policies"):
            await _load_licence_policy(tx, parse_licence_policy(policy), now=now)
        for policy in _adopted("match_policies"):
            await _load_match_policy(tx, parse_match_policy(policy), now=now)
        await load_editions(tx, actor=LOADER, now=now)
        await suites.load(tx, actor=LOADER, now=now)
        for policy in _adopted("conduct_policies"):
            await _load_conduct_policy(tx, parse_conduct_policy(policy), now=now)


async def known_codes(tx: Transaction, kind: str) -> frozenset[str]:
    """Return the codes of a kind of reference data."""
    return frozenset(entry["code"] for entry in await entries.bodies(tx, kind))


async def codes_by_name(tx: Transaction, kind: str) -> Mapping[str, str]:
    """Return the code for every code, title and alias of a kind, written in case-folded letters."""
    listed = await entries.bodies(tx, kind)
    names = {
        name.casefold(): entry["code"]
        for entry in listed
        for name in (entry.get("title"), *entry.get("aliases", ()))
        if name
    }
    # A code is never hidden by another entry's alias.
    return names | {entry["code"].casefold(): entry["code"] for entry in listed}


async def find(tx: Transaction, kind: str, code: str) -> Mapping[str, Any] | None:
    """Return an entry as it is listed, or None."""
    return await entries.find(tx, kind, code)


async def list_entries(db: Database, kind: str, *, after: str | None, limit: int) -> Page[Mapping[str, Any]]:
    """Return a page of a kind of reference data, with the source of each entry."""
    place = place_of(after, int, str)
    async with db.reading() as tx:
        rows = await entries.page(tx, kind, after=place and (place[0], place[1]), limit=limit + 1)
    page = page_of(rows, limit=limit, place=lambda row: (row[0], row[1]["code"]))
    return Page([body for _, body in page.items], page.next)


async def publish_entry_policy(
    db: Database, once: Once, *, title: str, policy: EntryPolicy, actor: Actor, now: datetime
) -> Mapping[str, Any]:
    """Publish the conditions of entry that hold from a later day, and return them as they are listed."""
    entry = _listing(title, policy)
    async with db.transaction(actor, once) as tx:
        first_possible = london_day(now) + timedelta(days=1)
        if policy.effective_from < first_possible:
            raise PolicyStartsTooEarly(first_possible=first_possible.isoformat())
        await _check_thresholds(tx, policy)
        _check_transition(policy, await policies.entry_policies(tx))
        record = _about("policy.published", f"entry-policy:{policy.version}", policy, actor, now)
        if not await policies.save_entry_policy(tx, policy, record=record):
            raise PolicyVersionTaken(version=policy.version)
        # Listed after everything that is shipped, in the order of the days on which they begin.
        place = policy.effective_from.toordinal()
        await entries.save(
            tx, "entry_policies", [entry], record=_loaded("entry_policies", 1, now, actor), first=place
        )
        once.answer(entry)
    return entry


async def _load_entry_policy(tx: Transaction, policy: EntryPolicy, *, now: datetime) -> None:
    record = _about("policy.loaded", f"entry-policy:{policy.version}", policy, LOADER, now)
    if not await policies.save_entry_policy(tx, policy, record=record):
        _check_same(policy, await policies.entry_policies(tx))


async def _load_licence_policy(tx: Transaction, policy: LicencePolicy, *, now: datetime) -> None:
    record = _about("policy.loaded", f"licence-policy:{policy.version}", policy, LOADER, now)
    if not await policies.save_licence_policy(tx, policy, record=record):
        _check_same(policy, await policies.licence_policies(tx))


async def _load_match_policy(tx: Transaction, policy: MatchPolicy, *, now: datetime) -> None:
    record = _about("policy.loaded", f"match-policy:{policy.version}", policy, LOADER, now)
    if not await policies.save_match_policy(tx, policy, record=record):
        _check_same(policy, await policies.match_policies(tx))


async def _load_conduct_policy(tx: Transaction, policy: ConductPolicy, *, now: datetime) -> None:
    record = _about("policy.loaded", f"conduct-policy:{policy.version}", policy, LOADER, now)
    if not await conduct_policies.save(tx, policy, record=record):
        _check_same(policy, await conduct_policies.published(tx))


def _check_same(policy: AnyPolicy, stored: Sequence[AnyPolicy]) -> None:
    """Refuse to run on, when a version means one thing in the files and another in the database."""
    if policy not in stored:
        raise PolicyVersionTaken(version=policy.version)


async def _check_thresholds(tx: Transaction, policy: EntryPolicy) -> None:
    """Refuse thresholds that no holding can ever meet, such as a level that its framework has not."""
    frameworks = {each["code"]: each["levels"] for each in await entries.bodies(tx, "frameworks")}
    thresholds = [
        (f"/levels/{place}/thresholds/{number}", threshold)
        for place, rule in enumerate(policy.levels)
        for number, threshold in enumerate(rule.thresholds)
    ] + [
        (f"/scopes/{place}/thresholds/{number}", threshold)
        for place, scope_rule in enumerate(policy.scopes)
        for number, threshold in enumerate(scope_rule.thresholds)
    ]
    errors = [error for each in thresholds if (error := _unknown(*each, frameworks))]
    if errors:
        raise FrameworkOrLevelUnknown(errors=errors)


def _check_transition(policy: EntryPolicy, known: Sequence[EntryPolicy]) -> None:
    """Refuse a transition to rules that nobody can look up, or that are not the earlier ones."""
    if policy.transition is None:
        return
    earlier = {each.version for each in known if each.effective_from < policy.effective_from}
    if policy.transition.judged_by not in earlier:
        raise TransitionToAnUnknownPolicy(judged_by=policy.transition.judged_by)


def _unknown(
    pointer: str, threshold: Threshold, frameworks: Mapping[str, Sequence[str]]
) -> FieldError | None:
    if threshold.framework not in frameworks:
        known = ", ".join(sorted(frameworks))
        return FieldError(f"{pointer}/framework", "unknown-framework", f"The frameworks are {known}.")
    levels = frameworks[threshold.framework]
    if not threshold.levels <= set(levels):
        known = f"The levels of {threshold.framework} are {', '.join(levels)}."
        return FieldError(f"{pointer}/levels", "unknown-level", known)
    return None


def _listing(title: str, policy: EntryPolicy) -> dict[str, Any]:
    return {
        "code": policy.version,
        "title": title,
        "status": "adopted",
        "policy": policy.as_dict(),
        "frameworks_without_threshold": [],
        "effective_from": policy.effective_from.isoformat(),
        "effective_to": None,
        "source": {"ref": policy.source},
    }


def _adopted(kind: str) -> list[Mapping[str, Any]]:
    return [each["policy"] for each in shipped(kind) if each["status"] == "adopted"]


def _is_newer(listed: Mapping[str, Any], published: set[str]) -> bool:
    """Tell a shipped listing from a mere proposal that has been published meanwhile."""
    return listed["status"] == "adopted" or listed["code"] not in published


def _loaded(kind: str, count: int, now: datetime, actor: Actor = LOADER) -> Record:
    subject = f"reference:{kind}"
    return Record(actor=actor, at=now, event="reference.loaded", subject=subject, facts={"entries": count})


def _about(event: str, subject: str, policy: AnyPolicy, actor: Actor, now: datetime) -> Record:
    facts = {"effective_from": policy.effective_from.isoformat()}
    return Record(actor=actor, at=now, event=event, subject=subject, facts=facts)
