"""Standing: facts of many read at once, as known at an instant, merged records together; entries."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest

from services.register.domain.verdict import VerdictCode, decide, timeline
from services.register.operations.public_entries import computed, facts_around, grace_days, republish
from services.register.storage import public_entries
from services.register.storage.standing import facts_of
from shared.database import Transaction
from tests.register import make_standing as make
from tests.register.conftest import Register
from tests.register.make_standing import BEFORE, REGISTRAR

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
TODAY = date(2026, 11, 21)


async def read(tx: Transaction, *ids: int, known_at: datetime | None = None) -> dict[int, VerdictCode]:
    """Return the verdict of each person for today."""
    grace = await grace_days(tx, today=TODAY)
    facts = await facts_of(tx, ids, grace_days=grace, known_at=known_at)
    return {person_id: decide(each, day=TODAY).verdict for person_id, each in facts.items()}


async def test_the_entry_holds_the_timeline_of_the_facts(register: Register) -> None:
    number = await make.licensee(register)
    async with register.db.reading() as tx:
        [entry] = await public_entries.stored(tx, [1])
        [facts] = (await facts_of(tx, [1], grace_days=await grace_days(tx, today=TODAY))).values()
    assert entry.number == number
    assert list(zip(entry.starts, map(orjson.loads, entry.bodies), strict=True)) == [
        (start, verdict.as_public_dict()) for start, verdict in timeline(facts)
    ]
    assert facts.grace_days == 28


async def test_publishing_again_without_a_change_writes_nothing(register: Register) -> None:
    await make.licensee(register)
    async with register.db.transaction(REGISTRAR) as tx:
        assert (
            await public_entries.save_all(tx, computed(await facts_around(tx, [1], now=register.clock())))
            == 0
        )


async def test_publishing_nobody_is_nothing(register: Register) -> None:
    async with register.db.transaction(REGISTRAR) as tx:
        await republish(tx, [], now=register.clock())


async def test_what_was_known_earlier_stays_readable(register: Register) -> None:
    number = await make.licensee(register)
    yesterday = register.clock()
    register.clock.now += timedelta(days=1)
    await make.suspend(register, number, first=TODAY)
    async with register.db.reading() as tx:
        assert await read(tx, 1) == {1: VerdictCode.SUSPENDED}
        assert await read(tx, 1, known_at=yesterday) == {1: VerdictCode.LICENSED}
        assert await read(tx, 1, known_at=BEFORE - timedelta(days=1)) == {}


async def test_a_correction_shows_only_from_the_instant_at_which_it_was_made(register: Register) -> None:
    number = await make.licensee(register)
    await make.suspend(register, number, first=date(2026, 11, 1))
    suspended_at = register.clock()
    register.clock.now += timedelta(hours=1)
    await make.lift(register, number, last=date(2026, 11, 10))
    async with register.db.reading() as tx:
        assert await read(tx, 1, known_at=suspended_at) == {1: VerdictCode.SUSPENDED}
        assert await read(tx, 1) == {1: VerdictCode.LICENSED}


async def merged_chain(register: Register) -> list[int]:
    """Make three people, the first merged into the second and that into the third; return their ids."""
    async with register.db.transaction(REGISTRAR) as tx:
        ids = [(await make.person(tx, serial))[0] for serial in (1, 2, 3)]
        await make.licensed(tx, ids[0], *YEAR)
        await make.merge(tx, ids[0], ids[1], date(2026, 3, 1))
        await make.merge(tx, ids[1], ids[2], date(2026, 4, 1), at=BEFORE + timedelta(days=90))
        await republish(tx, [ids[0]], now=register.clock())
    return ids


async def test_merged_numbers_lead_to_the_kept_one_which_has_all_their_facts(register: Register) -> None:
    first, second, third = await merged_chain(register)
    async with register.db.reading() as tx:
        grace = await grace_days(tx, today=TODAY)
        facts = await facts_of(tx, [first, second, third], grace_days=grace)
    kept = facts[third].number
    assert decide(facts[third], day=TODAY).verdict is VerdictCode.LICENSED
    assert [facts[each].kept_number for each in (first, second, third)] == [kept, kept, None]
    assert decide(facts[first], day=date(2026, 2, 1)).verdict is VerdictCode.LICENSED
    assert decide(facts[first], day=date(2026, 3, 1)).verdict is VerdictCode.MERGED


async def test_a_merge_is_unknown_before_it_was_decided(register: Register) -> None:
    first, second, third = await merged_chain(register)
    async with register.db.reading() as tx:
        then = await read(tx, first, second, third, known_at=BEFORE + timedelta(days=1))
    assert then == {
        first: VerdictCode.MERGED,
        second: VerdictCode.LICENSED,
        third: VerdictCode.NOT_LICENSED,
    }


async def test_one_person_republished_takes_everybody_merged_with_them_along(register: Register) -> None:
    ids = await merged_chain(register)
    async with register.db.transaction(REGISTRAR) as tx:
        assert [each.person_id for each in await public_entries.stored(tx, ids)] == ids
        await make.sanction(tx, ids[0], "suspension", TODAY)
        await republish(tx, [ids[0]], now=register.clock())
        kept = (await public_entries.stored(tx, [ids[2]]))[0]
    assert orjson.loads(kept.bodies[-1])["reasons"] == ["suspension-in-force"]


@pytest.mark.parametrize(("first", "last"), [(date(2026, 1, 1), None), (date(2027, 1, 1), None)])
async def test_a_retired_record_merged_into_a_licensed_one_retires_nobody(
    register: Register, first: date, last: date | None
) -> None:
    async with register.db.transaction(REGISTRAR) as tx:
        kept, _ = await make.person(tx, 1)
        other, _ = await make.person(tx, 2)
        await make.licensed(tx, kept, *YEAR)
        await make.fact(tx, "register_entries", other, first, last, status="retired")
        await make.merge(tx, other, kept, date(2026, 3, 1))
        assert await read(tx, kept) == {kept: VerdictCode.LICENSED}


async def test_nobody_in_a_thousand_costs_a_query_of_their_own(register: Register) -> None:
    async with register.db.transaction(REGISTRAR) as tx:
        ids = [(await make.person(tx, serial))[0] for serial in range(40)]
        for person_id in ids:
            await make.licensed(tx, person_id, *YEAR, serial=str(person_id))
        counted = 0
        rows = tx.rows

        async def counting(*args: object) -> object:
            nonlocal counted
            counted += 1
            return await rows(*args)  # type: ignore[arg-type]

        tx.rows = counting  # type: ignore[method-assign, assignment]
        await republish(tx, ids, now=datetime(2026, 11, 21, tzinfo=UTC))
        assert counted < 12
        assert len(await public_entries.stored(tx, ids)) == 40
