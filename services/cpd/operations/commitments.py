"""The commitment to CPD: declared in a wording, invited or required by an association, and who has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.cpd.domain.access import own_association
from services.cpd.domain.cycle import Membership
from services.cpd.domain.policy import CommitmentAsk, Policy
from services.cpd.domain.standing import Facts, life_of
from services.cpd.operations.persons import own_member
from services.cpd.operations.reference import check_codes, vocabulary
from services.cpd.storage import groups, members, obligations, policies
from services.cpd.storage.obligations import HeldCommitment
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Unprocessable
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of


class CommitmentInTheFuture(Unprocessable):
    """A commitment is declared on a day that has come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenCommitment:
    """Whether a member has committed, and whether the association asks it of the level or invites to it."""

    number: str
    asked: CommitmentAsk | None
    commitment: HeldCommitment | None


async def declare(
    db: Database,
    once: Once,
    *,
    number: str,
    wording_version: str,
    committed_on: date,
    actor: Actor,
    now: datetime,
) -> SeenCommitment:
    """Record that a member committed to CPD in the words of a version; once for each version."""
    association = own_association(actor)
    if committed_on > london_day(now):
        raise CommitmentInTheFuture
    async with db.transaction(actor, once) as tx:
        group = await own_member(tx, number, actor)
        known = await vocabulary(tx, "commitment_wordings")
        check_codes(known, {"commitment_wordings": ("/wording_version", [wording_version])})
        facts = {
            "association": association,
            "wording_version": wording_version,
            "committed_on": committed_on.isoformat(),
        }
        await obligations.write_commitment(
            tx,
            group.kept,
            association=association,
            wording_version=wording_version,
            committed_on=committed_on,
            record=Record(actor=actor, at=now, event="commitment.declared", subject=group.kept, facts=facts),
        )
        shown = (await _seen(tx, association, [group.kept], day=london_day(now)))[group.kept]
        once.answer(shown)
    return shown


async def page(
    db: Database, *, actor: Actor, after: str | None, limit: int, now: datetime
) -> Page[SeenCommitment]:
    """Return every member of the caller's own association, with the commitment declared to it, if any."""
    association = own_association(actor)
    (last,) = place_of(after, str) or ("",)
    async with db.reading() as tx:
        numbers = await members.page(tx, association, after=last, limit=limit + 1)
        seen = await _seen(tx, association, numbers, day=london_day(now))
    shown = page_of(numbers, limit=limit, place=lambda number: (number,))
    return Page([seen[number] for number in shown.items], shown.next)


async def _seen(
    tx: Transaction, association: str, numbers: Sequence[str], *, day: date
) -> Mapping[str, SeenCommitment]:
    found = await groups.of_numbers(tx, numbers)
    everybody = {each for group in found.values() for each in group.numbers}
    declared = await obligations.commitments_of(tx, everybody, association)
    told = await members.memberships_of(tx, everybody, known_at=None)
    published = await policies.every(tx)
    seen = {}
    for number, group in found.items():
        held = [each for own in group.numbers for each in told.get(own, ())]
        committed = [declared[own] for own in group.numbers if own in declared]
        seen[number] = SeenCommitment(
            number=number,
            asked=_asked(held, association, published, day=day),
            commitment=max(committed, key=lambda each: (each.committed_on, each.id), default=None),
        )
    return seen


def _asked(
    held: Sequence[Membership], association: str, published: Sequence[Policy], *, day: date
) -> CommitmentAsk | None:
    """Return how the association asks on a day, or None where the person is not its member then."""
    facts = Facts(memberships=held)
    policy = life_of(association, facts, published).policy_on(day)
    return None if policy is None else policy.commitment
