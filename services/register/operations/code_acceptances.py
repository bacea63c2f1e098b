"""Acceptance of the code of ethics, told by the association whose member accepted it."""

from dataclasses import dataclass
from datetime import date, datetime

from services.register.domain.code_acceptance import check_acceptance
from services.register.domain.member import NoSuchMember
from services.register.operations.member_records import own_association
from services.register.storage import code_acceptances, merges, people, reference
from services.register.storage.code_acceptances import CodeAcceptance
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.idempotency import Once
from shared.journal import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """An acceptance with the registration number of whose it is, and whether it was written just now."""

    number: str
    acceptance: CodeAcceptance
    new: bool


async def accept(
    db: Database,
    *,
    member_id: str,
    code_version: str,
    accepted_on: date,
    actor: Actor,
    now: datetime,
    once: Once,
) -> Accepted:
    """Record that a member accepted a version of the code; the first acceptance of a version stands."""
    association = own_association(actor)
    async with db.transaction(actor, once) as tx:
        person = await people.find_by_member_id(tx, association, member_id)
        if person is None:
            raise NoSuchMember
        codes = {each["code"]: each for each in await reference.bodies(tx, "codes_of_ethics")}
        check_acceptance(code_version, accepted_on, codes=codes, today=london_day(now))
        group = await merges.lock_group(tx, person.id)
        new = await code_acceptances.accept(
            tx,
            person_id=group.kept_id,
            association=association,
            code_version=code_version,
            accepted_on=accepted_on,
            record=Record(
                actor=actor,
                at=now,
                event="code.accepted",
                subject=group.number,
                facts={"code_version": code_version, "accepted_on": accepted_on.isoformat()},
            ),
        )
        held = await code_acceptances.held(tx, [group.kept_id])
        acceptance = next(each for each in held if each.code_version == code_version)
        accepted = Accepted(number=group.number, acceptance=acceptance, new=new)
        once.answer(accepted)
    return accepted
