"""Checking all three strands at once, of a school with everybody who works there, under one receipt."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.gateway.domain.assurance import Strand
from services.gateway.domain.checks.check import Check, CheckKind
from services.gateway.domain.checks.policy import told_from
from services.gateway.domain.checks.strands import summary_of
from services.gateway.operations.assurance import Asks, StrandOf, assure
from services.gateway.operations.checks.checks import Notary, checker_of, keep, policy_on, signed
from shared.actor import Actor
from shared.clock import london_day, rfc3339
from shared.database import Database
from shared.idempotency import Once


@dataclass(frozen=True, kw_only=True, slots=True)
class AssuranceQuestion:
    """What is to be assured, what for, and of which day and instant."""

    purpose: str
    school: str | None = None
    adviser: str | None = None
    provider: str | None = None
    valid_at: date | None = None
    known_at: datetime | None = None


async def check_assurance(
    db: Database,
    question: AssuranceQuestion,
    *,
    asks: Asks,
    notary: Notary,
    actor: Actor,
    once: Once,
    now: datetime,
) -> Check:
    """Ask the services about the strands, keep what they said for good and return it with its receipt.

    A service that is away leaves its strand unknown, and the receipt says so: nobody can later read it as
    more than was known. Raises PurposeOfCheckNotKnown, NothingToAssure, NoSuchSchoolNumber.
    """
    policy = policy_on(now)
    purpose = policy.purpose(question.purpose)
    found = await assure(
        asks,
        day=question.valid_at or london_day(now),
        school=question.school,
        adviser=question.adviser,
        provider=question.provider,
    )
    strands = [_told(each) for each in found.strands]
    check = signed(
        notary,
        kind=CheckKind.ASSURANCE,
        checker=checker_of(actor),
        purpose=question.purpose,
        subjects=tuple(_advisers(found.strands)),
        told_from=told_from(purpose, made_at=now),
        asked=_asked(question, policy.version),
        said=summary_of(strands, overall=found.overall.value, policy=found.policy.version),
        positions=_positions(found.strands),
        rows=strands,
        now=now,
    )
    await keep(db, check, notary=notary, actor=actor, once=once, now=now)
    return check


def _advisers(strands: Sequence[StrandOf]) -> Sequence[str]:
    """Return the numbers that were found to be somebody's, so that these people can be told."""
    numbers = (each.subject for each in strands if each.strand is Strand.ADVISER and each.word is not None)
    return list(dict.fromkeys(numbers))


def _told(strand: StrandOf) -> dict[str, Any]:
    """Return a strand as it is kept; whose number it is stands in the register and not here."""
    return {
        "strand": strand.strand.value,
        "subject": strand.subject,
        "holds": strand.holds.value,
        "word": strand.word,
        "sentence": strand.sentence,
        "reasons": list(strand.reasons),
        "source": strand.source,
    }


def _positions(strands: Sequence[StrandOf]) -> dict[str, int]:
    known: defaultdict[str, int] = defaultdict(int)
    for each in strands:
        if each.journal_position is not None:
            known[each.source] = max(known[each.source], each.journal_position)
    return dict(known)


def _asked(question: AssuranceQuestion, policy: str) -> dict[str, Any]:
    return {
        "school": question.school,
        "adviser": question.adviser,
        "provider": question.provider,
        "valid_at": question.valid_at.isoformat() if question.valid_at else None,
        "known_at": rfc3339(question.known_at) if question.known_at else None,
        "policy": policy,
    }
