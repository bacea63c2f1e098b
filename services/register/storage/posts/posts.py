"""Posts: written as dated facts, read with the number that is kept, the employer and the verdict of a day."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Row,
    Select,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.register.domain.posts.organisation import OrganisationKind, Sector
from services.register.domain.posts.post import Post, PostBasis, Side
from services.register.domain.posts.school import School, SchoolScheme
from services.register.storage.facts import (
    as_known,
    assert_fact,
    correct_fact,
    days,
    first_day,
    last_day,
    on_day,
)
from services.register.storage.finding.tables import unlistings
from services.register.storage.posts.tables import organisation_versions, organisations, posts
from services.register.storage.tables import member_ids, people, public_entries
from shared.database import Transaction
from shared.journal import Record

people_alias = people.alias("asked")


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldPost:
    """A post as it was known, with whose it is; ``version`` is what a correction has to name.

    ``verdict`` and ``may_give_personal_guidance`` are those of the day asked about, as they are known now.
    """

    post_id: int
    person_id: int
    number: str
    given_names: str
    family_name: str
    verdict: str | None
    may_give_personal_guidance: bool
    ukprn: str | None
    employer_name: str
    sector: Sector
    kind: OrganisationKind
    publicly_funded: bool | None
    post: Post
    version: Row[Any]


def shown_to_anyone() -> ColumnElement[bool]:
    """Choose the posts that the public may see: both sides say so, nobody disputes it, nor was it withheld.

    Whoever may be found by exact number only is kept out of every public answer about posts here.
    """
    hidden = select(unlistings.c.person_id).where(
        as_known(unlistings, None), unlistings.c.lifted_by.is_(None)
    )
    return and_(
        attested(),
        ~posts.c.withheld,
        ~hidden.where(
            func.kept_person(unlistings.c.person_id) == func.kept_person(posts.c.person_id)
        ).exists(),
    )


def attested() -> ColumnElement[bool]:
    """Choose the posts that both sides stand by."""
    both = and_(posts.c.practitioner_by.is_not(None), posts.c.employer_by.is_not(None))
    return and_(both, posts.c.disputed_by.is_(None))


def of_association(association: str, *, known_at: datetime | None = None) -> ColumnElement[bool]:
    """Choose the posts of an association's own members, by the merges as they were known."""
    instant = literal(known_at, DateTime(timezone=True))
    records = func.one_person(posts.c.person_id, instant).column_valued("one_person")
    return (
        select(member_ids.c.person_id)
        .where(
            member_ids.c.association == association,
            member_ids.c.person_id.in_(select(records).correlate(posts)),
        )
        .correlate(posts)
        .exists()
    )


def at_schools(schools: Sequence[School]) -> ColumnElement[bool]:
    """Choose the posts at these schools."""
    wanted = [(school.value, school.scheme.value) for school in schools]
    return tuple_(posts.c.school_value, posts.c.school_scheme).in_(wanted)


def of_numbers(numbers: Sequence[str]) -> ColumnElement[bool]:
    """Choose the posts of people by canonical number, the rows that lead to them by a merge included."""
    wanted = select(func.kept_person(people_alias.c.id)).where(people_alias.c.number.in_(numbers))
    return people.c.id.in_(wanted)


def of_people(person_ids: Sequence[int]) -> ColumnElement[bool]:
    """Choose the posts of these rows of people."""
    return posts.c.person_id.in_(person_ids)


def of_employer(organisation_id: int) -> ColumnElement[bool]:
    """Choose the posts with an employer."""
    return posts.c.employer_id == organisation_id


