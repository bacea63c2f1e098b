"""Answers about posts: of a school, of a practitioner, of many at once, and the advisers of a contractor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.register.domain.person import MalformedNumber, parse_number
from services.register.domain.posts.school import School, SchoolScheme, checked_school
from services.register.domain.reports.policy import policy_on
from services.register.operations import verdicts
from services.register.operations.verdicts import Axes
from services.register.storage import merges, reference
from services.register.storage.posts import posts
from services.register.storage.posts.posts import HeldPost
from shared.actor import Actor
from shared.database import Database, Transaction

NEVER_ADMITTED = "not_licensed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """Posts as one caller may see them; ``full`` holds the ids of those seen with all that was said."""

    posts: tuple[HeldPost, ...]
    full: frozenset[int]
    axes: Axes


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicPosts:
    """What was asked, a number or a URN, and the posts that the public may see."""

    number: str | None
    urn: str | None
    posts: tuple[HeldPost, ...]


class AdviserFinding(StrEnum):
    """What the register knows of a school's advisers."""

    LICENSED = "licensed_adviser"
    NOT_LICENSED = "adviser_not_licensed"
    NONE_KNOWN = "no_adviser_known"


async def at_school(
    db: Database,
    *,
    scheme: SchoolScheme,
    value: str,
    valid_at: date | None,
    known_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> Sight:
    """Return the posts at a school on a day; anyone sees those that both sides attest."""
    school = checked_school(scheme, value)
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    async with db.reading() as tx:
        found = await posts.held(
            tx, posts.at_schools([school]), day=axes.valid_at, known_at=axes.known_at, only_standing=True
        )
        return await _seen(tx, found, axes=axes, actor=actor)


async def of_practitioner(
    db: Database,
    *,
    number: str,
    valid_at: date | None,
    known_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> Sight:
    """Return somebody's posts, of a day where one is asked for; anyone sees those that both sides attest."""
    canonical = parse_number(number)
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    async with db.reading() as tx:
        group = await merges.group_of_number(tx, canonical)
        if group is None:
            raise verdicts.not_issued(canonical)
        found = await posts.held(
            tx,
            posts.of_people(group.ids),
            day=axes.valid_at,
            known_at=axes.known_at,
            only_standing=valid_at is not None,
        )
        return await _seen(tx, found, axes=axes, actor=actor)


async def many(
    db: Database,
    *,
    numbers: Sequence[str],
    urns: Sequence[str],
    valid_at: date | None,
    known_at: datetime | None,
    now: datetime,
) -> tuple[Axes, list[PublicPosts]]:
    """Return the public posts of each number, then of each URN, in the order asked; one read of posts.

    A number comes canonical, and None stands for what is not one.
    """
    canonical = [_canonical(number) for number in numbers]
    schools = [checked_school(SchoolScheme.URN, urn) for urn in urns]
    wanted = sorted({number for number in canonical if number is not None})
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    async with db.reading() as tx:
        choice = posts.any_of(posts.of_numbers(wanted), posts.at_schools(schools))
        found = await posts.held(
            tx,
            choice,
            posts.shown_to_anyone(),
            day=axes.valid_at,
            known_at=axes.known_at,
            only_standing=True,
        )
        kept = await posts.kept_numbers(tx, wanted)
    return axes, _in_order(found, canonical, schools, kept)


def _in_order(
    found: Sequence[HeldPost],
    numbers: Sequence[str | None],
    schools: Sequence[School],
    kept: Mapping[str, str],
) -> list[PublicPosts]:
    """Return the posts of each number, then of each school, in the order asked."""
    by_number: dict[str, list[HeldPost]] = {}
    by_school: dict[School, list[HeldPost]] = {}
    for each in found:
        by_number.setdefault(each.number, []).append(each)
        if each.post.school is not None:
            by_school.setdefault(each.post.school, []).append(each)
    return [
        *(
            PublicPosts(number=number, urn=None, posts=tuple(by_number.get(kept.get(number or "", ""), ())))
            for number in numbers
        ),
        *(
            PublicPosts(number=None, urn=school.value, posts=tuple(by_school.get(school, ())))
            for school in schools
        ),
    ]


async def advisers_of_schools(
    db: Database, *, urns: Sequence[str], valid_at: date | None, now: datetime
) -> list[tuple[str, AdviserFinding]]:
    """Return for each URN, in the order asked, whether an adviser is known there who is licensed on a day.

    Nobody is named, so posts that are withheld count: leaving them out would accuse a school wrongly.
    """
    schools = [checked_school(SchoolScheme.URN, urn) for urn in urns]
    axes = Axes.chosen(valid_at=valid_at, known_at=None, now=now)
    async with db.reading() as tx:
        policy = policy_on(await reference.bodies(tx, "report_policies"), axes.valid_at)
        found = await posts.held(
            tx, posts.at_schools(schools), posts.attested(), day=axes.valid_at, only_standing=True
        )
    licensed: dict[School, bool] = {}
    for each in found:
        if each.post.school is not None and each.post.role in policy.adviser_roles:
            before = licensed.get(each.post.school, False)
            licensed[each.post.school] = before or each.may_give_personal_guidance
    names = {True: AdviserFinding.LICENSED, False: AdviserFinding.NOT_LICENSED}
    return [
        (
            school.value,
            names[licensed[school]] if school in licensed else AdviserFinding.NONE_KNOWN,
        )
        for school in schools
    ]


def may_be_named(post: HeldPost) -> bool:
    """Tell whether the public may read the name: as in the register, that of whoever was ever admitted."""
    return post.verdict is not None and post.verdict != NEVER_ADMITTED


async def _seen(tx: Transaction, found: Sequence[HeldPost], *, axes: Axes, actor: Actor) -> Sight:
    """Leave out what the caller may not see, and tell which posts they see with all that was said."""
    ids = [each.post_id for each in found]
    public = await posts.chosen(tx, ids, posts.shown_to_anyone(), known_at=axes.known_at)
    full: frozenset[int] = frozenset()
    if actor.may("register:decide"):
        full = frozenset(ids)
    elif actor.may("members:write") and actor.association is not None:
        own = posts.of_association(actor.association, known_at=axes.known_at)
        full = await posts.chosen(tx, ids, own, known_at=axes.known_at)
    elif actor.may("checks:write") and actor.urn is not None:
        own = posts.at_schools([School(SchoolScheme.URN, actor.urn)])
        full = await posts.chosen(tx, ids, own, known_at=axes.known_at)
    seen = tuple(each for each in found if each.post_id in public | full)
    return Sight(posts=seen, full=full, axes=axes)


def _canonical(number: str) -> str | None:
    try:
        return parse_number(number)
    except MalformedNumber:
        return None
