"""Clients to try everything with on one's own machine: one of each kind, more where they have to differ."""

from collections.abc import Mapping
from datetime import datetime

from services.gateway.domain.client import NoSuchClient
from services.gateway.domain.credentials import SAMPLE
from services.gateway.operations import clients
from shared.actor import Actor
from shared.database import Database

SAMPLES: Mapping[str, tuple[str, dict[str, str | None]]] = {
    "association": ("association", {"association": "ICG"}),
    "association_two": ("association", {"association": "ACEG"}),
    "registrar": ("registrar", {}),
    "registrar_two": ("registrar", {}),
    "auditor": ("auditor", {}),
    "auditor_two": ("auditor", {}),
    "auditor_three": ("auditor", {}),
    "auditor_four": ("auditor", {}),
    "award_body": ("award-body", {"body": "sample-body"}),
    "assessor": ("assessor", {}),
    "assessor_two": ("assessor", {}),
    "moderator": ("assessor", {"body": "sample-body-two"}),
    "school": ("school", {"urn": "100000"}),
    "careers_service": ("careers-service", {}),
    "neighbour": ("neighbour", {}),
}
"""The name in the sample file → the kind of the client, and for whom it speaks."""


async def ensure(
    db: Database, known: Mapping[str, Mapping[str, str]], *, now: datetime
) -> dict[str, dict[str, str]]:
    """Return id and secret of each sample client, making those that are not there.

    A secret in ``known`` that still works is kept; where it was lost, the client gets another.
    """
    return {name: await _ensured(db, name, known.get(name, {}), now=now) for name in SAMPLES}


async def _ensured(db: Database, name: str, known: Mapping[str, str], *, now: datetime) -> dict[str, str]:
    client_id = SAMPLE + name.replace("_", "-")
    secret = known.get("secret", "")
    if known.get("id") == client_id and await clients.secret_works(db, client_id=client_id, secret=secret):
        return {"id": client_id, "secret": secret}
    actor = Actor.system("sample-clients")
    try:
        secret = await clients.rotate_secret(db, client_id=client_id, end_tokens=False, actor=actor, now=now)
    except NoSuchClient:
        kind, parties = SAMPLES[name]
        _, secret = await clients.create(
            db,
            kind=kind,
            name=f"Sample: {name.replace('_', ' ')}",
            parties=parties,
            client_id=client_id,
            actor=actor,
            now=now,
        )
    return {"id": client_id, "secret": secret}
