"""The sample of complaints: made-up ones about a made-up person, one for each state that is worth a look.

None of them imposes anything, so that the sample's verdicts stay what each person was made for.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.register.domain.conduct.complaint import Step
from services.register.domain.conduct.decision import AppealOutcome, AppealRuling, ComplaintOutcome, Decision
from services.register.operations.conduct import examinations, receipts, rulings
from services.register.operations.conduct.receipts import NewComplaint
from services.register.storage.conduct import sample as progress
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.idempotency import WithoutKey

SCOPES = frozenset({"register:decide"})
COMPLAINANT = Actor(subject="sample-complainant", client_id="sample")
OFFICER = Actor(subject="sample-case-officer", client_id="sample", scopes=SCOPES)
MEMBERS = ("sample-panel-one", "sample-panel-two", "sample-panel-three")
APPEAL_MEMBERS = ("sample-appeal-one", "sample-appeal-two", "sample-appeal-three")
ASSOCIATION = "ICG"
SYSTEM = Actor(
    subject="sample-icg", client_id="sample", scopes=frozenset({"members:write"}), association=ASSOCIATION
)

# How many steps of the way each takes: received, answer awaited, before the panel, under appeal, closed.
LENGTHS = (0, 3, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a complaint of the sample is moved."""

    db: Database
    complaint_id: int
    now: datetime


async def load(db: Database, *, number: str, now: datetime) -> None:
    """Make the complaints about a number that are not there yet."""
    async with db.reading() as tx:
        made = await progress.count(tx, COMPLAINANT.subject)
    for length in LENGTHS[made:]:
        received = await receipts.receive(
            db, WithoutKey(), wanted=_complaint(number, now), actor=COMPLAINANT, now=now
        )
        if received.complaint_id is not None:
            stage = Stage(db, received.complaint_id, now)
            for taken in WAY[:length]:
                await taken(stage)


def _complaint(number: str, now: datetime) -> NewComplaint:
    return NewComplaint(
        number=number,
        described_person=None,
        conduct_on=london_day(now - timedelta(days=30)),
        principles=("Equality",),
        account="Sample: nothing of this happened. The adviser is said to have answered some pupils only.",
        complainant_name="Sample Complainant",
        complainant_contact=None,
        relationship="A parent.",
        member_id=None,
    )


def _by_officer(step: Step) -> Callable[[Stage], Awaitable[object]]:
    async def take(stage: Stage) -> object:
        return await examinations.take(
            stage.db,
            WithoutKey(),
            complaint_id=stage.complaint_id,
            step=step,
            reason="Sample: it was looked at.",
            actor=OFFICER,
            now=stage.now,
        )

    return take


def _for_member(step: Step) -> Callable[[Stage], Awaitable[object]]:
    async def say(stage: Stage) -> object:
        return await examinations.say_for_member(
            stage.db,
            WithoutKey(),
            complaint_id=stage.complaint_id,
            step=step,
            words="Sample: the member says that it was otherwise.",
            actor=SYSTEM,
            now=stage.now,
        )

    return say


def _seat(members: tuple[str, ...]) -> Callable[[Stage], Awaitable[object]]:
    async def convene(stage: Stage) -> object:
        return await examinations.convene(
            stage.db,
            WithoutKey(),
            complaint_id=stage.complaint_id,
            members=members,
            actor=OFFICER,
            now=stage.now,
        )

    return convene


async def _ask(stage: Stage) -> object:
    return await examinations.ask_member(
        stage.db,
        WithoutKey(),
        complaint_id=stage.complaint_id,
        association=ASSOCIATION,
        actor=OFFICER,
        now=stage.now,
    )


async def _decide(stage: Stage) -> object:
    return await rulings.decide(
        stage.db,
        WithoutKey(),
        complaint_id=stage.complaint_id,
        decision=Decision(
            outcome=ComplaintOutcome.WARNING,
            reasons="Sample: there is no case behind this.",
            public_summary="Sample: a warning was given about equal treatment of pupils.",
        ),
        members=MEMBERS,
        actor=_member(MEMBERS),
        now=stage.now,
    )


async def _dismiss_appeal(stage: Stage) -> object:
    return await rulings.decide_appeal(
        stage.db,
        WithoutKey(),
        complaint_id=stage.complaint_id,
        ruling=AppealRuling(
            outcome=AppealOutcome.DISMISSED,
            reasons="Sample: the grounds were heard.",
            members=APPEAL_MEMBERS,
        ),
        actor=_member(APPEAL_MEMBERS),
        now=stage.now,
    )


def _member(panel: tuple[str, ...]) -> Actor:
    """Return the member who reports what a panel decided."""
    return Actor(subject=panel[0], client_id="sample", scopes=SCOPES)


WAY: tuple[Callable[[Stage], Awaitable[object]], ...] = (
    _by_officer(Step.ACKNOWLEDGE),
    _by_officer(Step.FIND_CAPABLE),
    _ask,
    _for_member(Step.ANSWER),
    _by_officer(Step.FIND_CASE),
    _seat(MEMBERS),
    _decide,
    _for_member(Step.APPEAL),
    _seat(APPEAL_MEMBERS),
    _dismiss_appeal,
)
