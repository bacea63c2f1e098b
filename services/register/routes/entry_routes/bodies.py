"""Routes to entry as they are sent and as they are answered."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, StrictInt, StringConstraints

from services.register.domain.entry_routes.progress import PartStatus
from services.register.domain.entry_routes.route import Judgement, Mover, Part, RouteKind, RouteStatus
from services.register.operations.entry_routes.sight import SeenRoute
from services.register.operations.entry_routes.submissions import NewRoute
from services.register.routes.fields import Body, Code, Line, MemberId, Sentence
from shared.disclosures import PRIVATE

Reference = Annotated[Line, StringConstraints(min_length=1)]
Title = Annotated[Line, StringConstraints(min_length=1)]
Credits = Annotated[StrictInt, Field(ge=1, le=10_000)]
HoldingId = Annotated[StrictInt, Field(ge=1, lt=2**63)]
EvidenceId = HoldingId


class EntryRouteOutcome(StrEnum):
    """What a registrar decides of the whole."""

    GRANTED = "granted"
    REFUSED = "refused"


class EntryRouteIn(Body):
    """A route for a member: `competence` with the code of a competence policy, the others with a holding."""

    route: RouteKind
    member_id: MemberId
    holding: HoldingId | None = None
    policy: Code | None = None

    def wanted(self) -> NewRoute:
        """Return what is asked for, for the rules to judge."""
        return NewRoute(
            kind=self.route, member_id=self.member_id, holding_id=self.holding, policy=self.policy
        )


class ModuleIn(Body):
    """A module that a top up requires."""

    code: Code
    title: Title
    credits: Credits | None = None


class ModulesIn(Body):
    """The modules that make a related qualification a relevant one, and why these."""

    modules: Annotated[list[ModuleIn], Field(min_length=1, max_length=50)]
    reasons: Sentence

    def parts(self) -> list[Part]:
        """Return the modules as the parts of a route."""
        return [Part(code=each.code, title=each.title, credits=each.credits) for each in self.modules]


class EvidenceIn(Body):
    """Evidence on one part: where each piece can be found, and what it is to show."""

    part: Code
    references: Annotated[list[Reference], Field(min_length=1, max_length=20)]
    statement: Sentence | None = None


class JudgementIn(Body):
    """What an assessor finds of one piece of evidence, and why; the association reads the reasons."""

    evidence: EvidenceId
    judgement: Judgement
    reasons: Sentence


class EntryRouteDecisionIn(Body):
    """What a registrar decides of the whole, and why; the association reads the reasons."""

    outcome: EntryRouteOutcome
    reasons: Sentence


class EntryRoutePartOut(BaseModel):
    """One thing to be shown, and where it stands; credits are null where not known."""

    code: str
    title: str
    required: bool
    credits: int | None
    status: PartStatus


class EvidenceOut(BaseModel):
    """Evidence with its judgement, once there is one."""

    id: int
    part: str
    references: Annotated[list[str], PRIVATE]
    statement: Annotated[str | None, PRIVATE]
    submitted_by: str
    submitted_at: datetime
    judgement: Judgement | None
    reasons: Annotated[str | None, PRIVATE]
    judged_by: str | None
    judged_at: datetime | None


class MissingPartOut(BaseModel):
    """One thing that stands between the route and its grant."""

    code: str
    detail: str


class EntryRouteOut(BaseModel):
    """A route as registrars and its association see it.

    `holding` is the one to be found relevant, or the one that a granted competence route gave. `missing` is
    empty once the route is over; `waits_for` says whose turn it is.
    """

    id: int
    route: RouteKind
    status: RouteStatus
    registration_number: str
    association: str
    holding: int | None
    policy: str | None
    parts: list[EntryRoutePartOut]
    optional_credits: int
    optional_credits_met: int
    evidence: list[EvidenceOut]
    missing: list[MissingPartOut]
    waits_for: list[Mover]
    submitted_by: str
    submitted_at: datetime
    modules_named_by: str | None
    modules_reasons: Annotated[str | None, PRIVATE]
    decided_by: str | None
    decided_at: datetime | None
    reasons: Annotated[str | None, PRIVATE]

    @classmethod
    def of(cls, seen: SeenRoute) -> "EntryRouteOut":
        """Return the route as it is answered."""
        held, route, progress = seen.held, seen.held.route, seen.progress
        return cls(
            id=route.route_id,
            route=route.kind,
            status=route.status,
            registration_number=held.number,
            association=held.association,
            holding=held.holding_id,
            policy=held.policy,
            parts=[
                EntryRoutePartOut(
                    code=part.code,
                    title=part.title,
                    required=part.required,
                    credits=part.credits,
                    status=status,
                )
                for part, status in progress.parts
            ],
            optional_credits=route.optional_credits,
            optional_credits_met=progress.optional_credits_met,
            evidence=_evidence_out(seen),
            missing=[MissingPartOut(code=each.code, detail=each.detail) for each in progress.missing],
            waits_for=list(progress.waits_for),
            submitted_by=route.submitted_by,
            submitted_at=held.submitted_at,
            modules_named_by=held.modules_named_by,
            modules_reasons=held.modules_reasons,
            decided_by=held.decided_by,
            decided_at=held.decided_at,
            reasons=held.reasons,
        )


class EntryRouteList(BaseModel):
    """A page of routes to entry."""

    items: list[EntryRouteOut]
    next: str | None


def _evidence_out(seen: SeenRoute) -> list[EvidenceOut]:
    return [
        EvidenceOut(
            id=each.evidence.evidence_id,
            part=each.evidence.part,
            references=list(each.references),
            statement=each.statement,
            submitted_by=each.evidence.submitted_by,
            submitted_at=each.submitted_at,
            judgement=each.evidence.judgement,
            reasons=each.reasons,
            judged_by=each.evidence.judged_by,
            judged_at=each.judged_at,
        )
        for each in seen.held.evidence
    ]
