"""What anybody can read of a body: how its awards were moderated, what concerns came to, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.kitemark.domain.policing import quality as rules
from services.kitemark.domain.policing.policy import PolicingPolicy
from services.kitemark.domain.policing.quality import Agreement, Concerns
from services.kitemark.operations.policing.terms import terms
from services.kitemark.storage import reference
from services.kitemark.storage.awards import standings
from services.kitemark.storage.policing import cases, concerns
from shared.clock import london_day
from shared.database import Database
from shared.errors import NotFound


class NoSuchBody(NotFound):
    """There is no such awarding body: GET /v1/bodies lists them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reassessment:
    """By which day the authority of a body for a scheme is to be assessed anew, as it is recorded here."""

    scheme: str
    authorised_from: date
    due_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Quality:
    """What is published of a body on a day."""

    body: str
    day: date
    terms: PolicingPolicy
    moderations: Sequence[Agreement]
    concerns: Concerns
    reassessments: Sequence[Reassessment]


async def get(db: Database, *, body: str, now: datetime) -> Quality:
    """Return what is decided about a body, small counts suppressed; raises NoSuchBody."""
    today = london_day(now)
    async with db.reading() as tx:
        if await reference.find(tx, "bodies", body) is None:
            raise NoSuchBody
        policy = await terms(tx, today)
        counted = await cases.counted(tx, body)
        closed = await concerns.closed_about(tx, body)
        held = await standings.all_authorities(tx, known_at=None, bodies=[body])
    return Quality(
        body=body,
        day=today,
        terms=policy,
        moderations=[
            rules.agreement(each, confidence=policy.confidence, least=policy.least_count) for each in counted
        ],
        concerns=rules.concerns(closed, least=policy.least_count),
        reassessments=[
            Reassessment(
                scheme=each.span.scheme,
                authorised_from=each.span.first,
                due_on=policy.reassessment_due(each.span.first),
            )
            for each in held
            if each.span.holds(today)
        ],
    )
