"""Organisations over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Path, Request, Response
from pydantic import BaseModel, Field, StrictBool

from services.register.domain.posts.organisation import Organisation, OrganisationKind, Sector
from services.register.operations.posts import contractors, organisations
from services.register.operations.posts.contractors import Compliance, ContractorReport
from services.register.operations.posts.organisations import READERS, WRITERS, SeenOrganisation
from services.register.routes.axes import KnownAt, ValidAt
from services.register.routes.fields import Body, Day, Line
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("organisations")
OrganisationId = Annotated[int, Field(strict=True, ge=1, lt=2**63)]
Ukprn = Annotated[str, Path(max_length=8, description="A UKPRN: eight digits.")]


class OrganisationIn(Body):
    """An organisation. `publicly_funded` left out is unknown; `trade_body` is the id of an organisation."""

    name: Line
    sector: Sector
    kind: OrganisationKind
    publicly_funded: StrictBool | None = None
    trade_body: OrganisationId | None = None

    def told(self) -> Organisation:
        """Return what is told."""
        return Organisation(
            name=self.name,
            sector=self.sector,
            kind=self.kind,
            publicly_funded=self.publicly_funded,
            trade_body_id=self.trade_body,
        )


class NewOrganisationIn(OrganisationIn):
    """An organisation that is recorded by its name; with a UKPRN, `PUT` is safe to send again."""

    ukprn: Annotated[str, Field(max_length=8)] | None = None


class ClosingIn(Body):
    """The last day of an organisation, and the id of the one that it was merged into."""

    closed_on: Day
    successor: OrganisationId | None = None


class OrganisationOut(BaseModel):
    """An organisation as it is known; null is unknown, and for `closed_on` still open."""

    id: int
    ukprn: str | None
    name: str
    sector: Sector
    kind: OrganisationKind
    publicly_funded: bool | None
    trade_body: int | None
    closed_on: date | None
    successor: int | None

    @classmethod
    def of(cls, held: SeenOrganisation) -> "OrganisationOut":
        """Return the organisation as it is shown."""
        told = held.organisation
        return cls(
            id=held.organisation_id,
            ukprn=held.ukprn,
            name=told.name,
            sector=told.sector,
            kind=told.kind,
            publicly_funded=told.publicly_funded,
            trade_body=told.trade_body_id,
            closed_on=told.closed_on,
            successor=told.successor_id,
        )


class OrganisationPage(BaseModel):
    """Some organisations, and the cursor of the next page."""

    items: list[OrganisationOut]
    next: str | None


class AdviserOut(BaseModel):
    """An adviser by number. `overdue`: the expected day of the qualification has passed."""

    number: str
    compliance: Compliance
    expected_on: date | None
    overdue: bool


class AdvisersOut(BaseModel):
    """All advisers in numbers, and some of those who may be listed."""

    counts: dict[Compliance, int]
    items: list[AdviserOut]
    next: str | None
    valid_at: date

    @classmethod
    def of(cls, report: ContractorReport) -> "AdvisersOut":
        """Return the report as it is shown."""
        items = [
            AdviserOut(
                number=each.number,
                compliance=each.compliance,
                expected_on=each.expected_on,
                overdue=each.overdue,
            )
            for each in report.page.items
        ]
        return cls(counts=report.counts, items=items, next=report.page.next, valid_at=report.axes.valid_at)


def _location(held: SeenOrganisation) -> str:
    return f"/v1/organisations/{held.organisation_id}"


@router.post(
    "/v1/organisations",
    operation_id="recordOrganisation",
    status_code=201,
    response_model=OrganisationOut,
    openapi_extra=needs(*WRITERS),
)
async def record_organisation(
    body: NewOrganisationIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Record an organisation that employs careers professionals."""
    once = maker.rendering(OrganisationOut.of, location=_location)
    await organisations.record(db, once, told=body.told(), ukprn=body.ukprn, actor=who, now=now)
    return said(once)


@router.put(
    "/v1/organisations/by-ukprn/{ukprn}",
    operation_id="upsertOrganisation",
    response_model=OrganisationOut,
    responses={201: {"model": OrganisationOut, "description": "It was not known."}},
    openapi_extra=needs(*WRITERS),
)
async def upsert_organisation(
    ukprn: Ukprn, body: OrganisationIn, request: Request, db: Db, who: Who, now: Now
) -> Response:
    """Record the organisation of a UKPRN, or describe it anew; the same again changes nothing."""
    held, created = await organisations.upsert(db, ukprn=ukprn, told=body.told(), actor=who, now=now)
    return with_etag(request, OrganisationOut.of(held), status=201 if created else 200)


@router.get(
    "/v1/organisations",
    operation_id="listOrganisations",
    response_model=OrganisationPage,
    openapi_extra=needs(*READERS),
)
async def list_organisations(
    request: Request, response: Response, db: Db, who: Who, limit: Limit = 50, after: After = None
) -> OrganisationPage:
    """List organisations in the order in which they were recorded."""
    page = await organisations.page(db, actor=who, after=after, limit=limit)
    body = OrganisationPage(items=[OrganisationOut.of(each) for each in page.items], next=page.next)
    shown: OrganisationPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(
    "/v1/organisations/{organisation_id}",
    operation_id="getOrganisation",
    response_model=OrganisationOut,
    openapi_extra=needs(*READERS),
)
async def get_organisation(
    organisation_id: Id, request: Request, db: Db, who: Who, known_at: KnownAt = None
) -> Response:
    """Read an organisation, as it was known at an instant."""
    held = await organisations.get(db, organisation_id=organisation_id, known_at=known_at, actor=who)
    return with_etag(request, OrganisationOut.of(held))


@router.post(
    "/v1/organisations/{organisation_id}/closing",
    operation_id="closeOrganisation",
    status_code=201,
    response_model=OrganisationOut,
    openapi_extra=needs("register:decide"),
)
async def close_organisation(
    organisation_id: Id, body: ClosingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Record the last day of an organisation, and its successor where it was merged into one."""
    once = maker.rendering(OrganisationOut.of, location=_location)
    await organisations.close(
        db,
        once,
        organisation_id=organisation_id,
        on=body.closed_on,
        successor_id=body.successor,
        actor=who,
        now=now,
    )
    return said(once)


@router.get(
    "/v1/organisations/{organisation_id}/advisers",
    operation_id="listAdvisersOfOrganisation",
    response_model=AdvisersOut,
    openapi_extra=needs("people:read", "register:decide"),
)
async def list_advisers(
    organisation_id: Id,
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    now: Now,
    valid_at: ValidAt = None,
    limit: Limit = 50,
    after: After = None,
) -> AdvisersOut:
    """Tell which advisers are licensed, hold a qualification, work towards one, or neither."""
    report = await contractors.advisers(
        db, organisation_id=organisation_id, valid_at=valid_at, actor=who, now=now, after=after, limit=limit
    )
    shown: AdvisersOut = page_body(request, response, AdvisersOut.of(report), next_cursor=report.page.next)
    return shown
