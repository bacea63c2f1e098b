"""What is shown of records that were merged, where a registrar chose the details of the retired one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, select

from services.register.domain.matching.joining import Survivor, left_alone, shown, told_anew
from services.register.domain.member import Details
from services.register.storage import people
from services.register.storage.facts import as_known, correct_fact
from services.register.storage.people import Person
from services.register.storage.tables import merges
from shared.database import Transaction
from shared.journal import Record


async def as_shown(
    tx: Transaction, kept: Mapping[int, Person], groups: Iterable[Sequence[int]]
) -> dict[int, Person]:
    """Return these people with the details that survive; the rows of each group, the kept one first."""
    ids = sorted({each for group in groups if len(group) > 1 for each in group})
    choices = await _choices(tx, ids) if ids else []
    if not choices:
        return dict(kept)
    everybody = await people.find_many(
        tx, {each for row in choices for each in (row.person_id, row.kept_person_id)}
    )
    details = {each: person.details for each, person in everybody.items()}
    # In the order in which they were made, so that what survived one merge may survive the next.
    for row in choices:
        survives = frozenset(Survivor(each) for each in row.survives)
        details[row.kept_person_id] = shown(details[row.kept_person_id], details[row.person_id], survives)
    return {each: replace(person, details=details.get(each, person.details)) for each, person in kept.items()}


async def unless_shown(tx: Transaction, group: Sequence[int], kept: Person, told: Details) -> Details:
    """Return what is told of a person, where what is shown of them already changes nothing."""
    now_shown = (await as_shown(tx, {kept.id: kept}, [group]))[kept.id]
    return left_alone(told, kept.details, now_shown.details)


async def end_choices(
    tx: Transaction, person_id: int, before: Details, after: Details, *, record: Record
) -> None:
    """End the choices that were made for details which have been told anew since, as part of that telling."""
    told = told_anew(before, after)
    if not told:
        return
    for row in await _choices(tx, [person_id]):
        left = [each for each in row.survives if Survivor(each) not in told]
        if row.kept_person_id == person_id and left != row.survives:
            await correct_fact(tx, merges, row, survives=left, record=record)


async def _choices(tx: Transaction, person_ids: Sequence[int]) -> Sequence[Row[Any]]:
    return await tx.rows(
        select(merges)
        .where(
            merges.c.kept_person_id == func.any(person_ids),
            as_known(merges, None),
            ~func.isempty(merges.c.valid),
            func.cardinality(merges.c.survives) > 0,
        )
        .order_by(merges.c.id)
    )
