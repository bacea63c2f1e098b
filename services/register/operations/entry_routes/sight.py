"""Routes to entry as their association and registrars see them, and the lock under which they move."""

from dataclasses import dataclass
from datetime import datetime

from services.register.domain.entry_routes.progress import Progress, progress_of
from services.register.domain.entry_routes.refusals import NoSuchEntryRoute
from services.register.domain.entry_routes.route import RouteKind, RouteStatus
from services.register.operations.member_records import own_association
from services.register.storage import merges
from services.register.storage.entry_routes import routes
from services.register.storage.entry_routes.routes import HeldRoute
from services.register.storage.merges import Group
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.journal import Record
from shared.paging import Page, page_of, place_of

DECIDE = "register:decide"


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenRoute:
    """A route with how far it has come."""

    held: HeldRoute
    progress: Progress


async def get(db: Database, *, route_id: int, actor: Actor) -> SeenRoute:
    """Return a route to a registrar, or to the association whose it is."""
    async with db.reading() as tx:
        held = await routes.find(tx, route_id)
    if held is None or _viewer(actor) not in (None, held.association):
        raise NoSuchEntryRoute
    return seen(held)


async def page(
    db: Database,
    *,
    kind: RouteKind | None,
    status: RouteStatus | None,
    actor: Actor,
    after: str | None,
    limit: int,
) -> Page[SeenRoute]:
    """Return routes in the order of their submission: to a registrar all, else one's own."""
    viewer = _viewer(actor)
    (last,) = place_of(after, int) or (0,)
    async with db.reading() as tx:
        found = await routes.page(
            tx, association=viewer, kind=kind, status=status, after=last, limit=limit + 1
        )
    return page_of(
        [seen(each) for each in found], limit=limit, place=lambda each: (each.held.route.route_id,)
    )


async def locked(
    tx: Transaction, route_id: int, *, association: str | None = None
) -> tuple[Group, HeldRoute]:
    """Lock the person and return the route as it then stands; another association's does not exist."""
    found = await routes.find(tx, route_id)
    if found is None or association not in (None, found.association):
        raise NoSuchEntryRoute
    group = await merges.lock_group(tx, found.person_id)
    return group, (await look_at(tx, route_id)).held


async def look_at(tx: Transaction, route_id: int) -> SeenRoute:
    """Return a route as it stands in this transaction."""
    held = await routes.find(tx, route_id)
    if held is None:
        raise NoSuchEntryRoute
    return seen(held)


def seen(held: HeldRoute) -> SeenRoute:
    """Return a route with how far it has come."""
    return SeenRoute(held=held, progress=progress_of(held.route))


def about(event: str, group: Group, kind: RouteKind, actor: Actor, now: datetime) -> Record:
    """Return the journal record of a step on a route: whose it is and which kind, never what was shown."""
    return Record(actor=actor, at=now, event=event, subject=group.number, facts={"route": kind.value})


def _viewer(actor: Actor) -> str | None:
    """Return the association whose routes the caller sees, None for all of them."""
    return None if actor.may(DECIDE) else own_association(actor)
