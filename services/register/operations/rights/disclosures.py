"""The log of disclosures: written before an answer leaves, shown to whoever may speak for the person."""

from datetime import datetime

from services.register.domain.person import parse_number
from services.register.domain.rights.disclosure import Purpose, RecipientKind
from services.register.operations.rights.subjects import DECIDE, spoken_for
from services.register.storage.rights import disclosures
from services.register.storage.rights.disclosures import KeptDisclosure
from shared.actor import Actor
from shared.database import Database
from shared.disclosures import Disclosed, Disclosure, DisclosureLog
from shared.paging import Page, page_of, place_of

ABOUT = ("number", "registration_number", "first_number", "second_number")
SeenDisclosure = KeptDisclosure


def log_of(db: Database) -> DisclosureLog:
    """Return the register's log, as the routes that disclose use it."""

    async def write(disclosed: Disclosed) -> None:
        await note(db, disclosed)

    return DisclosureLog(about=ABOUT, purposes=frozenset(Purpose), write=write)


async def note(db: Database, disclosed: Disclosed) -> None:
    """Write down what an answer discloses, in a transaction of its own; the answer waits for it.

    A read has no transaction that could carry a line, and a write has had its own by then: where this one
    fails, the answer is not given, and a repeated request gets it once the line can be kept.
    """
    async with db.transaction(disclosed.actor) as tx:
        await disclosures.append(tx, disclosed)


async def note_import(db: Database, import_id: int, *, operation: str, actor: Actor, now: datetime) -> None:
    """Write down that a file of rows is given out: one line for all, since rows name whom they like."""
    told = Disclosure(about=f"import:{import_id}", fields=("rows",))
    await note(
        db,
        Disclosed(actor=actor, operation=operation, purpose=Purpose.IMPORT, at=now, disclosures=[told]),
    )


async def page(
    db: Database, *, number: str, actor: Actor, after: str | None, limit: int
) -> Page[SeenDisclosure]:
    """Return who was told what of a person, newest first, to a registrar or an association of the person's.

    An association reads of others only that and when somebody asked: neither that a person is a member
    elsewhere, nor that a matter is being looked into, is told by the log. A registrar reads all of it.
    """
    canonical = parse_number(number)
    (before,) = place_of(after, int) or (None,)
    async with db.reading(None if actor.may(DECIDE) else actor) as tx:
        subject = await spoken_for(tx, canonical, actor=actor)
        found = await disclosures.page(tx, subject.numbers, before=before, limit=limit + 1)
    seen = found if actor.may(DECIDE) else [_as_told(each, to=actor.association) for each in found]
    return page_of(seen, limit=limit, place=lambda each: (each.id,))


def _as_told(line: SeenDisclosure, *, to: str | None) -> SeenDisclosure:
    if line.association == to:
        return line
    return KeptDisclosure(
        id=line.id,
        at=line.at,
        recipient=None,
        recipient_kind=RecipientKind.OTHER,
        client_id=None,
        association=None,
        urn=None,
        about=line.about,
        fields=(),
        purpose=None,
        operation=None,
    )
