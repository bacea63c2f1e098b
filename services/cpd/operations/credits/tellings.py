"""Modules and programmes told by their associations, and found by anybody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from services.cpd.domain.access import own_association
from services.cpd.domain.credits.module import Module, NoSuchModule, check_module
from services.cpd.domain.credits.programme import (
    NoSuchProgramme,
    Programme,
    ProgrammeNotPlausible,
    check_programme,
    named_modules,
)
from services.cpd.operations.standings import Axes
from services.cpd.storage import entries as log
from services.cpd.storage.credits import told as kept
from services.cpd.storage.credits.told import MODULES, PROGRAMMES, Held, Shelf, Told
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.errors import FieldError, NotFound
from shared.journal import Record
from shared.paging import Page, page_of, place_of

SeenModule = Held[Module]
SeenProgramme = Held[Programme]
Expectation = Callable[[Held[Any] | None], None]


@dataclass(frozen=True, slots=True)
class Sort(Generic[Told]):
    """What is told: its word in events, where it is kept, and how a missing one is refused."""

    word: str
    shelf: Shelf[Told]
    missing: type[NotFound]


MODULE: Sort[Module] = Sort("module", MODULES, NoSuchModule)
PROGRAMME: Sort[Programme] = Sort("programme", PROGRAMMES, NoSuchProgramme)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written(Generic[Told]):
    """A version as it stands after it was told."""

    held: Held[Told]
    created: bool
    changed: bool


async def tell_module(
    db: Database,
    *,
    association: str,
    code: str,
    module: Module,
    actor: Actor,
    now: datetime,
    expecting: Expectation = lambda _: None,
) -> Written[Module]:
    """Bring a version of a module up to what its association tells; the same again changes nothing.

    ``expecting`` is shown the version as it stands under lock and may refuse. Raises NoSuchModule where the
    caller speaks for another, ModuleNotPlausible, VersionDayTaken.
    """
    check_module(module)
    if own_association(actor) != association:
        raise NoSuchModule
    async with db.transaction(actor) as tx:
        return await _tell(tx, MODULE, module, association, code, actor=actor, now=now, expecting=expecting)


async def tell_programme(
    db: Database,
    *,
    association: str,
    code: str,
    programme: Programme,
    actor: Actor,
    now: datetime,
    expecting: Expectation = lambda _: None,
) -> Written[Programme]:
    """Bring a version of a programme up to what its association tells; the same again changes nothing.

    ``expecting`` is shown the version as it stands under lock and may refuse. Raises NoSuchProgramme where
    the caller speaks for another, ProgrammeNotPlausible, also for a module that nobody told, VersionDayTaken.
    """
    check_programme(programme)
    if own_association(actor) != association:
        raise NoSuchProgramme
    async with db.transaction(actor) as tx:
        await _check_modules(tx, programme)
        return await _tell(
            tx, PROGRAMME, programme, association, code, actor=actor, now=now, expecting=expecting
        )


async def get(
    db: Database,
    sort: Sort[Told],
    *,
    association: str,
    code: str,
    version: str | None,
    axes: Axes,
    now: datetime,
) -> Held[Told]:
    """Return the version named, or the one in effect on a day; raises what says that there is none."""
    async with db.reading() as tx:
        held = await kept.in_effect(
            tx,
            sort.shelf,
            association,
            code,
            version=version,
            day=axes.settled(now)[0],
            known_at=axes.known_at,
        )
    if held is None:
        raise sort.missing
    return held


async def versions(db: Database, sort: Sort[Told], *, association: str, code: str) -> Sequence[Held[Told]]:
    """Return every version with its amendments, oldest first; raises what says that there is none."""
    async with db.reading() as tx:
        found = await kept.versions(tx, sort.shelf, association, code)
    if not found:
        raise sort.missing
    return found


async def page(
    db: Database,
    sort: Sort[Told],
    *,
    association: str | None,
    axes: Axes,
    after: str | None,
    limit: int,
    now: datetime,
) -> Page[Held[Told]]:
    """Return of each the version in effect on a day, by association and id."""
    place = place_of(after, str, str)
    async with db.reading() as tx:
        found = await kept.page(
            tx,
            sort.shelf,
            association=association,
            day=axes.settled(now)[0],
            after=place and (place[0], place[1]),
            limit=limit + 1,
        )
    return page_of(found, limit=limit, place=lambda each: (each.association, each.code))


async def _tell(
    tx: Transaction,
    sort: Sort[Told],
    told: Told,
    association: str,
    code: str,
    *,
    actor: Actor,
    now: datetime,
    expecting: Expectation,
) -> Written[Told]:
    await log.hold(tx, association, [f"{sort.word} {code}"])
    held = await kept.find(tx, sort.shelf, association, code, told.version)
    expecting(held)
    if held is not None and held.told == told:
        return Written(held=held, created=False, changed=False)
    record = Record(
        actor=actor,
        at=now,
        event=f"{sort.word}.recorded" if held is None else f"{sort.word}.amended",
        subject=f"{sort.word}:{association}/{code}",
        facts={
            "version": told.version,
            "effective_from": told.effective_from.isoformat(),
            "title": told.title,
            "withdrawn": told.withdrawn,
        },
    )
    if held is None:
        written = await kept.write(tx, sort.shelf, told, association=association, code=code, record=record)
    else:
        written = await kept.amend(tx, sort.shelf, held, told, record=record)
    return Written(held=written, created=held is None, changed=True)


async def _check_modules(tx: Transaction, programme: Programme) -> None:
    named = list(named_modules(programme))
    known = await kept.known_codes(tx, MODULES, {module for _, module in named})
    errors = [
        FieldError(pointer, "not-known", f"No association has told of a module {module}.")
        for pointer, module in named
        if module not in known
    ]
    if errors:
        raise ProgrammeNotPlausible(errors=errors)
