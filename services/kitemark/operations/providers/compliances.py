"""Whether providers have what is asked of them: facts loaded for one or many, one pure function asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.kitemark.domain.providers.compliance import (
    Answer,
    Compliance,
    ComplianceReason,
    Facts,
    compliance,
)
from services.kitemark.domain.providers.provider import NoSuchProvider, UkprnMalformed, checked_ukprn
from services.kitemark.domain.providers.rule import Rule, read_rule
from services.kitemark.operations.providers.axes import Axes
from services.kitemark.storage import reference
from services.kitemark.storage.providers import accreditations, providers
from services.kitemark.storage.providers.accreditations import HeldAccreditation
from shared.database import Database, Transaction

MALFORMED = Compliance(answer=Answer.UNKNOWN, reasons=(ComplianceReason.UKPRN_MALFORMED,))


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenCompliance:
    """What was asked, the answer, and the accreditations that it rests on."""

    ukprn: str
    name: str | None
    compliance: Compliance
    accreditations: tuple[HeldAccreditation, ...]
    successor: str | None
    axes: Axes


async def get(
    db: Database, *, ukprn: str, valid_at: date | None, known_at: datetime | None, now: datetime
) -> SeenCompliance:
    """Return whether a provider has on a day what is asked of it; raises NoSuchProvider."""
    checked = checked_ukprn(ukprn)
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    async with db.reading() as tx:
        (seen,) = await judge(tx, [checked], axes=axes)
    if seen.name is None:
        raise NoSuchProvider(ukprn=checked)
    return seen


async def batch(
    db: Database,
    *,
    ukprns: Sequence[str],
    valid_at: date | None,
    known_at: datetime | None,
    now: datetime,
) -> list[SeenCompliance]:
    """Return one answer for each UKPRN asked, in order, by a fixed number of queries.

    What is no UKPRN, and one that nobody recorded, is answered as unknown, with the reason.
    """
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    async with db.reading() as tx:
        return await judge(tx, ukprns, axes=axes)


async def judge(tx: Transaction, ukprns: Sequence[str], *, axes: Axes) -> list[SeenCompliance]:
    """Return one answer for each UKPRN, in order."""
    wanted = sorted({each for each in ukprns if _is_one(each)})
    day, known_at = axes.valid_at, axes.known_at
    rules = await rules_of(tx)
    known = await providers.find_many(tx, wanted, known_at=known_at)
    closings = await providers.closings_of(tx, wanted, known_at=known_at)
    before = await providers.predecessors_of(tx, wanted, day=day, known_at=known_at)
    everybody = {*wanted, *(each for those in before.values() for each in those)}
    held = await accreditations.of_providers(tx, everybody, known_at=known_at)

    def seen(asked: str) -> SeenCompliance:
        provider = known.get(asked)
        own = held.get(asked, ())
        facts = None
        if provider is not None:
            facts = Facts(
                provider=provider.provider,
                closing=closings.get(asked),
                accreditations=tuple(each.accreditation for each in own),
                inherited=tuple(
                    each.accreditation for other in before.get(asked, ()) for each in held.get(other, ())
                ),
            )
        return SeenCompliance(
            ukprn=asked,
            name=None if provider is None else provider.provider.name,
            compliance=compliance(facts, rules, day=day),
            accreditations=own,
            successor=closings[asked].successor if asked in closings else None,
            axes=axes,
        )

    found = {each: seen(each) for each in wanted}
    return [found[each] if each in found else _malformed(each, axes) for each in ukprns]


async def rules_of(tx: Transaction) -> tuple[Rule, ...]:
    """Return every version of every requirement rule, those to come included."""
    return tuple(read_rule(entry) for entry in await reference.bodies(tx, "requirement_rules"))


def _is_one(text: str) -> bool:
    try:
        checked_ukprn(text)
    except UkprnMalformed:
        return False
    return True


def _malformed(asked: str, axes: Axes) -> SeenCompliance:
    return SeenCompliance(
        ukprn=asked, name=None, compliance=MALFORMED, accreditations=(), successor=None, axes=axes
    )
