"""Applications over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from services.register.domain.licence import ApplicationStatus
from services.register.domain.policy import Scope
from services.register.domain.rights.disclosure import Purpose
from services.register.operations import applications
from services.register.operations.applications import ApplicationOutcome, Decision, SeenApplication
from services.register.routes.fields import Body, MemberId, NothingIn, Sentence
from shared.disclosures import PRIVATE, discloses
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("applications")


class ApplicationIn(Body):
    """An application for a member of the caller's own association."""

    member_id: MemberId
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]


class ApplicationDecisionIn(Body):
    """A decision. Reasons can be read by the association; a refusal needs at least one."""

    outcome: ApplicationOutcome
    reasons: Annotated[list[Sentence], Field(default_factory=list, max_length=20)]


class ApplicationOut(BaseModel):
    """An application. `number` is the registration number of whom it is for."""

    id: int
    number: str
    association: str
    scopes: list[Scope]
    status: Annotated[ApplicationStatus, PRIVATE]
    submitted_by: str
    submitted_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reasons: Annotated[list[str], PRIVATE]
    policy_version: str | None

    @classmethod
    def of(cls, held: SeenApplication) -> "ApplicationOut":
        """Return the application as it is shown."""
        application = held.application
        return cls(
            id=held.application_id,
            number=held.number,
            association=held.association,
            scopes=list(held.scopes),
            status=application.status,
            submitted_by=application.submitted_by,
            submitted_at=held.submitted_at,
            decided_by=application.decided_by,
            decided_at=held.decided_at,
            reasons=list(application.reasons),
            policy_version=held.policy_version,
        )


class ApplicationPage(BaseModel):
    """Some applications, and the cursor of the next page."""

    items: list[ApplicationOut]
    next: str | None


def _location(held: SeenApplication) -> str:
    return f"/v1/applications/{held.application_id}"


@router.post(
    "/v1/applications",
    operation_id="submitApplication",
    status_code=201,
    response_model=ApplicationOut,
    openapi_extra=needs("members:write") | discloses(Purpose.ADMISSION),
)
async def submit_application(
    body: ApplicationIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Ask for a member to be admitted to the register and licensed in these scopes."""
    once = maker.rendering(ApplicationOut.of, location=_location)
    await applications.submit(db, once, member_id=body.member_id, scopes=body.scopes, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/applications/{application_id}",
    operation_id="getApplication",
    response_model=ApplicationOut,
    openapi_extra=needs("members:write", "register:decide") | discloses(Purpose.ADMISSION),
)
async def get_application(application_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Read one application: a registrar any, an association its own."""
    held = await applications.get(db, application_id=application_id, actor=who)
    return with_etag(request, ApplicationOut.of(held))


@router.get(
    "/v1/applications",
    operation_id="listApplications",
    response_model=ApplicationPage,
    openapi_extra=needs("members:write", "register:decide") | discloses(Purpose.ADMISSION),
)
async def list_applications(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    status: Annotated[ApplicationStatus | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> ApplicationPage:
    """List applications, oldest first: a registrar all of them, an association its own."""
    page = await applications.page(db, status=status, actor=who, after=after, limit=limit)
    body = ApplicationPage(items=[ApplicationOut.of(held) for held in page.items], next=page.next)
    shown: ApplicationPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/applications/{application_id}/withdrawal",
    operation_id="withdrawApplication",
    status_code=201,
    response_model=ApplicationOut,
    openapi_extra=needs("members:write") | discloses(Purpose.ADMISSION),
)
async def withdraw_application(
    application_id: Id, maker: OncePerRequest, db: Db, who: Who, now: Now, _: NothingIn | None = None
) -> Response:
    """Take back an application of one's own that nobody has decided yet."""
    once = maker.rendering(ApplicationOut.of, location=_location)
    await applications.withdraw(db, once, application_id=application_id, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/applications/{application_id}/decisions",
    operation_id="decideApplication",
    status_code=201,
    response_model=ApplicationOut,
    openapi_extra=needs("register:decide") | discloses(Purpose.ADMISSION),
)
async def decide_application(
    application_id: Id, body: ApplicationDecisionIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Admit or refuse, as a registrar who neither submitted the application nor authenticated its evidence.

    Admission makes the register entry and a licence with its scopes in the same step.
    """
    once = maker.rendering(ApplicationOut.of, location=_location)
    decision = Decision(outcome=body.outcome, reasons=tuple(body.reasons))
    await applications.decide(db, once, application_id=application_id, decision=decision, actor=who, now=now)
    return said(once)
