"""Asking the database whether every invariant holds; a sound one answers with nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.kitemark.storage import integrity
from services.kitemark.storage.awards import integrity as awards
from services.kitemark.storage.integrity import MOST_ROWS
from services.kitemark.storage.joined.integrity import QUESTIONS as OF_JOINED
from services.kitemark.storage.policing.integrity import QUESTIONS as OF_POLICING
from services.kitemark.storage.providers.integrity import QUESTIONS as OF_PROVIDERS
from shared.database import Database, Transaction
from shared.journal import GENESIS

BATCH = 1000
GAP = "a gap in the journal"
CHANGED = "a journal line that was changed"
EVERYTHING = (
    *integrity.of_facts("validations", "authorities", "awards", "standing_proposals"),
    *integrity.of_facts("moderations", "moderation_cases", "concerns"),
    *awards.QUESTIONS,
    *OF_POLICING,
    *OF_PROVIDERS,
    *OF_JOINED,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One row that should not be there."""

    invariant: str
    name: str
    row: str


async def check(db: Database) -> Sequence[Finding]:
    """Return what is wrong, at most a few rows for each question."""
    async with db.reading() as tx:
        findings = [
            Finding(invariant=question.invariant, name=question.name, row=row)
            for question in EVERYTHING
            for row in await integrity.ask(tx, question)
        ]
        return [*findings, *await _broken_chain(tx)]


async def _broken_chain(tx: Transaction) -> Sequence[Finding]:
    """Follow the journal from its first line: no gap, and each line carries the digest of the one before."""
    findings: list[Finding] = []
    position, previous = 0, GENESIS
    while lines := await integrity.journal_lines(tx, after=position, limit=BATCH):
        for line in lines:
            if line.position != position + 1:
                findings.append(Finding(invariant="I6", name=GAP, row=f"after {position}"))
            elif line.previous != previous:
                findings.append(Finding(invariant="I6", name=CHANGED, row=f"line {position}"))
            position, previous = line.position, line.digest()
        if len(findings) >= MOST_ROWS:
            break
    return findings[:MOST_ROWS]
