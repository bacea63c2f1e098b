"""The sample of a development machine: invented providers, one for each answer about compliance.

The guide for providers names them. What is there is left alone.
"""

from dataclasses import dataclass
from datetime import date, datetime

from services.kitemark.domain.providers.accreditation import Accreditation
from services.kitemark.domain.providers.provider import Circumstance, Closing, Outcome, Provider, Sector
from services.kitemark.operations.providers import accreditations, providers
from shared.actor import Actor
from shared.database import Database
from shared.idempotency import WithoutKey

PANEL = Actor(subject="sample-panel", client_id="sample", scopes=frozenset({"validations:decide"}))
KEEPER = "sample-list"
MERGED, SUCCESSOR = "99990206", "99990201"
CODES = (
    "national_careers_service",
    "adult_education_budget_college",
    "traineeships",
    "commissioned_by_schools",
    "agcas_member",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sample:
    ukprn: str
    name: str
    sector: Sector | None
    publicly_funded: bool | None
    does: str | None = None
    sole_trader: bool = False
    accredited: bool = False


# One for each answer: compliant, not_compliant, recommended_and_missing, not_required, unknown; and one that
# is no more, since it merged into the first.
SAMPLES = (
    _Sample(
        ukprn="99990201",
        name="Invented Careers Service",
        sector=Sector.PUBLIC,
        publicly_funded=True,
        does="national_careers_service",
        accredited=True,
    ),
    _Sample(
        ukprn="99990202",
        name="Invented Guidance for Schools",
        sector=Sector.THIRD,
        publicly_funded=False,
        does="commissioned_by_schools",
    ),
    _Sample(
        ukprn="99990203",
        name="Invented Sole Trader",
        sector=Sector.PRIVATE,
        publicly_funded=False,
        sole_trader=True,
    ),
    _Sample(ukprn="99990204", name="Invented Charity", sector=Sector.THIRD, publicly_funded=False),
    _Sample(ukprn="99990205", name="Invented Unknown", sector=None, publicly_funded=None),
    _Sample(ukprn=MERGED, name="Invented Predecessor", sector=Sector.PUBLIC, publicly_funded=True),
)


async def load_sample(db: Database, *, now: datetime) -> None:
    """Give the database the sample providers; the second time nothing changes."""
    for each in SAMPLES:
        await providers.upsert(db, ukprn=each.ukprn, told=_provider(each), actor=PANEL, now=now)
        if each.accredited:
            await accreditations.upsert(
                db,
                keeper=KEEPER,
                own_id=f"SAMPLE-{each.ukprn}",
                told=_accreditation(each.ukprn),
                actor=PANEL,
                now=now,
            )
    merged = await providers.get(db, ukprn=MERGED, known_at=None, now=now)
    if merged.closing is None:
        closing = Closing(closed_on=date(2025, 3, 31), outcome=Outcome.MERGED, successor=SUCCESSOR)
        await providers.close(db, WithoutKey(), ukprn=MERGED, closing=closing, actor=PANEL, now=now)


def _provider(each: _Sample) -> Provider:
    known = each.sector is not None
    return Provider(
        name=f"{each.name} (sample)",
        sector=each.sector,
        sole_trader=each.sole_trader if known else None,
        publicly_funded=each.publicly_funded,
        local_authorities=("999",),
        circumstances=tuple(Circumstance(code=code, holds=code == each.does) for code in CODES)
        if known
        else (),
    )


def _accreditation(ukprn: str) -> Accreditation:
    return Accreditation(
        ukprn=ukprn,
        standard="matrix",
        edition="matrix-2021",
        valid_from=date(2024, 4, 1),
        valid_to=date(2029, 3, 31),
        source="Sample: nobody assessed anybody.",
    )
