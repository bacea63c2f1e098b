"""The sample of the catalogue: two offers agreed to be equivalent, and one alone."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from services.cpd.domain.catalogue.equivalence import EquivalenceOpenAlready, EquivalenceStep
from services.cpd.domain.catalogue.offer import Delivery, Offer
from services.cpd.operations.catalogue import equivalences, offers
from shared.actor import Actor
from shared.database import Database
from shared.idempotency import WithoutKey

OFFERS = (
    ("ICG", "SAMPLE-LMI", "Labour market information for the region (sample)", 6),
    ("ACEG", "SAMPLE-LMI", "Local jobs in the classroom (sample)", 7),
    ("ACEG", "SAMPLE-STEM", "A day at an engineering firm (sample)", 6),
)


async def load_sample(db: Database, *, now: datetime) -> None:
    """Tell of the offers and agree on two of them; a sample that is there is left alone."""
    for association, offer_id, title, hours in OFFERS:
        told = Offer(
            title=title, provider="Sample University", delivery=Delivery.WORKSHOP, hours=Decimal(hours)
        )
        await offers.upsert(
            db, association=association, offer_id=offer_id, told=told, actor=_system(association), now=now
        )
    with suppress(EquivalenceOpenAlready):
        proposed = await equivalences.propose(
            db,
            WithoutKey(),
            offer_id="SAMPLE-LMI",
            other="ACEG",
            other_offer_id="SAMPLE-LMI",
            actor=_system("ICG"),
            now=now,
        )
        await equivalences.take(
            db,
            WithoutKey(),
            equivalence_id=proposed.id,
            step=EquivalenceStep.ACCEPT,
            actor=_system("ACEG"),
            now=now,
        )


def _system(association: str) -> Actor:
    return Actor(
        subject=f"sample-{association.lower()}",
        client_id="sample",
        scopes=frozenset({"cpd:write"}),
        association=association,
    )