def any_of(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Choose what meets one of the conditions."""
    return or_(*conditions)


def everything() -> ColumnElement[bool]:
    """Choose every post."""
    return true()


async def tell(tx: Transaction, post: Post, *, person_id: int, record: Record) -> int:
    """Write a new post and return its id."""
    return await assert_fact(
        tx,
        posts,
        person_id=person_id,
        valid=days(post.valid_from, post.valid_to),
        record=record,
        **_content(post),
    )


async def change(tx: Transaction, held: HeldPost, post: Post, *, record: Record) -> None:
    """Write the post as it stands now; the version before stays readable."""
    await correct_fact(
        tx,
        posts,
        held.version,
        valid=days(post.valid_from, post.valid_to),
        record=record,
        **_content(post),
    )


async def find(tx: Transaction, post_id: int, *, day: date, seen: ColumnElement[bool]) -> HeldPost | None:
    """Return a post if it is among those ``seen``, or None."""
    row = await tx.row(_read(None, day).where(posts.c.id == post_id, seen))
    return None if row is None else _held(row)


async def held(
    tx: Transaction,
    *conditions: ColumnElement[bool],
    day: date,
    known_at: datetime | None = None,
    only_standing: bool,
    after: int = 0,
    limit: int | None = None,
) -> Sequence[HeldPost]:
    """Return posts by id, as they were known; ``only_standing`` leaves out those that are not of the day."""
    read = _read(known_at, day).where(posts.c.id > after, *conditions).order_by(posts.c.id)
    if only_standing:
        read = read.where(on_day(posts, day))
    return [_held(row) for row in await tx.rows(read if limit is None else read.limit(limit))]


async def chosen(
    tx: Transaction, ids: Sequence[int], condition: ColumnElement[bool], *, known_at: datetime | None = None
) -> frozenset[int]:
    """Return which of these posts meet a condition, as they were known."""
    rows = await tx.rows(select(posts.c.id).where(posts.c.id.in_(ids), as_known(posts, known_at), condition))
    return frozenset(row.id for row in rows)


async def kept_numbers(tx: Transaction, numbers: Sequence[str]) -> dict[str, str]:
    """Return for each canonical number that was given out the number that is kept."""
    rows = await tx.rows(
        select(people_alias.c.number, people.c.number.label("kept"))
        .join(people, people.c.id == func.kept_person(people_alias.c.id))
        .where(people_alias.c.number.in_(numbers))
    )
    return {row.number: row.kept for row in rows}


def _content(post: Post) -> dict[str, Any]:
    content = asdict(post)
    for apart in ("school", "valid_from", "valid_to"):
        del content[apart]
    return content | {
        "school_scheme": None if post.school is None else post.school.scheme.value,
        "school_value": None if post.school is None else post.school.value,
        "basis": post.basis.value,
        "disputed_by": None if post.disputed_by is None else post.disputed_by.value,
    }


def _read(known_at: datetime | None, day: date) -> Select[Any]:
    place = func.width_bucket(literal(day, Date), public_entries.c.starts)
    body = cast(public_entries.c.bodies[place], JSONB)
    last = (
        select(func.max(organisation_versions.c.version))
        .where(organisation_versions.c.organisation_id == posts.c.employer_id)
        .correlate(posts)
        .scalar_subquery()
    )
    employer = organisation_versions
    return (
        select(
            posts,
            people.c.number,
            people.c.given_names,
            people.c.family_name,
            body["verdict"].astext.label("verdict"),
            body["may_give_personal_guidance"].astext.label("may_give_personal_guidance"),
            organisations.c.ukprn,
            employer.c.name.label("employer_name"),
            employer.c.sector,
            employer.c.kind,
            employer.c.publicly_funded,
        )
        .join(people, people.c.id == func.kept_person(posts.c.person_id))
        .join(public_entries, public_entries.c.person_id == people.c.id)
        .join(organisations, organisations.c.id == posts.c.employer_id)
        .join(employer, and_(employer.c.organisation_id == posts.c.employer_id, employer.c.version == last))
        .where(as_known(posts, known_at))
    )


def _held(row: Row[Any]) -> HeldPost:
    return HeldPost(
        post_id=row.id,
        person_id=row.person_id,
        number=row.number,
        given_names=row.given_names,
        family_name=row.family_name,
        verdict=row.verdict,
        may_give_personal_guidance=row.may_give_personal_guidance == "true",
        ukprn=row.ukprn,
        employer_name=row.employer_name,
        sector=Sector(row.sector),
        kind=OrganisationKind(row.kind),
        publicly_funded=row.publicly_funded,
        post=_post(row),
        version=row,
    )


def _post(row: Row[Any]) -> Post:
    school = None if row.school_value is None else School(SchoolScheme(row.school_scheme), row.school_value)
    return Post(
        employer_id=row.employer_id,
        school=school,
        role=row.role,
        share_percent=row.share_percent,
        basis=PostBasis(row.basis),
        independent=row.independent,
        independence_declaration=row.independence_declaration,
        valid_from=first_day(row.valid),
        valid_to=last_day(row.valid),
        withheld=row.withheld,
        practitioner_by=row.practitioner_by,
        employer_by=row.employer_by,
        employer_evidence=row.employer_evidence,
        disputed_by=None if row.disputed_by is None else Side(row.disputed_by),
        dispute_reason=row.dispute_reason,
        ended_by=row.ended_by,
    )
