"""What anybody needs to draw again, and what a person needs to see why they were or were not drawn."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from services.cpd.domain.access import own_association
from services.cpd.domain.audit.draw import Exclusion, NoSuchAudit
from services.cpd.operations.audit.audits import AUDIT
from services.cpd.operations.persons import anybody, own_member
from services.cpd.storage.audit import audits, lists
from services.cpd.storage.audit.audits import Freeze, HeldAudit
from shared.actor import Actor
from shared.database import Database
from shared.draw import place_of
from shared.errors import Conflict

AT_ONCE = 10_000


class ListNotFrozen(Conflict):
    """The list of this audit is not frozen yet, so there is nothing to prove."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InStratum:
    """Where a person comes in one stratum: drawn where their hash is not after that of the last one drawn."""

    association: str
    population: int
    size: int
    last_drawn: str | None
    drawn: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Treatment:
    """How one person was treated by an audit; None for what is not there, or not yet."""

    number: str
    considered: bool
    exclusion: Exclusion | None
    salt: bytes | None
    salted_id: str | None
    hash: str | None
    strata: tuple[InStratum, ...]


async def proof(db: Database, *, audit_id: int) -> HeldAudit:
    """Return an audit whose list is frozen; raises ListNotFrozen."""
    async with db.reading() as tx:
        held = await audits.find(tx, audit_id)
    if held is None:
        raise NoSuchAudit(audit_id=audit_id)
    if held.freeze is None:
        raise ListNotFrozen
    return held


async def listed(db: Database, *, audit_id: int) -> AsyncIterator[tuple[str, tuple[str, ...]]]:
    """Give every salted id of a frozen list, in order, with its associations; a list that is frozen stays."""
    after = ""
    while True:
        async with db.reading() as tx:
            found = await lists.salted_after(tx, audit_id, after=after, limit=AT_ONCE)
        for each in found:
            yield each
        if len(found) < AT_ONCE:
            return
        after = found[-1][0]


async def treatment(db: Database, *, audit_id: int, number: str, actor: Actor) -> Treatment:
    """Return how a member was treated, and everything with which that can be checked.

    An association is told of its own stratum. Raises NoSuchMember, NoSuchAudit and ListNotFrozen.
    """
    held = await proof(db, audit_id=audit_id)
    assert held.freeze is not None  # noqa: S101 - proof() has asked
    own = None if actor.may(AUDIT) else own_association(actor)
    async with db.reading() as tx:
        group = await (anybody(tx, number) if own is None else own_member(tx, number, actor))
        found = await lists.find(tx, audit_id, group.numbers)
        cuts = await lists.cuts(tx, audit_id)
    if found is None or (own is not None and own not in found.associations):
        return Treatment(
            number=group.kept,
            considered=False,
            exclusion=None,
            salt=None,
            salted_id=None,
            hash=None,
            strata=(),
        )
    drawn = held.seed if held.drawn_at else None
    hash_ = place_of(drawn.seed, found.salted_id) if drawn and found.salted_id else None
    strata = [each for each in found.associations if own in (None, each) and found.exclusion is None]
    return Treatment(
        number=found.number,
        considered=True,
        exclusion=found.exclusion,
        salt=found.salt,
        salted_id=found.salted_id,
        hash=hash_,
        strata=tuple(_in_stratum(each, held.freeze, cuts, hash_) for each in strata),
    )


def _in_stratum(association: str, fixed: Freeze, cuts: Mapping[str, str], hash_: str | None) -> InStratum:
    population, size = fixed.sizes[association]
    return InStratum(
        association=association,
        population=population,
        size=size,
        last_drawn=cuts.get(association),
        drawn=None if hash_ is None else hash_ <= cuts.get(association, ""),
    )
