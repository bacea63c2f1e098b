"""Renewals over HTTP: asked for, explained, read back; and the reminders that are due."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from services.register.clients.cpd import Caller, CpdClient
from services.register.domain.renewal_rules import CpdStanding
from services.register.domain.transition import TransitionKind
from services.register.operations.renewal import reminders, renewals
from services.register.operations.renewal.reminders import SeenReminder
from services.register.operations.renewal.renewals import Explained, SeenRenewal
from services.register.routes.fields import Body, MemberId, Number
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("renewals")


def _cpd(request: Request) -> CpdClient:
    client: CpdClient = request.app.state.cpd
    return client


def _caller(request: Request) -> Caller:
    return Caller(
        authorization=request.headers.get("authorization"),
        request_id=request.scope.get("state", {}).get("request_id"),
    )


Cpd = Annotated[CpdClient, Depends(_cpd)]
CallerOf = Annotated[Caller, Depends(_caller)]


class RenewalIn(Body):
    """Whose licence is renewed, by the association's own member id."""

    member_id: MemberId


class NoticeOut(BaseModel):
    """Something that is missing, or has to be known: a stable code and a sentence."""

    code: str
    detail: str


class RenewalOut(BaseModel):
    """A renewal. The term follows the old one (`term_from`); the licence is held again from `valid_from`."""

    id: int
    number: str
    association: str
    term_from: date
    valid_from: date
    valid_to: date
    entry_policy: str
    licence_policy: str
    transition: TransitionKind | None
    cpd_standing: CpdStanding
    cpd_policy: str | None
    notices: list[NoticeOut]
    renewed_at: datetime

    @classmethod
    def of(cls, held: SeenRenewal) -> "RenewalOut":
        """Return the renewal as it is shown."""
        return cls(
            id=held.renewal_id,
            number=held.number,
            association=held.association,
            term_from=held.term_from,
            valid_from=held.valid_from,
            valid_to=held.valid_to,
            entry_policy=held.entry_policy,
            licence_policy=held.licence_policy,
            transition=held.transition,
            cpd_standing=held.cpd.standing,
            cpd_policy=held.cpd.policy_version,
            notices=[NoticeOut(code=each.code, detail=each.detail) for each in held.notices],
            renewed_at=held.renewed_at,
        )


class ExplanationOut(BaseModel):
    """Whether a licence may be renewed today; the days are inclusive, null where there is no licence."""

    number: str
    today: date
    may_renew: bool
    licence_ends_on: date | None
    opens_on: date | None
    renew_by: date | None
    new_term_from: date | None
    new_term_to: date | None
    cpd_standing: CpdStanding
    licence_policy: str
    missing: list[NoticeOut]
    notices: list[NoticeOut]

    @classmethod
    def of(cls, explained: Explained) -> "ExplanationOut":
        """Return the explanation as it is shown."""
        found = explained.answer
        return cls(
            number=explained.number,
            today=explained.today,
            may_renew=found.renewal is not None,
            licence_ends_on=found.ends_on,
            opens_on=found.opens_on,
            renew_by=found.renew_by,
            new_term_from=None if found.renewal is None else found.renewal.term_from,
            new_term_to=None if found.renewal is None else found.renewal.valid_to,
            cpd_standing=found.cpd.standing,
            licence_policy=found.policy_version,
            missing=[NoticeOut(code=lack.code, detail=lack.detail) for lack in found.lacks],
            notices=[NoticeOut(code=each.code, detail=each.detail) for each in found.notices],
        )


class ReminderOut(BaseModel):
    """A reminder: `days_before` the last day of the licence, after it where it is negative."""

    id: int
    number: str
    member_id: str
    days_before: int
    licence_ends_on: date
    renew_by: date
    due_at: datetime

    @classmethod
    def of(cls, reminder: SeenReminder) -> "ReminderOut":
        """Return the reminder as it is shown."""
        return cls(
            id=reminder.reminder_id,
            number=reminder.number,
            member_id=reminder.member_id,
            days_before=reminder.days_before,
            licence_ends_on=reminder.ends_on,
            renew_by=reminder.renew_by,
            due_at=reminder.due_at,
        )


class ReminderPage(BaseModel):
    """Some reminders, and the cursor of the next page."""

    items: list[ReminderOut]
    next: str | None


@router.post(
    "/v1/renewals",
    operation_id="renewLicence",
    status_code=201,
    response_model=RenewalOut,
    openapi_extra=needs("members:write"),
)
async def renew_licence(
    body: RenewalIn, maker: OncePerRequest, db: Db, cpd: Cpd, caller: CallerOf, who: Who, now: Now
) -> Response:
    """Renew a member's licence for one more term, which runs from the old expiry."""
    once = maker.rendering(RenewalOut.of, location=lambda held: f"/v1/renewals/{held.renewal_id}")
    await renewals.renew(db, cpd, once, member_id=body.member_id, caller=caller, actor=who, now=now)
    return said(once)


@router.get(
    "/v1/renewals/reminders",
    operation_id="listRenewalReminders",
    response_model=ReminderPage,
    openapi_extra=needs("members:write"),
)
async def list_reminders(
    request: Request, response: Response, db: Db, who: Who, limit: Limit = 50, after: After = None
) -> ReminderPage:
    """List the reminders about one's own members, in the order in which they became due."""
    page = await reminders.page(db, actor=who, after=after, limit=limit)
    body = ReminderPage(items=[ReminderOut.of(each) for each in page.items], next=page.next)
    shown: ReminderPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(
    "/v1/renewals/{renewal_id}",
    operation_id="getRenewal",
    response_model=RenewalOut,
    openapi_extra=needs("members:write", "register:decide"),
)
async def get_renewal(renewal_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Read a renewal with the policies and the standing in CPD on which it rests."""
    return with_etag(request, RenewalOut.of(await renewals.get(db, renewal_id=renewal_id, actor=who)))


@router.get(
    "/v1/practitioners/{number}/renewal",
    operation_id="explainRenewal",
    response_model=ExplanationOut,
    openapi_extra=needs("members:write", "register:decide"),
)
async def explain_renewal(
    number: Number, db: Db, cpd: Cpd, caller: CallerOf, who: Who, now: Now
) -> ExplanationOut:
    """Say whether a licence may be renewed today, from when until when, and what is missing.

    An association asks about its own members; anybody else's number is to it as one never given out.
    """
    found = await renewals.explain(db, cpd, number=number, caller=caller, actor=who, now=now)
    return ExplanationOut.of(found)
