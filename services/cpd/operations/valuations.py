"""What a person's entries count for in each association, and would in another: nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.cpd.domain.access import NoSuchMember
from services.cpd.domain.cycle import Membership, anniversary
from services.cpd.domain.number import parse_number
from services.cpd.domain.policy import MembershipLevel
from services.cpd.domain.valuation import Appraisal, appraise
from services.cpd.operations.standings import Axes, facts_of, seen_by, view_of
from services.cpd.storage import groups, members, policies
from shared.actor import Actor
from shared.database import Database

OPEN_YEARS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Joining:
    """A membership that is only supposed; without ``since`` it began early enough for both open years."""

    association: str
    level: MembershipLevel
    since: date | None = None

    def as_of(self, day: date) -> Membership:
        """Return the membership as it is supposed on a day."""
        since = self.since or anniversary(day, -OPEN_YEARS)
        return Membership(association=self.association, level=self.level, valid_from=since, valid_to=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenValuations:
    """A person's entries, valued; ``own`` is the association whose entries may be shown, None for all."""

    number: str
    supposed: Membership | None
    appraisals: Sequence[Appraisal]
    valid_at: date
    known_at: datetime
    register_position: int
    own: str | None


async def get(
    db: Database, *, number: str, joining: Joining | None, axes: Axes, actor: Actor, now: datetime
) -> SeenValuations:
    """Return what each entry of a person counts for; raises NoSuchMember where the caller may know of nobody.

    Somebody who is no member of anything that the caller may see is nobody, whatever is supposed of them.
    """
    canonical = parse_number(number)
    day, known_at = axes.settled(now)
    as_of = None if axes.known_at is None else known_at
    _, own = view_of(actor)
    async with db.reading() as tx:
        found = await groups.of_numbers(tx, [canonical], known_at=as_of)
        published = await policies.every(tx)
        facts = (await facts_of(tx, found, published, day=day, known_at=as_of)).get(canonical)
        position = await members.position(tx)
    seen = None if facts is None else seen_by(facts, own)
    if seen is None or not seen.memberships:
        raise NoSuchMember
    supposed = None if joining is None else joining.as_of(day)
    return SeenValuations(
        number=found[canonical].kept,
        supposed=supposed,
        appraisals=appraise(seen, published, day=day, supposed=supposed),
        valid_at=day,
        known_at=known_at,
        register_position=position,
        own=own,
    )
