"""Cases of audits over HTTP: moved by auditors and assessors, answered by a member's association."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.cpd.domain.audit.case import State, Step
from services.cpd.operations.audit import assessments, cases
from services.cpd.routes.audit.case_bodies import (
    CaseLineOut,
    CaseOut,
    CasePage,
    CaseStepIn,
    FindingIn,
    ReminderOut,
    ReminderPage,
    RulingIn,
    TargetedIn,
    WordsIn,
)
from services.cpd.routes.audit.pack_bodies import PackIn, PackOut
from services.cpd.routes.fields import NothingIn
from shared.paging import After, Limit
from shared.web import (
    Db,
    Id,
    Now,
    OncePerRequest,
    Who,
    guarded_router,
    needs,
    page_body,
    said,
    with_etag,
)

router = guarded_router("audit cases")
AUDITOR = needs("cpd:audit")
MEMBERS = needs("cpd:write")
CONCERNED = needs("cpd:write", "cpd:audit")
CASE = "/v1/audit-cases/{case_id}"


@router.post(
    "/v1/audit-cases",
    operation_id="openCase",
    status_code=201,
    response_model=CaseOut,
    openapi_extra=AUDITOR,
)
async def open_case(body: TargetedIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Audit a person for a reason; such a case is never counted with those drawn at random."""
    once = maker.rendering(CaseOut.seen, location=lambda seen: f"/v1/audit-cases/{seen.case.id}")
    await cases.open_targeted(db, once, number=body.number, reason=body.reason, actor=who, now=now)
    return said(once)


@router.get("/v1/audit-cases", operation_id="listCases", response_model=CasePage, openapi_extra=CONCERNED)
async def list_cases(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    audit_id: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    state: State | None = None,
    limit: Limit = 50,
    after: After = None,
) -> CasePage:
    """List cases: those of the members of one's own association, or everybody's to those who audit."""
    page = await cases.page(db, audit_id=audit_id, state=state, actor=who, after=after, limit=limit)
    body = CasePage(items=[CaseLineOut.of(held) for held in page.items], next=page.next)
    shown: CasePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(CASE, operation_id="getCase", response_model=CaseOut, openapi_extra=CONCERNED)
async def get_case(case_id: Id, request: Request, db: Db, who: Who) -> Response:
    """Return a case with what was done and found in it."""
    return with_etag(request, CaseOut.seen(await cases.get(db, case_id=case_id, actor=who)))


@router.get(
    "/v1/audit-reminders",
    operation_id="listReminders",
    response_model=ReminderPage,
    openapi_extra=CONCERNED,
)
async def list_reminders(
    request: Request, response: Response, db: Db, who: Who, now: Now, limit: Limit = 50, after: After = None
) -> ReminderPage:
    """List what is due in cases and has come up to be reminded of, late ones too."""
    page = await cases.reminders(db, actor=who, after=after, limit=limit, now=now)
    body = ReminderPage(items=[ReminderOut.of(each) for each in page.items], next=page.next)
    shown: ReminderPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    f"{CASE}/steps",
    operation_id="takeStep",
    status_code=201,
    response_model=CaseOut,
    openapi_extra=AUDITOR,
)
async def take_step(
    case_id: Id, body: CaseStepIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Notify, extend, defer, resume, withdraw, finalise, hear late or make good, and note a silence."""
    once = maker.rendering(CaseOut.seen)
    if body.step is Step.NOTE_SILENCE:
        await assessments.note_silence(db, once, case_id=case_id, words=body.words, actor=who, now=now)
    else:
        await cases.step(db, once, case_id=case_id, taken=body.read(), actor=who, now=now)
    return said(once)


@router.post(
    f"{CASE}/packs",
    operation_id="submitPack",
    status_code=201,
    response_model=PackOut,
    openapi_extra=MEMBERS,
)
async def submit_pack(
    case_id: Id, body: PackIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Hand in what a member shows; another version after more was asked, and those before stay."""
    once = maker.rendering(PackOut.of)
    await assessments.submit(db, once, case_id=case_id, pack=body.read(), actor=who, now=now)
    return said(once)


@router.get(f"{CASE}/pack", operation_id="getPack", response_model=PackOut, openapi_extra=CONCERNED)
async def get_pack(
    case_id: Id,
    request: Request,
    db: Db,
    who: Who,
    version: Annotated[int | None, Query(ge=1, le=10_000)] = None,
) -> Response:
    """Return a pack, the newest where no version is named; to those who assess without saying whose it is."""
    found = await assessments.get_pack(db, case_id=case_id, version=version, actor=who)
    return with_etag(request, PackOut.of(found))


@router.post(
    f"{CASE}/assignments",
    operation_id="assignCase",
    status_code=201,
    response_model=CaseOut,
    openapi_extra=AUDITOR,
)
async def assign_case(
    case_id: Id, maker: OncePerRequest, db: Db, who: Who, now: Now, _: NothingIn | None = None
) -> Response:
    """Give a case to whoever may assess it and has fewest; after a refusal, to a second assessor."""
    once = maker.rendering(CaseOut.seen)
    await assessments.assign(db, once, case_id=case_id, actor=who, now=now)
    return said(once)


@router.post(
    f"{CASE}/findings",
    operation_id="findInCase",
    status_code=201,
    response_model=CaseOut,
    openapi_extra=AUDITOR,
)
async def find_in_case(
    case_id: Id, body: FindingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Say what one finds in a case that one was given, with reasons."""
    once = maker.rendering(CaseOut.seen)
    outcome = Step(body.outcome.value)
    await assessments.find(
        db, once, case_id=case_id, outcome=outcome, reasons=body.reasons, actor=who, now=now
    )
    return said(once)


@router.post(
    f"{CASE}/appeals",
    operation_id="appealCase",
    status_code=201,
    response_model=CaseOut,
    openapi_extra=MEMBERS,
)
async def appeal_case(
    case_id: Id, body: WordsIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Appeal against a refusal for a member of one's own; nothing changes until it is decided."""
    once = maker.rendering(CaseOut.seen)
    await assessments.appeal(db, once, case_id=case_id, words=body.words, actor=who, now=now)
    return said(once)


@router.post(
    f"{CASE}/appeal-decisions",
    operation_id="ruleOnAppeal",
    status_code=201,
    response_model=CaseOut,
    openapi_extra=AUDITOR,
)
async def rule_on_appeal(
    case_id: Id, body: RulingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Decide an appeal, as somebody who had no part in the case."""
    once = maker.rendering(CaseOut.seen)
    await assessments.rule(
        db, once, case_id=case_id, ruling=body.ruling, words=body.reasons, actor=who, now=now
    )
    return said(once)
