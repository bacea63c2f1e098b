"""Awards that look like one award told twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import Range

from services.kitemark.storage.awards.tables import awards
from services.kitemark.storage.facts import first_day, last_day
from shared.database import Transaction

_TOLD = ("body", "external_id", "valid")
_ONE, _OTHER = awards.alias("one"), awards.alias("other")


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldAs:
    """An award by its body's own id, and its first and last day."""

    body: str
    external_id: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Duplicate:
    """Two awards of one school, scheme and stage whose days overlap; ``place`` is where the pair stands."""

    place: tuple[int, int]
    school: str
    scheme: str
    stage: str
    earlier: ToldAs
    later: ToldAs


async def page(
    tx: Transaction, *, body: str | None, after: tuple[int, int], limit: int
) -> Sequence[Duplicate]:
    """Return pairs as they are known now, of a body where one is named; ``earlier`` was told first.

    What was withdrawn is no duplicate, nor is an award and the one of the same body that it reassesses.
    """
    wanted = _pairs().where(tuple_(_ONE.c.id, _OTHER.c.id) > tuple_(*after))
    if body is not None:
        wanted = wanted.where((_ONE.c.body == body) | (_OTHER.c.body == body))
    rows = await tx.rows(wanted.order_by(_ONE.c.id, _OTHER.c.id).limit(limit))
    return [
        Duplicate(
            place=(row.id, row.other_id),
            school=row.school,
            scheme=row.scheme,
            stage=row.stage,
            earlier=_told(row.body_1, row.external_id_1, row.valid_1),
            later=_told(row.body_2, row.external_id_2, row.valid_2),
        )
        for row in rows
    ]


def _pairs() -> Select[Any]:
    same = [_ONE.c[name] == _OTHER.c[name] for name in ("school", "scheme", "stage")]
    apart = or_(
        _ONE.c.body != _OTHER.c.body,  # whose ids are their own
        and_(
            _OTHER.c.reassessment_of.is_distinct_from(_ONE.c.external_id),
            _ONE.c.reassessment_of.is_distinct_from(_OTHER.c.external_id),
        ),
    )
    both = and_(*same, _ONE.c.id < _OTHER.c.id, _ONE.c.valid.overlaps(_OTHER.c.valid))
    return (
        select(
            _ONE.c.id,
            _OTHER.c.id.label("other_id"),
            _ONE.c.school,
            _ONE.c.scheme,
            _ONE.c.stage,
            *(_ONE.c[name].label(f"{name}_1") for name in _TOLD),
            *(_OTHER.c[name].label(f"{name}_2") for name in _TOLD),
        )
        .select_from(_ONE.join(_OTHER, both))
        .where(
            apart,
            *(func.upper_inf(each.c.known) for each in (_ONE, _OTHER)),
            *(each.c.withdrawn_on.is_(None) for each in (_ONE, _OTHER)),
        )
    )


def _told(body: str, external_id: str, valid: Range[date]) -> ToldAs:
    last = last_day(valid)
    assert last is not None  # noqa: S101 - an award has a last day
    return ToldAs(body=body, external_id=external_id, valid_from=first_day(valid), valid_to=last)
