"""Courses, awarding bodies and statements of a published edition, as they were published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, func, literal, or_, select, tuple_

from services.register.domain.directory.course_fact import FactKind
from services.register.domain.directory.edition import AwardingBody, Statement, statement
from services.register.domain.directory.vocabulary import BodyKind, CourseStatus, StatementKind
from services.register.storage.directory.tables import awards, bodies, course_facts, courses, statements
from shared.database import Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundCourse:
    """A course of an edition with its awarding body and every statement about it, each as JSON."""

    code: str
    body: Mapping[str, Any]
    awarding_body: Mapping[str, Any]
    statements: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadingCourse:
    """A course that ends in an award somebody needs, with the award that does it."""

    code: str
    title: str
    awarding_body: str
    award: str
    framework: str | None
    level: str | None
    qualification: str | None


async def read(tx: Transaction, edition: str, codes: Sequence[str]) -> Sequence[FoundCourse]:
    """Return these courses in the order of their codes as given; what is not there is left out."""
    rows = await tx.rows(_with_body().where(courses.c.edition == edition, courses.c.code.in_(codes)))
    said = await tx.rows(
        select(statements.c.courses, statements.c.body)
        .where(statements.c.edition == edition, statements.c.courses.overlap(list(codes)))
        .order_by(statements.c.position)
    )
    found = {row.code: _found(row, [each.body for each in said if row.code in each.courses]) for row in rows}
    return [found[code] for code in codes if code in found]


async def codes(tx: Transaction, edition: str, *, limit: int) -> Sequence[str]:
    """Return codes of courses in the order of the edition."""
    rows = await tx.rows(
        select(courses.c.code).where(courses.c.edition == edition).order_by(courses.c.position).limit(limit)
    )
    return [row.code for row in rows]


async def awarding_bodies(
    tx: Transaction, edition: str, *, after: int, limit: int
) -> Sequence[tuple[int, Mapping[str, Any], Sequence[str]]]:
    """Return awarding bodies in the order of the edition, each with its position and its courses' codes."""
    theirs = (
        select(func.array_agg(courses.c.code.op("ORDER BY")(courses.c.position)))
        .where(courses.c.edition == bodies.c.edition, courses.c.awarding_body == bodies.c.code)
        .scalar_subquery()
    )
    rows = await tx.rows(
        select(bodies.c.position, bodies.c.body, theirs.label("courses"))
        .where(bodies.c.edition == edition, bodies.c.position > after)
        .order_by(bodies.c.position)
        .limit(limit)
    )
    return [(row.position, row.body, row.courses or ()) for row in rows]


async def all_bodies(tx: Transaction, edition: str) -> Sequence[AwardingBody]:
    """Return every awarding body of an edition."""
    rows = await tx.rows(
        select(bodies.c.code, bodies.c.kind, bodies.c.region, bodies.c.body)
        .where(bodies.c.edition == edition)
        .order_by(bodies.c.position)
    )
    return [
        AwardingBody(code=row.code, kind=BodyKind(row.kind), region=row.region, body=row.body) for row in rows
    ]


async def available(
    tx: Transaction, edition: str, hows: Collection[str]
) -> Mapping[str | None, Sequence[str]]:
    """Return by region, None for all of England, the running courses to be taken in one of these ways."""
    facts = course_facts.c
    rows = await tx.rows(
        select(facts.region, func.array_agg(courses.c.code.distinct()).label("courses"))
        .join(courses, and_(courses.c.edition == facts.edition, courses.c.code == facts.course))
        .where(
            facts.edition == edition,
            facts.kind == FactKind.AVAILABILITY.value,
            facts.value.in_(hows),
            facts.holds,
            courses.c.status == CourseStatus.RUNNING.value,
        )
        .group_by(facts.region)
    )
    return {row.region: row.courses for row in rows}


async def statements_of(
    tx: Transaction, edition: str, *kinds: StatementKind, after: int = -1, limit: int | None = None
) -> Sequence[tuple[int, Statement]]:
    """Return the statements of these kinds, or of every kind, in their order and each with its position."""
    chosen = (
        select(statements.c.position, statements.c.body)
        .where(statements.c.edition == edition, statements.c.position > after)
        .order_by(statements.c.position)
        .limit(limit)
    )
    if kinds:
        chosen = chosen.where(statements.c.kind.in_([kind.value for kind in kinds]))
    return [(row.position, statement(row.body)) for row in await tx.rows(chosen)]


async def leading_to(
    tx: Transaction,
    edition: str,
    *,
    levels: Collection[tuple[str, str]],
    qualifications: Collection[str],
) -> Sequence[LeadingCourse]:
    """Return the running courses with an award at one of these levels, or of one of these qualifications.

    A level is a framework and a level in it. An award whose level no source states is never found by one.
    """
    at_level = tuple_(awards.c.framework, awards.c.level).in_(sorted(levels)) if levels else literal(False)
    rows = await tx.rows(
        select(
            courses.c.code,
            courses.c.title,
            bodies.c.body["title"].astext.label("awarding_body"),
            awards.c.title.label("award"),
            awards.c.framework,
            awards.c.level,
            awards.c.qualification,
        )
        .join(awards, and_(awards.c.edition == courses.c.edition, awards.c.course == courses.c.code))
        .join(bodies, and_(bodies.c.edition == courses.c.edition, bodies.c.code == courses.c.awarding_body))
        .where(
            courses.c.edition == edition,
            courses.c.status == CourseStatus.RUNNING.value,
            or_(at_level, awards.c.qualification.in_(sorted(qualifications))),
        )
        .order_by(courses.c.position, awards.c.position)
    )
    return [LeadingCourse(**row._mapping) for row in rows]


def _with_body() -> Any:
    return select(courses.c.code, courses.c.body, bodies.c.body.label("awarding_body")).join(
        bodies, and_(bodies.c.edition == courses.c.edition, bodies.c.code == courses.c.awarding_body)
    )


def _found(row: Row[Any], said: Sequence[Mapping[str, Any]]) -> FoundCourse:
    return FoundCourse(code=row.code, body=row.body, awarding_body=row.awarding_body, statements=said)
