"""Drafting the next edition of the directory, editing it, and publishing it: two registrars at least."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.register.domain.directory.edition import Edition, based_on, parse_edition
from services.register.domain.directory.publication import (
    DraftAlreadyThere,
    DraftVersionNotNamed,
    EditionAlreadyPublished,
    EditionCodeDiffers,
    Predecessor,
    check_publication,
)
from services.register.domain.directory.soundness import Known, check_soundness
from services.register.operations.directory.editions import SeenEdition, chosen, document
from services.register.storage import reference
from services.register.storage.directory import editions
from services.register.storage.directory.editions import Draft
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import NotFound
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of


class NoSuchDraft(NotFound):
    """There is no draft of an edition {code}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenDraft(Draft):
    """A draft as registrars see it: kept, only tried, or published already word for word."""

    state: Literal["kept", "tried", "published"] = "kept"


KnowsVersion = Callable[[SeenDraft | None], bool]
"""Says whether the caller named the version that stands, None where there is no draft; raises
ChangedSinceRead where they named another."""


async def draft_next(
    db: Database,
    once: Once,
    *,
    code: str,
    revision: int,
    published_in: str,
    actor: Actor,
    now: datetime,
) -> SeenDraft:
    """Begin the next edition with all that the latest one says."""
    actor.require("register:decide")
    async with db.transaction(actor, once) as tx:
        last = await chosen(tx, None)
        if await editions.find(tx, code) is not None:
            raise EditionAlreadyPublished(code=code)
        content = based_on(await document(tx, last), code=code, revision=revision, published_in=published_in)
        draft = _draft(code, content, (actor.subject,), now, based_on=last.code)
        facts = {"based_on": last.code}
        if not await editions.create_draft(tx, draft, record=_drafted(code, facts, actor, now)):
            raise DraftAlreadyThere(code=code)
        once.answer(draft)
    return draft


async def save(
    db: Database,
    *,
    code: str,
    content: Mapping[str, Any],
    knows_version: KnowsVersion,
    dry_run: bool,
    actor: Actor,
    now: datetime,
) -> tuple[SeenDraft, bool]:
    """Take in an edition as one document, and say whether its draft is new. The same again changes nothing.

    With ``dry_run`` everything is checked and nothing kept.
    """
    actor.require("register:decide")
    edition = parse_edition(content)
    if edition.code != code:
        raise EditionCodeDiffers(code=edition.code)
    async with db.transaction(actor) as tx:
        held = await editions.lock_draft(tx, code)
        check_soundness(edition, await _known(tx))
        published = await _published(tx, edition)
        if published is not None:
            return published, False
        if dry_run:
            tried = _draft(code, content, (), None, based_on=held.based_on if held else None, state="tried")
            return tried, held is None
        if held is None:
            knows_version(None)
            return await _create(tx, edition, actor=actor, now=now), True
        return await _replace(tx, held, edition, knows_version, actor=actor, now=now), False


async def publish(
    db: Database, once: Once, *, code: str, knows_version: KnowsVersion, actor: Actor, now: datetime
) -> SeenEdition:
    """Publish a draft that others worked on; from then on it answers, and it never changes."""
    actor.require("register:decide")
    async with db.transaction(actor, once) as tx:
        await editions.lock_publishing(tx)
        held = await editions.lock_draft(tx, code)
        if held is None:
            if await editions.find(tx, code) is not None:
                raise EditionAlreadyPublished(code=code)
            raise NoSuchDraft(code=code)
        knows_version(_seen(held))
        edition = parse_edition(held.document)
        check_soundness(edition, await _known(tx))
        check_publication(
            edition,
            worked_on_by=held.worked_on_by,
            by=actor.subject,
            latest=await _predecessor(tx),
            today=london_day(now),
        )
        record = published_record(edition, event="directory.published", actor=actor, now=now)
        await editions.publish(
            tx, edition, worked_on_by=held.worked_on_by, published_by=actor.subject, record=record
        )
        await editions.drop_draft(tx, code, record=record)
        shown = await chosen(tx, code)
        once.answer(shown)
    return shown


