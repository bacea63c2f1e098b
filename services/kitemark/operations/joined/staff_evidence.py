"""Evidence for competent staff and benchmark 8, taken from the register and CPD when a school asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.kitemark.clients.advisers import AdvisersClient, PostsSeen
from services.kitemark.clients.cpd import CpdClient
from services.kitemark.domain.joined.staffing import Post, Staffing, staffing
from services.kitemark.storage import reference
from services.kitemark.storage.joined import staff_evidence
from services.kitemark.storage.joined.staff_evidence import HeldEvidence
from shared.actor import Actor
from shared.database import Database
from shared.errors import Forbidden, NotFound
from shared.idempotency import Once
from shared.journal import Record

SCHOOL, PANEL, BODY = "checks:write", "validations:decide", "awards:write"
READERS = (SCHOOL, PANEL, BODY)
SeenEvidence = HeldEvidence


class NoSuchStaffEvidence(NotFound):
    """There is no such evidence, or it was not taken for you."""


class SchoolMissing(Forbidden):
    """Your access token speaks for no school."""


async def take(
    db: Database,
    once: Once,
    advisers: AdvisersClient,
    cpd: CpdClient,
    *,
    for_body: str | None,
    actor: Actor,
    now: datetime,
) -> SeenEvidence:
    """Ask both neighbours about the caller's own school and keep what they showed, with where it is from.

    A neighbour that says nothing leaves its part unknown. Nobody is named: the register names those whom
    the public may read there.
    """
    urn = _school(actor)
    async with db.reading() as tx:
        roles = frozenset(entry["code"] for entry in await reference.bodies(tx, "adviser_roles"))
    # Asked before the transaction opens: nothing is held while the network is slow.
    found, asked = await _asked_of_both(advisers, cpd, urn=urn, roles=roles, now=now)
    async with db.transaction(actor, once) as tx:
        held = await staff_evidence.write(
            tx,
            urn=urn,
            for_body=for_body,
            taken_at=now,
            content=_content(found, asked),
            record=lambda id_: _about(id_, urn, found, actor, now),
        )
        once.answer(held)
    return held


async def get(db: Database, *, id_: int, actor: Actor) -> SeenEvidence:
    """Return evidence to its school, to the body that the school named, and to the panel."""
    actor.require(*READERS)
    async with db.reading() as tx:
        held = await staff_evidence.find(tx, id_)
    if held is None or not _may_read(held, actor):
        raise NoSuchStaffEvidence
    return held


def _may_read(held: HeldEvidence, actor: Actor) -> bool:
    return (
        actor.may(PANEL)
        or (actor.may(SCHOOL) and actor.urn == held.urn)
        or (actor.may(BODY) and actor.body is not None and actor.body == held.for_body)
    )


def _school(actor: Actor) -> str:
    """Return the school for which the caller speaks."""
    actor.require(SCHOOL)
    if actor.urn is None:
        raise SchoolMissing
    return actor.urn


async def _asked_of_both(
    advisers: AdvisersClient, cpd: CpdClient, *, urn: str, roles: frozenset[str], now: datetime
) -> tuple[Staffing, Sequence[Mapping[str, Any]]]:
    """Return what the neighbours show, and who was asked for it; CPD is asked where there is somebody."""
    seen = await advisers.posts_at(urn)
    numbers = _numbers(seen, roles)
    words = await cpd.standings(numbers, now=now) if numbers else None
    asked = [_asked("register", "/v1/posts/batch", answered=seen is not None, now=now)]
    if numbers:
        asked.append(_asked("cpd", "/v1/standing/batch", answered=words is not None, now=now))
    return staffing(_with_words(seen, words), adviser_roles=roles), asked


def _numbers(seen: PostsSeen | None, roles: frozenset[str]) -> Sequence[str]:
    posts = () if seen is None else seen.posts
    return sorted({each.number for each in posts if each.licensed and each.role in roles})


def _with_words(seen: PostsSeen | None, words: Mapping[str, str] | None) -> Sequence[Post] | None:
    if seen is None:
        return None
    return [replace(each, cpd=(words or {}).get(each.number)) for each in seen.posts]


def _asked(source: str, path: str, *, answered: bool, now: datetime) -> Mapping[str, Any]:
    as_of = now.isoformat() if answered else None
    return {"source": source, "answered": answered, "asked": path, "as_of": as_of}


def _content(found: Staffing, asked: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {
        "benchmark_8": found.benchmark_8.value,
        "competent_staff": found.competent_staff.value,
        "advisers": found.advisers,
        "licensed_advisers": found.licensed,
        "cpd": {word.value: count for word, count in found.cpd.items()},
        "provenance": list(asked),
    }


def _about(id_: int, urn: str, found: Staffing, actor: Actor, now: datetime) -> Record:
    """Return a line's record: how anybody's CPD stands is in no line."""
    facts = {"evidence": id_, "benchmark_8": found.benchmark_8.value}
    return Record(actor=actor, at=now, event="staff-evidence.taken", subject=f"school:{urn}", facts=facts)
