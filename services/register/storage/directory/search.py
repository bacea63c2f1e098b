"""Searching the courses of an edition: what matches, how closely, and of which courses no source says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, or_, select, tuple_

from services.register.domain.directory.course_fact import CLOSED, FactKind
from services.register.storage.directory.tables import awards, bodies, course_facts, courses
from shared.database import Transaction

SILENT = 100
"""How far a course stands from what is asked when no source says: further than any match of all that can be
asked, each of which is at most one away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One thing asked of a course: a value of a kind, or for availability a region.

    ``name`` is the caller's word for it.
    """

    name: str
    kind: FactKind
    value: str | None = None
    region: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody looks for; nothing in it is asked that is None."""

    asked: Sequence[Asked] = ()
    framework: str | None = None
    level: str | None = None
    awarding_body: str | None = None
    status: str | None = None
    words: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A course that may match: its place in the ranking, and the names of what no source says of it."""

    course: str
    distance: int
    position: int
    unknown: tuple[str, ...]


async def search(
    tx: Transaction, edition: str, wish: Wish, *, possible: bool, after: tuple[int, int] | None, limit: int
) -> Sequence[Match]:
    """Return courses nearest first; with ``possible``, those too of which no source says what is asked."""
    names, scored = _scored(edition, wish)
    place = tuple_(scored.c.distance, scored.c.position)
    chosen = select(scored).order_by(place).limit(limit)
    if not possible:
        chosen = chosen.where(scored.c.distance < SILENT)
    if after is not None:
        chosen = chosen.where(place > after)
    return [
        Match(
            course=row.code,
            distance=row.distance,
            position=row.position,
            unknown=tuple(name for name in names if row._mapping[name] == SILENT),
        )
        for row in await tx.rows(chosen)
    ]


async def count_possible(tx: Transaction, edition: str, wish: Wish) -> int:
    """Return how many courses may match of which no source says so."""
    _, scored = _scored(edition, wish)
    return int(await tx.scalar(select(func.count()).select_from(scored).where(scored.c.distance >= SILENT)))


def _scored(edition: str, wish: Wish) -> tuple[Sequence[str], Any]:
    """Return the names of what is asked, and the courses that are not ruled out with their distances."""
    scores = {asked.name: _score(asked) for asked in wish.asked}
    if wish.level is not None:
        scores["level"] = _level_score(wish)
    columns = [score.label(name) for name, score in scores.items()]
    found = (
        select(courses.c.code, courses.c.position, *columns)
        .join(bodies, and_(bodies.c.edition == courses.c.edition, bodies.c.code == courses.c.awarding_body))
        .where(courses.c.edition == edition, *_plain(wish))
        .subquery()
    )
    distance = sum((found.c[name] for name in scores), literal(0))
    # A score that is null rules its course out, and with it the sum.
    chosen: Select[Any] = select(found, distance.label("distance")).where(distance.is_not(None))
    return list(scores), chosen.subquery()


def _plain(wish: Wish) -> list[ColumnElement[bool]]:
    """Return the conditions to which every course answers yes or no."""
    title = func.lower(courses.c.title + " " + bodies.c.body["title"].astext)
    conditions: list[ColumnElement[bool]] = [func.strpos(title, word.lower()) > 0 for word in wish.words]
    if wish.awarding_body is not None:
        conditions.append(courses.c.awarding_body == wish.awarding_body)
    if wish.status is not None:
        conditions.append(courses.c.status == wish.status)
    return conditions


def _score(asked: Asked) -> ColumnElement[Any]:
    """Return how close a course comes to what is asked: null where denied, SILENT where nothing is said."""
    facts = course_facts.c
    same = and_(
        facts.edition == courses.c.edition, facts.course == courses.c.code, facts.kind == asked.kind.value
    )
    if asked.region is None:
        wanted = facts.value == asked.value
    else:
        wanted = or_(facts.region == asked.region, facts.region.is_(None))
    denial = select(facts.id).where(same, wanted, ~facts.holds).correlate(courses, bodies).exists()
    match = (
        select(func.min(facts.closeness))
        .where(same, wanted, facts.holds)
        .correlate(courses, bodies)
        .scalar_subquery()
    )
    spoken = select(facts.id).where(same, facts.firm).correlate(courses, bodies).exists()
    silence = case((spoken, null()), else_=SILENT) if asked.kind in CLOSED else literal(SILENT)
    return case((denial, null()), else_=func.coalesce(match, silence))


def _level_score(wish: Wish) -> ColumnElement[Any]:
    """Return the score of a level in its framework; an award of unknown level may be at it."""
    of_course = and_(awards.c.edition == courses.c.edition, awards.c.course == courses.c.code)

    def some(condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return select(awards.c.position).where(of_course, condition).correlate(courses, bodies).exists()

    there = and_(awards.c.framework == wish.framework, awards.c.level == wish.level)
    return case((some(there), literal(0)), (some(awards.c.level.is_(None)), literal(SILENT)), else_=null())
