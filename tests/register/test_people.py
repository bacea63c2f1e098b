"""People in storage: numbers at random, and the database's own refusals where a check of ours is left out."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from services.register.domain.member import Details, Membership, Telling
from services.register.domain.person import number_from
from services.register.domain.policy import MembershipLevel
from services.register.domain.qualification import Holding, HoldingStatus
from services.register.operations.members import tell, tellers
from services.register.storage import code_acceptances, holdings, people
from shared.actor import Actor
from shared.journal import Record
from tests.register import make
from tests.register.conftest import Register

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ICG = Actor(subject="icg-system", client_id="icg-system", association="ICG")
ACEG = Actor(subject="aceg-system", client_id="aceg-system", association="ACEG")
TELLING = Telling(
    details=Details(given_names="Nia", family_name="Nobody"),
    membership=Membership(level=MembershipLevel.AFFILIATE, valid_from=date(2020, 1, 1)),
)


def _record(actor: Actor) -> Record:
    return Record(actor=actor, at=NOW, event="member.recorded", subject="", facts={})


async def test_a_number_that_is_taken_is_drawn_again(register: Register) -> None:
    draws = iter([17, 17, 17, 18])
    made = []
    async with register.db.transaction(ICG) as tx:
        for member_id in ("1", "2"):
            made.append(
                await people.create(
                    tx,
                    details=TELLING.details,
                    association="ICG",
                    member_id=member_id,
                    record=_record(ICG),
                    draw=lambda: next(draws),
                )
            )
    assert [person.number for person in made] == [number_from(17), number_from(18)]
    assert await make.journal(register) == [
        ("member.recorded", number_from(17)),
        ("member.recorded", number_from(18)),
    ]


async def test_numbers_do_not_follow_one_another(register: Register) -> None:
    numbers = [await make.member(register, member_id=str(each)) for each in range(8)]
    assert numbers != sorted(numbers)


async def test_without_our_check_the_database_refuses_a_foreign_member(register: Register) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with register.db.transaction(ACEG) as tx:
            told = await tellers(tx, ICG, now=NOW)
            await tell(tx, told, member_id="1", telling=TELLING)
    assert await make.journal(register) == []


async def test_without_our_check_the_database_refuses_a_foreign_change(register: Register) -> None:
    await make.member(register)
    lines = await make.journal(register)
    ended = replace(TELLING.membership, valid_from=date(2025, 1, 1))
    with pytest.raises(DBAPIError, match="row-level security"):
        async with register.db.transaction(ACEG) as tx:
            told = await tellers(tx, ICG, now=NOW)
            await tell(tx, told, member_id="1", telling=replace(TELLING, membership=ended))
    assert await make.journal(register) == lines


async def test_without_our_check_the_database_refuses_a_foreign_holding_and_acceptance(
    register: Register,
) -> None:
    await make.member(register)
    person = await _person(register)
    claimed = Holding(
        holding_id=0,
        qualification=None,
        title="A title",
        framework=None,
        level=None,
        credits=None,
        subject=None,
        relevant=False,
        status=HoldingStatus.CLAIMED,
        submitted_by="aceg-system",
        awarded_on=date(2020, 1, 1),
    )
    with pytest.raises(DBAPIError, match="row-level security"):
        async with register.db.transaction(ACEG) as tx:
            await holdings.declare(
                tx,
                person_id=person.id,
                association="ICG",
                holding=claimed,
                awarding_body=None,
                evidence_reference=None,
                valid_from=date(2020, 1, 1),
                record=_record(ACEG),
            )
    with pytest.raises(DBAPIError, match="row-level security"):
        async with register.db.transaction(ACEG) as tx:
            await code_acceptances.accept(
                tx,
                person_id=person.id,
                association="ICG",
                code_version="cdi-2019-01-01",
                accepted_on=date(2020, 1, 1),
                record=_record(ACEG),
            )


async def _person(register: Register) -> people.Person:
    async with register.db.reading() as tx:
        found = await people.find_by_member_id(tx, "ICG", "1")
    assert found is not None
    return found
