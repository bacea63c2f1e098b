"""Sample routes to entry of one made-up person: one in every state, so that each can be looked at and tried.

What was begun is gone on with, and what is there is left alone.
"""

from dataclasses import dataclass
from datetime import date, datetime

from services.register.domain.declaration import Declaration
from services.register.domain.entry_routes.route import OPEN, Judgement, RouteKind, RouteStatus
from services.register.domain.qualification import AuthenticationMethod, HoldingStatus
from services.register.operations import evidence, holdings
from services.register.operations.entry_routes import assessments, sight, submissions
from services.register.operations.entry_routes.sight import SeenRoute
from services.register.operations.entry_routes.submissions import NewRoute
from services.register.storage import holdings as held_holdings
from services.register.storage import people
from shared.actor import Actor
from shared.database import Database
from shared.idempotency import WithoutKey

ASSOCIATION, MEMBER = "ICG", "SAMPLE-NOT-LICENSED"
POLICY = "competence-level-4"
SYSTEM = Actor(
    subject="sample-icg", client_id="sample", scopes=frozenset({"members:write"}), association=ASSOCIATION
)
_DECIDE = frozenset({"register:decide"})
ASSESSOR = Actor(subject="sample-assessor", client_id="sample", scopes=_DECIDE)
DECIDER = Actor(subject="sample-decider", client_id="sample", scopes=_DECIDE)
AWARDED_ON = date(2015, 7, 1)
MOST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Tale:
    """One route of the sample: on what it rests, what is shown on it, and how it ends."""

    kind: RouteKind
    degree: str | None = None
    shown: tuple[tuple[str, Judgement | None], ...] = ()
    end: RouteStatus | None = None


TALES = (
    Tale(kind=RouteKind.COMPETENCE, end=RouteStatus.WITHDRAWN),
    Tale(
        kind=RouteKind.COMPETENCE,
        shown=(("career-theories", Judgement.NOT_MET),),
        end=RouteStatus.REFUSED,
    ),
    Tale(
        kind=RouteKind.COMPETENCE,
        shown=(("preparing-to-work", Judgement.MET), ("interview-clients", None)),
    ),
    Tale(
        kind=RouteKind.ALTERNATIVE,
        degree="A Degree in Counselling (sample)",
        shown=(("relevance", Judgement.MET),),
        end=RouteStatus.GRANTED,
    ),
    Tale(
        kind=RouteKind.ALTERNATIVE,
        degree="A Degree in Psychology (sample)",
        shown=(("relevance", Judgement.MET),),
    ),
    Tale(kind=RouteKind.TOP_UP, degree="A Degree in Education (sample)"),
)


async def load(db: Database, *, now: datetime) -> None:
    """Tell every tale that has not been told to its end."""
    known = await sight.page(db, kind=None, status=None, actor=SYSTEM, after=None, limit=MOST)
    told = list(known.items)
    for place, tale in enumerate(TALES):
        seen = told[place] if place < len(told) else await _begin(db, tale, now)
        await _tell(db, tale, seen, now)


async def _begin(db: Database, tale: Tale, now: datetime) -> SeenRoute:
    degree = None if tale.degree is None else await _degree(db, tale.degree, now)
    policy = POLICY if tale.kind is RouteKind.COMPETENCE else None
    wanted = NewRoute(kind=tale.kind, member_id=MEMBER, holding_id=degree, policy=policy)
    return await submissions.submit(db, WithoutKey(), wanted=wanted, actor=SYSTEM, now=now)


async def _tell(db: Database, tale: Tale, seen: SeenRoute, now: datetime) -> None:
    """Go on with a route from wherever it stands; whoever has tried it since may have gone on otherwise."""
    for place, (part, judgement) in enumerate(tale.shown):
        if seen.held.route.status in OPEN:
            seen = await _show(db, seen, place, part, judgement, now)
    route_id = seen.held.route.route_id
    if tale.end is None or seen.held.route.status not in OPEN:
        return
    if tale.end is RouteStatus.WITHDRAWN:
        await submissions.withdraw(db, WithoutKey(), route_id=route_id, actor=SYSTEM, now=now)
        return
    await assessments.decide(
        db,
        WithoutKey(),
        route_id=route_id,
        granted=tale.end is RouteStatus.GRANTED,
        reasons="All that was shown was looked at.",
        actor=DECIDER,
        now=now,
    )


async def _show(
    db: Database, seen: SeenRoute, place: int, part: str, judgement: Judgement | None, now: datetime
) -> SeenRoute:
    """Give the evidence of one place in a tale, and have it judged, where that has not been done."""
    route_id = seen.held.route.route_id
    if place >= len(seen.held.evidence):
        seen = await submissions.add_evidence(
            db,
            WithoutKey(),
            route_id=route_id,
            part=part,
            references=[f"sample portfolio, page {place + 1}"],
            statement=None,
            actor=SYSTEM,
            now=now,
        )
    given = seen.held.evidence[place].evidence
    if judgement is None or given.judgement is not None:
        return seen
    return await assessments.judge(
        db,
        WithoutKey(),
        route_id=route_id,
        evidence_id=given.evidence_id,
        judgement=judgement,
        reasons="The sample portfolio was read.",
        actor=ASSESSOR,
        now=now,
    )


async def _degree(db: Database, title: str, now: datetime) -> int:
    """Return a holding that is real and not relevant, of no known level, so that it opens nothing."""
    async with db.reading() as tx:
        person = await people.find_by_member_id(tx, ASSOCIATION, MEMBER)
        rows = [] if person is None else await held_holdings.held(tx, [person.id])
    found = next((each.holding for each in rows if each.holding.title == title), None)
    if found is None:
        declared = await holdings.submit(
            db,
            member_id=MEMBER,
            declaration=Declaration(title=title, awarded_on=AWARDED_ON),
            actor=SYSTEM,
            now=now,
            once=WithoutKey(),
        )
        found = declared.held.holding
    if found.status is HoldingStatus.CLAIMED:
        await evidence.authenticate(
            db,
            holding_id=found.holding_id,
            method=AuthenticationMethod.ORIGINAL_CERTIFICATE,
            evidence_reference="sample certificate",
            reason="The certificate is real; its relevance is another question.",
            relevant=False,
            actor=ASSESSOR,
            now=now,
            once=WithoutKey(),
        )
    return found.holding_id
