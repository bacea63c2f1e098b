"""A person compared with a role of the career progression framework, known to the register or typed in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.register.domain.declaration import Declaration, declare
from services.register.domain.entry_routes.suite import CompetencePolicy, policy_of
from services.register.domain.framework.framework import role_of
from services.register.domain.framework.gaps import Analysis, Held, Surroundings, analyse
from services.register.domain.framework.offers import Offer, OfferKind
from services.register.domain.person import parse_number
from services.register.domain.policy import in_force
from services.register.domain.qualification import Holding, HoldingStatus
from services.register.operations.directory import courses
from services.register.operations.directory.editions import NoEditionYet
from services.register.operations.framework import frameworks
from services.register.operations.verdicts import Axes, not_issued
from services.register.storage import holdings, memberships, people, policies, reference
from services.register.storage.entry_routes import competences, published
from shared.actor import Actor
from shared.database import Database, Transaction

DECIDE = "register:decide"
MOST_POLICIES = 1_000
RECOGNISED, RELATED = "recognised", "related"


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """A comparison, with the version of the framework and the day that it is about."""

    analysis: Analysis
    framework: str
    axes: Axes


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A qualification that somebody types in: taken as authenticated and relevant, unless worked towards."""

    declaration: Declaration
    working_towards: bool


async def of_practitioner(
    db: Database,
    *,
    number: str,
    role: str,
    valid_at: date | None,
    known_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> Compared:
    """Compare a person with a role: a registrar by all that is held, an association by what it declared.

    Anybody else's number is to an association as one never given out.
    """
    canonical = parse_number(number)
    axes = Axes.chosen(valid_at=valid_at, known_at=known_at, now=now)
    async with db.reading() as tx:
        person = await people.find_by_number(tx, canonical)
        if person is None:
            raise not_issued(canonical)
        group = (await people.groups_of(tx, [person.id]))[person.id]
        viewer = None if actor.may(DECIDE) else actor.association
        if not actor.may(DECIDE) and (viewer is None or not await memberships.belongs(tx, group, viewer)):
            raise not_issued(canonical)
        found = await holdings.held(tx, group, valid_at=valid_at, known_at=axes.known_at)
        held = Held(
            holdings=tuple(each.holding for each in found if viewer in (None, each.association)),
            competences=await competences.met(tx, group, association=viewer, known_at=axes.known_at),
        )
        return await _compared(tx, role, held, axes)


async def of_anybody(
    db: Database, *, role: str, typed: Sequence[Typed], competent: Collection[tuple[str, str]], now: datetime
) -> Compared:
    """Compare what somebody types in with a role. Nothing is kept, and nobody is asked who they are."""
    axes = Axes.chosen(valid_at=None, known_at=None, now=now)
    async with db.reading() as tx:
        listed = {each["code"]: each for each in await reference.bodies(tx, "qualifications")}
        levels = await _levels(tx)
        held = Held(
            holdings=tuple(
                _taken_for_real(each, place, listed=listed, levels=levels, today=axes.valid_at)
                for place, each in enumerate(typed)
            ),
            competences=frozenset(competent),
        )
        return await _compared(tx, role, held, axes)


async def _compared(tx: Transaction, role: str, held: Held, axes: Axes) -> Compared:
    document = await frameworks.in_force(tx, axes.valid_at)
    listed = await reference.bodies(tx, "qualifications")
    levels = await _levels(tx)
    around = Surroundings(
        policy=in_force(await policies.entry_policies(tx), axes.valid_at),
        frameworks=levels,
        offers=[
            *_qualifications(listed),
            *await _courses(tx, listed, levels),
            *await _competence_policies(tx, axes.valid_at),
        ],
        titles={each["code"]: each["title"] for each in listed},
    )
    analysis = analyse(role_of(document, role), held, around)
    return Compared(analysis=analysis, framework=document["code"], axes=axes)


def _taken_for_real(
    typed: Typed,
    place: int,
    *,
    listed: Mapping[str, Mapping[str, Any]],
    levels: Mapping[str, Sequence[str]],
    today: date,
) -> Holding:
    """Return what somebody typed as a holding, refused where it is described as nothing can be."""
    dated = replace(typed.declaration, awarded_on=today)
    holding = declare(dated, listed=listed, frameworks=levels, by="anyone", today=today)
    status = HoldingStatus.WORKING_TOWARDS if typed.working_towards else HoldingStatus.AUTHENTICATED
    return replace(holding, holding_id=place, relevant=True, status=status)


async def _levels(tx: Transaction) -> Mapping[str, Sequence[str]]:
    return {each["code"]: each["levels"] for each in await reference.bodies(tx, "frameworks")}


def _qualifications(listed: Sequence[Mapping[str, Any]]) -> list[Offer]:
    """Return the listed qualifications as offers; a related one closes nothing without a top up."""
    return [
        Offer(
            kind=OfferKind.QUALIFICATION,
            code=each["code"],
            title=each["title"],
            qualification=each["code"],
            framework=each["framework"],
            level=each["level"],
            credits=each["credits"],
            subject=each["subject"],
            pending=each["recognition"] != RECOGNISED,
        )
        for each in listed
        if each["recognition"] != RELATED
    ]


async def _courses(
    tx: Transaction, listed: Sequence[Mapping[str, Any]], levels: Mapping[str, Sequence[str]]
) -> list[Offer]:
    """Return the running courses of the directory that end at a stated level or a listed qualification."""
    subjects = {each["code"]: each["subject"] for each in listed}
    every_level = [(framework, level) for framework, known in levels.items() for level in known]
    try:
        found = await courses.leading_to(tx, levels=every_level, qualifications=subjects)
    except NoEditionYet:
        return []
    return [
        Offer(
            kind=OfferKind.COURSE,
            code=each.code,
            title=each.title,
            qualification=each.qualification,
            framework=each.framework,
            level=each.level,
            subject=subjects.get(each.qualification or ""),
        )
        for each in found
    ]


async def _competence_policies(tx: Transaction, day: date) -> list[Offer]:
    found = [policy_of(body) for body in await published.policies(tx, after="", limit=MOST_POLICIES)]
    return [_shown_by(each) for each in found if each.holds_on(day)]


def _shown_by(policy: CompetencePolicy) -> Offer:
    return Offer(
        kind=OfferKind.COMPETENCE_POLICY,
        code=policy.code,
        title=policy.title,
        framework=policy.framework,
        level=policy.level,
        credits=policy.credits,
        subject=policy.subject,
        standards=frozenset((policy.suite, each) for each in policy.required | policy.optional),
    )
