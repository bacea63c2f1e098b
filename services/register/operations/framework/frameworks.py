"""The career progression framework as it is published: its versions, one of them in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.register.domain.framework import framework as rules
from services.register.domain.framework.framework import MoveKind
from services.register.storage import reference
from shared.clock import london_day
from shared.database import Database, Transaction

KIND = "career_frameworks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """One version in full, and all versions there are."""

    document: Mapping[str, Any]
    versions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedRole:
    """A role of a version with the moves and pathways that begin or end at it."""

    version: str
    role: Mapping[str, Any]
    moves_from: Sequence[Mapping[str, Any]]
    moves_to: Sequence[Mapping[str, Any]]
    pathways: Sequence[Mapping[str, Any]]


async def get(db: Database, *, version: str | None, valid_at: date | None, now: datetime) -> Published:
    """Return a version by its name, or the one that holds on a day, today where none is said."""
    async with db.reading() as tx:
        versions = await reference.bodies(tx, KIND)
    return Published(document=_chosen(versions, version, valid_at, now), versions=versions)


async def get_role(
    db: Database, *, code: str, version: str | None, valid_at: date | None, now: datetime
) -> PlacedRole:
    """Return a role of a version, with where it leads and what leads to it."""
    document = (await get(db, version=version, valid_at=valid_at, now=now)).document
    return PlacedRole(
        version=document["code"],
        role=rules.role_body(document, code),
        moves_from=rules.moves(document, start=code),
        moves_to=rules.moves(document, end=code),
        pathways=rules.pathways(document, code),
    )


async def moves(
    db: Database,
    *,
    start: str | None,
    end: str | None,
    kind: MoveKind | None,
    version: str | None,
    valid_at: date | None,
    now: datetime,
) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """Return the version, and its moves that begin at, end at, or are of what is asked for."""
    document = (await get(db, version=version, valid_at=valid_at, now=now)).document
    for code in (start, end):
        if code is not None:
            rules.role_body(document, code)
    return document["code"], rules.moves(document, start=start, end=end, kind=kind)


async def in_force(tx: Transaction, day: date) -> Mapping[str, Any]:
    """Return the version that holds on a day."""
    return rules.version_on(await reference.bodies(tx, KIND), day)


def _chosen(
    versions: Sequence[Mapping[str, Any]], version: str | None, valid_at: date | None, now: datetime
) -> Mapping[str, Any]:
    if version is not None:
        return rules.version_named(versions, version)
    return rules.version_on(versions, valid_at or london_day(now))
