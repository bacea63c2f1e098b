"""Posts: told by one side, attested, disputed or ended by either, withheld from the public on request."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.register.domain.member import AssociationMissing, NoSuchMember
from services.register.domain.person import parse_number
from services.register.domain.posts import post as rules
from services.register.domain.posts.post import Post, PostBasis, Side
from services.register.domain.posts.school import School, SchoolScheme, checked_school
from services.register.operations.posts.organisations import employing
from services.register.operations.reference import known_codes
from services.register.storage import memberships, merges, people
from services.register.storage.posts import posts
from services.register.storage.posts.posts import HeldPost
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Forbidden, NotFound, Unprocessable
from shared.idempotency import Once
from shared.journal import Record

SeenPost = HeldPost
SPEAKERS = ("register:decide", "members:write", "checks:write")


class NoSuchPost(NotFound):
    """There is no post {post_id}, or it is not one for which you may speak."""


class SchoolMissing(Forbidden):
    """Your access token names no school, so it cannot speak for one."""


class PostOfAnotherSchool(Forbidden):
    """A school speaks for the posts at its own URN only."""


class RoleNotKnown(Unprocessable):
    """There is no role {role}: the roles are listed at /v1/roles."""


class EmployerEvidenceMissing(Unprocessable):
    """A registrar who speaks for an employer says what was seen as evidence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPost:
    """A post as it is told, before anybody checked it; ``evidence`` is a registrar's."""

    number: str
    employer_id: int
    scheme: SchoolScheme | None
    school: str | None
    role: str
    share_percent: int | None
    basis: PostBasis
    independent: bool | None
    independence_declaration: str | None
    valid_from: date
    valid_to: date | None
    evidence: str | None = None


async def tell(db: Database, once: Once, *, wanted: NewPost, actor: Actor, now: datetime) -> SeenPost:
    """Tell of a post; it is shown as one-sided until the other side attests it."""
    side = side_of(actor)
    school = None
    if wanted.scheme is not None and wanted.school is not None:
        school = checked_school(wanted.scheme, wanted.school)
    _check_school(actor, school)
    told = rules.tell(
        _as_post(wanted, school), side=side, by=actor.subject, evidence=_evidence(actor, wanted.evidence)
    )
    async with db.transaction(actor, once) as tx:
        group = await merges.lock_group(tx, await _person(tx, wanted.number, actor=actor))
        if told.role not in await known_codes(tx, "roles"):
            raise RoleNotKnown(role=told.role)
        await employing(tx, told.employer_id, first_day=told.valid_from)
        record = _about("post.told", group.number, told, actor, now)
        post_id = await posts.tell(tx, told, person_id=group.kept_id, record=record)
        seen = await _mine(tx, post_id, actor=actor, now=now)
        once.answer(seen)
    return seen


async def attest(
    db: Database, once: Once, *, post_id: int, evidence: str | None, actor: Actor, now: datetime
) -> SeenPost:
    """Give the word of the caller's side, or take back its dispute."""
    said = _evidence(actor, evidence)

    def step(post: Post) -> Post:
        return rules.attest(post, side=side_of(actor), by=actor.subject, evidence=said)

    return await _move(db, once, post_id=post_id, event="post.attested", step=step, actor=actor, now=now)


async def dispute(
    db: Database, once: Once, *, post_id: int, reason: str, actor: Actor, now: datetime
) -> SeenPost:
    """Say that what the other side says is not true; the public sees the post no longer."""

    def step(post: Post) -> Post:
        return rules.dispute(post, side=side_of(actor), reason=reason)

    return await _move(db, once, post_id=post_id, event="post.disputed", step=step, actor=actor, now=now)


async def end(
    db: Database, once: Once, *, post_id: int, on: date | None, actor: Actor, now: datetime
) -> SeenPost:
    """Record the last day of a post, today where none is said."""

    def step(post: Post) -> Post:
        return rules.end(post, side=side_of(actor), by=actor.subject, on=on or london_day(now))

    return await _move(db, once, post_id=post_id, event="post.ended", step=step, actor=actor, now=now)


