"""The sample of a development machine: made-up people with a history, made as their owners would make them.

Every step asks first whether it was done, so that a sample that was interrupted is completed and a
complete one is left alone, whatever has been tried on it since.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.register.domain.declaration import Declaration
from services.register.domain.member import Details, Membership, Telling
from services.register.domain.merging import DuplicateStatus
from services.register.domain.person import Name, check_character, number_from
from services.register.domain.qualification import AuthenticationMethod, HoldingStatus
from services.register.operations import (
    applications,
    code_acceptances,
    evidence,
    holdings,
    members,
    possible_duplicates,
    retirements,
    sanctions,
)
from services.register.operations.sample_areas import load_areas
from services.register.operations.sample_people import STORIES, Story
from services.register.storage import sample as progress
from services.register.storage.sample import Progress
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.idempotency import WithoutKey

CODE = "cdi-2019-01-01"
# The story whose sanction is the newest event of all, so that nothing is missing once it is there.
LAST = "suspended"
WRONG_FAMILY_NAME = "Somebody-Else"
AUTHENTICATOR = Actor(
    subject="sample-authenticator", client_id="sample", scopes=frozenset({"register:decide"})
)
DECIDER = Actor(subject="sample-decider", client_id="sample", scopes=frozenset({"register:decide"}))

Step = Callable[["Stage", Story, Progress, datetime], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the script is played."""

    db: Database
    today: date


async def load_sample(db: Database, *, now: datetime) -> dict[str, Any]:
    """Make the sample people who are not there yet, and return what scripts and newcomers look up."""
    if not await _complete(db):
        stage = Stage(db, london_day(now))
        for _, story, step, at in sorted(_script(now), key=lambda each: each[0]):
            await step(stage, story, await _progress(db, story), at)
    people = await _people(db)
    await load_areas(db, people=people, by=AUTHENTICATOR, now=now)
    return {"people": people}


async def _complete(db: Database) -> bool:
    """Tell whether the last step of the script was taken, and with it every other."""
    last = next(story for story in STORIES if story.name == LAST)
    return (await _progress(db, last)).sanctioned


def _script(now: datetime) -> Iterator[tuple[datetime, Story, Step, datetime]]:
    """Yield every step of every story with its instant, a minute apart where a day has several."""
    for place, story in enumerate(STORIES):
        steps: tuple[tuple[int | None, Step], ...] = (
            (story.joined, _join),
            (story.declared, _declare),
            (story.authenticated, _authenticate),
            (story.authenticated, _accept),
            (story.applied, _apply),
            (story.admitted, _admit),
            (None if story.sanction is None else story.sanction.days_ago, _punish),
            (story.retired, _retire),
            (story.merged, _merge),
        )
        for order, (days_ago, step) in enumerate(steps):
            if days_ago is not None:
                at = now - timedelta(days=days_ago, minutes=60) + timedelta(minutes=order, seconds=place)
                yield at, story, step, at


async def _progress(db: Database, story: Story) -> Progress:
    async with db.reading() as tx:
        return await progress.find(tx, association=story.association, member_id=story.member_id)


async def _join(stage: Stage, story: Story, done: Progress, at: datetime) -> None:
    if done.number is not None:
        return
    day = london_day(at)
    details = Details(
        given_names=story.given_names,
        family_name=story.family_name,
        date_of_birth=story.born,
        home_country=story.home_country,
        regions=story.regions,
        settings=story.settings,
        roles=story.roles,
        specialisms=story.specialisms,
    )
    telling = Telling(
        details=details,
        previous=tuple(
            Name(given_names=story.given_names, family_name=family) for family in story.previous_family_names
        ),
        membership=Membership(level=story.level, valid_from=day),
    )
    await members.upsert(
        stage.db,
        association=story.association,
        member_id=story.member_id,
        telling=telling,
        actor=_system(story),
        now=at,
    )


async def _declare(stage: Stage, story: Story, done: Progress, at: datetime) -> None:
    if done.holding_id is not None:
        return
    await holdings.submit(
        stage.db,
        member_id=story.member_id,
        declaration=Declaration(
            title="Level 6 Diploma in Career Guidance and Development (sample)",
            framework="QCF",
            level="6",
            credits=60,
            subject="career_development",
            awarding_body="Sample Awarding Body",
            awarded_on=london_day(at) - timedelta(days=200),
        ),
        actor=_system(story),
        now=at,
        once=WithoutKey(),
    )


async def _authenticate(stage: Stage, story: Story, done: Progress, at: datetime) -> None:
    if done.holding_id is None or done.holding_status is not HoldingStatus.CLAIMED:
        return
    await evidence.authenticate(
        stage.db,
        holding_id=done.holding_id,
        method=AuthenticationMethod.ORIGINAL_CERTIFICATE,
        evidence_reference=f"sample file of {story.member_id}",
        reason="The certificate was compared with the awarding body’s list.",
        relevant=True,
        actor=AUTHENTICATOR,
        now=at,
        once=WithoutKey(),
    )


