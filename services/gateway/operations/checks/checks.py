"""Making a check and reading checks back."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.gateway.clients.answers import LicenceAnswer
from services.gateway.clients.caller import Caller
from services.gateway.clients.neighbours import Neighbours
from services.gateway.clients.register import SecondFact
from services.gateway.domain.checks.check import Check, Checker, CheckKind, NoSuchCheck, NumberNotReadable
from services.gateway.domain.checks.policy import CheckPolicy, in_force, told_from
from services.gateway.domain.checks.receipt import COMPARED, TYPE, claims_of
from services.gateway.operations.checks.policies import every
from services.gateway.operations.signing_keys import Keys
from services.gateway.storage.checks import checks, receipt_keys
from shared.actor import Actor
from shared.clock import london_day, rfc3339
from shared.database import Database
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SAID = (*COMPARED, "number", "sentence", "reasons", "specialisms", "valid_at", "known_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class AdviserQuestion:
    """An adviser to be checked: a number as it was typed, a second fact if there is one, day and instant."""

    number: str
    purpose: str
    second_fact: SecondFact | None = field(default=None, repr=False)
    valid_at: date | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Notary:
    """What signs a receipt: the gateway's keys and its name."""

    keys: Keys
    issuer: str


async def check_adviser(
    db: Database,
    question: AdviserQuestion,
    *,
    neighbours: Neighbours,
    caller: Caller,
    notary: Notary,
    actor: Actor,
    once: Once,
    now: datetime,
) -> Check:
    """Ask the register about an adviser, keep the answer for good and return it with its receipt.

    Raises PurposeOfCheckNotKnown, NumberNotReadable, and what the register refuses; where it gives no
    answer nothing is kept, since an unknown is no check.
    """
    policy = policy_on(now)
    purpose = policy.purpose(question.purpose)
    answer = await _ask(neighbours, question, caller=caller)
    check = signed(
        notary,
        kind=CheckKind.ADVISER,
        checker=checker_of(actor),
        purpose=question.purpose,
        subjects=(answer.number or question.number,),
        told_from=told_from(purpose, made_at=now),
        asked=_asked(question, policy),
        said=said_of(answer),
        positions=_positions(answer),
        now=now,
    )
    await keep(db, check, notary=notary, actor=actor, once=once, now=now)
    return check


async def _ask(neighbours: Neighbours, question: AdviserQuestion, *, caller: Caller) -> LicenceAnswer:
    (answer,) = await neighbours.register.licences(
        [question.number],
        caller=caller,
        valid_at=question.valid_at,
        known_at=question.known_at,
        second_facts=[question.second_fact],
    )
    if answer.number is None:
        raise NumberNotReadable(sentence=answer.sentence)
    return answer


async def keep(
    db: Database, check: Check, *, notary: Notary, actor: Actor, once: Once, now: datetime
) -> None:
    """Store a check with the key that signed it, in the one transaction that answers the request."""
    jwk = notary.keys.signing_jwk(now=now)
    first_use = Record(actor=actor, at=now, event="receipt-key.used", subject=f"key:{jwk['kid']}", facts={})
    made = Record(
        actor=actor,
        at=now,
        event="check.made",
        subject=f"check:{check.reference}",
        facts={"kind": check.kind.value, "purpose": check.purpose},
    )
    async with db.transaction(actor, once) as tx:
        await receipt_keys.keep(tx, jwk, at=now, record=first_use)
        await checks.add(tx, check, record=made)
        once.answer(check)


async def get(db: Database, *, reference: str, actor: Actor) -> Check:
    """Return one of the caller's own checks; raises NoSuchCheck, of another's too."""
    found = await by_reference(db, reference=reference)
    if found.checker.client_id != actor.client_id:
        raise NoSuchCheck
    return found


async def by_reference(db: Database, *, reference: str) -> Check:
    """Return the check that a reference names, to whoever holds it; raises NoSuchCheck."""
    async with db.reading() as tx:
        found = await checks.find(tx, reference)
    if found is None:
        raise NoSuchCheck
    return found


async def page(db: Database, *, actor: Actor, after: str | None, limit: int) -> Page[Check]:
    """Return the caller's own checks, the newest first."""
    (before,) = place_of(after, int) or (None,)
    async with db.reading() as tx:
        found = await checks.of_client(tx, actor.client_id or "", before=before, limit=limit + 1)
    return pages_of(found, limit=limit)


def policy_on(now: datetime) -> CheckPolicy:
    """Return the policy in force today."""
    return in_force(every(), day=london_day(now))


def checker_of(actor: Actor) -> Checker:
    """Return on whose behalf an actor checks."""
    return Checker(client_id=actor.client_id or "anyone", urn=actor.urn, association=actor.association)


def said_of(answer: LicenceAnswer) -> dict[str, Any]:
    """Return what the register said, as it stands in a receipt."""
    told = answer.model_dump(mode="json", by_alias=True)
    return {name: told[name] for name in SAID}


def signed(
    notary: Notary,
    *,
    now: datetime,
    told_from: datetime,
    rows: Sequence[Mapping[str, Any]] | None = None,
    **content: Any,
) -> Check:
    """Return a check with a reference of its own and the receipt that says what stands in it."""
    reference = secrets.token_urlsafe(16)
    claims = claims_of(issuer=notary.issuer, reference=reference, made_at=now, **content)
    receipt = notary.keys.sign(claims, now=now, as_type=TYPE)
    return Check(reference=reference, made_at=now, told_from=told_from, receipt=receipt, rows=rows, **content)


def _asked(question: AdviserQuestion, policy: CheckPolicy) -> Mapping[str, Any]:
    """Return the question as it is kept: of a second fact only which one it was."""
    second = sorted(question.second_fact.as_row()) if question.second_fact else []
    return {
        "number": question.number,
        "second_facts": second,
        "valid_at": question.valid_at.isoformat() if question.valid_at else None,
        "known_at": rfc3339(question.known_at) if question.known_at else None,
        "policy": policy.version,
    }


def _positions(answer: LicenceAnswer) -> dict[str, int]:
    return {} if answer.journal_position is None else {"register": answer.journal_position}


def pages_of(found: Sequence[tuple[int, Check]], *, limit: int) -> Page[Check]:
    """Make a page of checks that were read with their places."""
    shown = page_of(found, limit=limit, place=lambda each: (each[0],))
    return Page([check for _, check in shown.items], shown.next)
