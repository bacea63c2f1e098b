"""Asking the database whether every invariant holds; a sound one answers with nothing."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.register.domain.facts import Facts
from services.register.operations import names_to_search
from services.register.operations.directory.integrity import STRAYED, strayed_editions
from services.register.operations.public_entries import computed, facts_around
from services.register.storage import integrity, public_entries
from services.register.storage.conduct import integrity as conduct
from services.register.storage.cpd_outcomes import integrity as cpd_outcomes
from services.register.storage.directory import integrity as directory
from services.register.storage.entry_routes import integrity as entry_routes
from services.register.storage.finding import integrity as finding
from services.register.storage.finding import search_names
from services.register.storage.integrity import MOST_ROWS
from services.register.storage.matching import integrity as matching
from services.register.storage.posts import integrity as posts
from services.register.storage.renewal import integrity as renewal
from services.register.storage.rights import integrity as rights
from shared.database import Database, Transaction
from shared.journal import GENESIS

BATCH = 1000
SAMPLE = 1000
GAP = "a gap in the journal"
CHANGED = "a journal line that was changed"
STALE = "a public entry that differs from the facts"
STALE_NAME = "a name to search that differs from what is recorded"
EVERYTHING = (
    *integrity.QUESTIONS,
    *directory.QUESTIONS,
    *entry_routes.QUESTIONS,
    *matching.QUESTIONS,
    *posts.QUESTIONS,
    *rights.QUESTIONS,
    *conduct.QUESTIONS,
    *renewal.QUESTIONS,
    *finding.QUESTIONS,
    *cpd_outcomes.QUESTIONS,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One row that should not be there."""

    invariant: str
    name: str
    row: str


async def check(db: Database, *, now: datetime, everybody: bool = False) -> Sequence[Finding]:
    """Return what is wrong, at most a few rows for each question.

    Public entries are computed anew for a random thousand people, or for ``everybody``.
    """
    async with db.reading() as tx:
        return await check_within(tx, now=now, everybody=everybody)


async def check_within(tx: Transaction, *, now: datetime, everybody: bool = False) -> Sequence[Finding]:
    """Return what is wrong as one transaction sees it."""
    await integrity.take_time(tx)
    findings = [
        Finding(invariant=question.invariant, name=question.name, row=row)
        for question in EVERYTHING
        for row in await integrity.ask(tx, question)
    ]
    return [
        *findings,
        *[Finding(invariant="I20", name=STRAYED, row=code) for code in await strayed_editions(tx)],
        *await _broken_chain(tx),
        *await _stale_entries(tx, now=now, everybody=everybody),
    ]


async def _broken_chain(tx: Transaction) -> Sequence[Finding]:
    """Follow the journal from its first line: no gap, and each line carries the digest of the one before."""
    findings: list[Finding] = []
    position, previous = 0, GENESIS
    while lines := await integrity.journal_lines(tx, after=position, limit=BATCH):
        for line in lines:
            if line.position != position + 1:
                findings.append(_of_journal(GAP, f"after {position}"))
            elif line.previous != previous:
                findings.append(_of_journal(CHANGED, f"line {position}"))
            position, previous = line.position, line.digest()
        if len(findings) >= MOST_ROWS:
            break
    return findings[:MOST_ROWS]


async def _stale_entries(tx: Transaction, *, now: datetime, everybody: bool) -> Sequence[Finding]:
    findings: list[Finding] = []
    async for ids in _batches(tx, everybody=everybody):
        facts = await facts_around(tx, ids, now=now)
        findings += await _stale_names(tx, facts)
        wanted = {entry.person_id: entry for entry in computed(facts)}
        stored = {entry.person_id: entry for entry in await public_entries.stored(tx, list(wanted))}
        findings += [
            Finding(invariant="I20", name=STALE, row=entry.number)
            for person_id, entry in wanted.items()
            if person_id in stored and stored[person_id] != entry
        ]
        if len(findings) >= MOST_ROWS:
            break
    return findings[:MOST_ROWS]


async def _stale_names(tx: Transaction, facts: Mapping[int, Facts]) -> Sequence[Finding]:
    """Compare the names by which people are found with what they have to be."""
    different = {*await names_to_search.computed(tx, facts)} ^ {*await search_names.stored(tx, facts)}
    return [
        Finding(invariant="I20", name=STALE_NAME, row=number)
        for number in sorted({each.number for each in different})
    ]


async def _batches(tx: Transaction, *, everybody: bool) -> AsyncIterator[Sequence[int]]:
    if not everybody:
        yield await integrity.some_person_ids(tx, limit=SAMPLE)
        return
    after = 0
    while ids := await integrity.person_ids(tx, after=after, limit=BATCH):
        yield ids
        after = ids[-1]


def _of_journal(name: str, row: str) -> Finding:
    return Finding(invariant="I6", name=name, row=row)