async def get(db: Database, *, code: str, actor: Actor) -> SeenDraft:
    """Return a draft."""
    actor.require("register:decide")
    async with db.reading() as tx:
        held = await editions.find_draft(tx, code)
    if held is None:
        raise NoSuchDraft(code=code)
    return _seen(held)


async def page(db: Database, *, actor: Actor, after: str | None, limit: int) -> Page[SeenDraft]:
    """Return the drafts that are being worked on, by their codes."""
    actor.require("register:decide")
    (last,) = place_of(after, str) or ("",)
    async with db.reading() as tx:
        found = await editions.page_of_drafts(tx, after=last, limit=limit + 1)
    return page_of([_seen(held) for held in found], limit=limit, place=lambda each: (each.code,))


def published_record(edition: Edition, *, event: str, actor: Actor, now: datetime) -> Record:
    """Return the journal record of an edition that begins to answer."""
    facts = {"revision": edition.revision, "courses": len(edition.courses)}
    subject = f"directory-edition:{edition.code}"
    return Record(actor=actor, at=now, event=event, subject=subject, facts=facts)


async def _create(tx: Transaction, edition: Edition, *, actor: Actor, now: datetime) -> SeenDraft:
    draft = _draft(edition.code, edition.document, (actor.subject,), now)
    record = _drafted(edition.code, {"based_on": None}, actor, now)
    if not await editions.create_draft(tx, draft, record=record):
        # Somebody else began it after we looked.
        raise DraftAlreadyThere(code=edition.code)
    return draft


async def _replace(
    tx: Transaction,
    held: Draft,
    edition: Edition,
    knows_version: KnowsVersion,
    *,
    actor: Actor,
    now: datetime,
) -> SeenDraft:
    if held.document == edition.document:
        return _seen(held)
    if not knows_version(_seen(held)):
        raise DraftVersionNotNamed
    by = tuple(dict.fromkeys((*held.worked_on_by, actor.subject)))
    draft = _draft(held.code, edition.document, by, now, based_on=held.based_on)
    facts = {"courses": len(edition.courses)}
    subject = f"directory-edition:{held.code}"
    record = Record(actor=actor, at=now, event="directory.draft-changed", subject=subject, facts=facts)
    await editions.replace_draft(tx, draft, record=record)
    return draft


async def _published(tx: Transaction, edition: Edition) -> SeenDraft | None:
    """Return the edition where it is published word for word; refuse where it says something else."""
    said = await editions.document(tx, edition.code)
    if said is None:
        return None
    if said != edition.document:
        raise EditionAlreadyPublished(code=edition.code)
    return _draft(edition.code, said, (), None, state="published")


async def _predecessor(tx: Transaction) -> Predecessor | None:
    latest = await editions.latest(tx)
    if latest is None:
        return None
    return Predecessor(code=latest.code, revision=latest.revision, published_in=latest.published_in)


async def _known(tx: Transaction) -> Known:
    """Return the codes of reference data that an edition may name."""

    async def codes(kind: str) -> frozenset[str]:
        return frozenset(entry["code"] for entry in await reference.bodies(tx, kind))

    return Known(
        regions=await codes("regions"),
        settings=await codes("settings"),
        qualifications=await codes("qualifications"),
        sources=await codes("sources"),
        frameworks={each["code"]: each["levels"] for each in await reference.bodies(tx, "frameworks")},
    )


def _draft(
    code: str,
    content: Mapping[str, Any],
    worked_on_by: tuple[str, ...],
    changed_at: datetime | None,
    *,
    based_on: str | None = None,
    state: Literal["kept", "tried", "published"] = "kept",
) -> SeenDraft:
    return SeenDraft(
        code=code,
        document=content,
        based_on=based_on,
        worked_on_by=worked_on_by,
        changed_at=changed_at,
        state=state,
    )


def _seen(held: Draft) -> SeenDraft:
    return _draft(held.code, held.document, tuple(held.worked_on_by), held.changed_at, based_on=held.based_on)


def _drafted(code: str, facts: Mapping[str, Any], actor: Actor, now: datetime) -> Record:
    subject = f"directory-edition:{code}"
    return Record(actor=actor, at=now, event="directory.drafted", subject=subject, facts=facts)