async def withhold(
    db: Database, once: Once, *, post_id: int, withheld: bool, actor: Actor, now: datetime
) -> SeenPost:
    """Keep a post from the public, or show it again, as its person asks."""
    actor.require("register:decide", "members:write")

    def step(post: Post) -> Post:
        return replace(post, withheld=withheld)

    return await _move(
        db, once, post_id=post_id, event="post.visibility-changed", step=step, actor=actor, now=now
    )


async def get(db: Database, *, post_id: int, actor: Actor, now: datetime) -> SeenPost:
    """Return a post for which the caller may speak."""
    side_of(actor)
    async with db.reading() as tx:
        return await _mine(tx, post_id, actor=actor, now=now)


def side_of(actor: Actor) -> Side:
    """Return the side for which the caller speaks: an association for its member, others for an employer."""
    actor.require(*SPEAKERS)
    if actor.may("register:decide"):
        return Side.EMPLOYER
    if actor.may("members:write"):
        if actor.association is None:
            raise AssociationMissing
        return Side.PRACTITIONER
    if actor.urn is None:
        raise SchoolMissing
    return Side.EMPLOYER


async def _move(
    db: Database,
    once: Once,
    *,
    post_id: int,
    event: str,
    step: Callable[[Post], Post],
    actor: Actor,
    now: datetime,
) -> SeenPost:
    """Take one step with a post under the lock of its person; a step that changes nothing is not recorded."""
    async with db.transaction(actor, once) as tx:
        group = await merges.lock_group(tx, (await _mine(tx, post_id, actor=actor, now=now)).person_id)
        held = await _mine(tx, post_id, actor=actor, now=now)
        moved = step(held.post)
        if moved != held.post:
            record = _about(event, group.number, moved, actor, now, post_id=post_id)
            await posts.change(tx, held, moved, record=record)
        seen = await _mine(tx, post_id, actor=actor, now=now)
        once.answer(seen)
    return seen


async def _mine(tx: Transaction, post_id: int, *, actor: Actor, now: datetime) -> HeldPost:
    """Return a post if the caller may speak for one of its sides; else it looks as if there were none."""
    seen = posts.everything()
    if not actor.may("register:decide"):
        seen = (
            posts.of_association(actor.association)
            if actor.may("members:write") and actor.association is not None
            else posts.at_schools([School(SchoolScheme.URN, actor.urn or "")])
        )
    held = await posts.find(tx, post_id, day=london_day(now), seen=seen)
    if held is None:
        raise NoSuchPost(post_id=post_id)
    return held


async def _person(tx: Transaction, number: str, *, actor: Actor) -> int:
    """Return the person of a number; an association speaks for its own members only."""
    found = await people.find_by_number(tx, parse_number(number))
    if found is None:
        raise NoSuchMember
    if side_of(actor) is Side.PRACTITIONER:
        group = await merges.group_of(tx, found.id)
        if not await memberships.belongs(tx, group.ids, actor.association or ""):
            raise NoSuchMember
    return found.id


def _check_school(actor: Actor, school: School | None) -> None:
    if actor.may("register:decide") or actor.may("members:write"):
        return
    if school != School(SchoolScheme.URN, actor.urn or ""):
        raise PostOfAnotherSchool


def _evidence(actor: Actor, evidence: str | None) -> str | None:
    """Return a registrar's evidence; a school speaks for itself and needs none."""
    if not actor.may("register:decide"):
        return None
    if not (evidence or "").strip():
        raise EmployerEvidenceMissing
    return (evidence or "").strip()


def _as_post(wanted: NewPost, school: School | None) -> Post:
    return Post(
        employer_id=wanted.employer_id,
        school=school,
        role=wanted.role,
        share_percent=wanted.share_percent,
        basis=wanted.basis,
        independent=wanted.independent,
        independence_declaration=wanted.independence_declaration,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
    )


def _about(
    event: str, number: str, post: Post, actor: Actor, now: datetime, *, post_id: int | None = None
) -> Record:
    """Return the journal record of a step; where somebody works is not said, for not all may know it."""
    facts: dict[str, object] = {"standing": post.standing(london_day(now)).value}
    if post_id is not None:
        facts["post"] = post_id
    return Record(actor=actor, at=now, event=event, subject=number, facts=facts)