async def _accept(stage: Stage, story: Story, done: Progress, at: datetime) -> None:
    if done.code_accepted:
        return
    await code_acceptances.accept(
        stage.db,
        member_id=story.member_id,
        code_version=CODE,
        accepted_on=london_day(at),
        actor=_system(story),
        now=at,
        once=WithoutKey(),
    )


async def _apply(stage: Stage, story: Story, done: Progress, at: datetime) -> None:
    if done.application_id is None:
        await applications.submit(
            stage.db,
            WithoutKey(),
            member_id=story.member_id,
            scopes=story.scopes,
            actor=_system(story),
            now=at,
        )


async def _admit(stage: Stage, story: Story, done: Progress, at: datetime) -> None:
    if done.application_id is not None and not done.decided:
        await applications.decide(
            stage.db,
            WithoutKey(),
            application_id=done.application_id,
            decision=applications.Decision(
                outcome=applications.ApplicationOutcome.ADMITTED, reasons=("All conditions are met.",)
            ),
            actor=DECIDER,
            now=at,
        )


async def _punish(stage: Stage, story: Story, done: Progress, at: datetime) -> None:
    if done.sanctioned or done.number is None or story.sanction is None:
        return
    await sanctions.impose(
        stage.db,
        WithoutKey(),
        wanted=sanctions.NewSanction(
            number=done.number,
            kind=story.sanction.kind,
            public_reason=story.sanction.public_reason,
            internal_reason="Sample: there is no case behind this.",
            conditions=story.sanction.conditions,
            valid_from=stage.today - timedelta(days=story.sanction.days_ago),
            valid_to=None,
        ),
        actor=DECIDER,
        now=at,
    )


async def _retire(stage: Stage, story: Story, done: Progress, at: datetime) -> None:
    if not done.retired:
        wish = retirements.Wish(
            number=None, member_id=story.member_id, retired_on=london_day(at), reason="Retirement."
        )
        await retirements.retire(stage.db, WithoutKey(), wish=wish, actor=_system(story), now=at)


async def _merge(stage: Stage, story: Story, done: Progress, at: datetime) -> None:
    """Decide that two records of one name and birth are one person."""
    open_ones = await possible_duplicates.page(
        stage.db, status=DuplicateStatus.OPEN, actor=DECIDER, after=None, limit=200
    )
    for found in open_ones.items:
        if done.number in (found.first_number, found.second_number):
            await possible_duplicates.decide(
                stage.db,
                WithoutKey(),
                duplicate_id=found.duplicate_id,
                decision=possible_duplicates.Decision(
                    outcome=possible_duplicates.DuplicateOutcome.SAME_PERSON,
                    kept_number=None,
                    reason="Both associations have the same certificate on file.",
                ),
                actor=DECIDER,
                now=at,
            )


async def _people(db: Database) -> dict[str, dict[str, Any]]:
    """Return the numbers to look up, by the verdict that each was made for."""
    async with db.reading() as tx:
        numbers = await progress.numbers(tx, "SAMPLE-")
        ready = await progress.find(tx, association="ICG", member_id="SAMPLE-READY-FOR-ADMISSION")
        free = await progress.free_number(tx, [number_from(serial) for serial in range(1, 1000)])
    by_story = {story.name: numbers[story.member_id] for story in STORIES}
    found: dict[str, dict[str, Any]] = {
        verdict: {"number": by_story[verdict]}
        for verdict in (
            "licensed",
            "licensed_with_conditions",
            "not_licensed",
            "lapsed",
            "suspended",
            "removed",
            "retired",
            "merged",
        )
    }
    found["merged"]["kept_number"] = by_story["kept"]
    found["never_issued"] = {"number": free}
    found["malformed"] = {"number": _mistyped()}
    found["details_do_not_match"] = {"number": by_story["licensed"], "family_name": WRONG_FAMILY_NAME}
    found["ready_for_admission"] = {"number": ready.number, "application_id": ready.application_id}
    return found


def _mistyped() -> str:
    """Return a number whose check character is not the one that its digits ask for."""
    digits = "1234567"
    wrong = next(each for each in "0123456789X" if each != check_character(digits))
    return f"CR{digits}{wrong}"


def _system(story: Story) -> Actor:
    """Return the system of the association that tells of this person."""
    return Actor(
        subject=f"sample-{story.association.lower()}",
        client_id="sample",
        scopes=frozenset({"members:write"}),
        association=story.association,
    )
