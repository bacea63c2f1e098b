"""Standards suites and competence policies over HTTP: read by anyone, published by registrars."""

from typing import Annotated

from fastapi import Path, Request, Response

from services.register.domain.entry_routes.suite import CompetencePolicy, Suite
from services.register.operations.entry_routes import suites
from services.register.routes.entry_routes.suite_bodies import (
    CompetencePolicyIn,
    CompetencePolicyList,
    CompetencePolicyOut,
    SuiteIn,
    SuiteList,
    SuiteOut,
)
from services.register.routes.fields import Code
from shared.paging import After, Limit
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("standards")
DECIDE = needs("register:decide")
CodeInPath = Annotated[Code, Path(description="The code of a published suite or policy.")]


def _suite_location(suite: Suite) -> str:
    return f"/v1/standards-suites/{suite.code}"


def _policy_location(policy: CompetencePolicy) -> str:
    return f"/v1/competence-policies/{policy.code}"


@router.get("/v1/standards-suites", operation_id="listStandardsSuites", response_model=SuiteList)
async def list_suites(
    request: Request, response: Response, db: Db, limit: Limit = 50, after: After = None
) -> SuiteList:
    """List the standards suites, each in the versions that are known, with what is not known of them."""
    page = await suites.page_of_suites(db, after=after, limit=limit)
    shown = SuiteList(items=[SuiteOut.of(each) for each in page.items], next=page.next)
    page_body(request, response, shown, next_cursor=page.next)
    return shown


@router.get("/v1/standards-suites/{code}", operation_id="getStandardsSuite", response_model=SuiteOut)
async def get_suite(code: CodeInPath, request: Request, db: Db) -> Response:
    """Return one suite with its standards."""
    return with_etag(request, SuiteOut.of(await suites.get_suite(db, code=code)))


@router.post(
    "/v1/standards-suites",
    operation_id="publishStandardsSuite",
    status_code=201,
    response_model=SuiteOut,
    openapi_extra=DECIDE,
)
async def publish_suite(body: SuiteIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Publish a standards suite. It never changes from then on; another version is another suite."""
    once = maker.rendering(SuiteOut.of, location=_suite_location)
    await suites.publish_suite(db, once, body=body.body(), actor=who, now=now)
    return said(once)


@router.get(
    "/v1/competence-policies", operation_id="listCompetencePolicies", response_model=CompetencePolicyList
)
async def list_policies(
    request: Request, response: Response, db: Db, limit: Limit = 50, after: After = None
) -> CompetencePolicyList:
    """List what competence shown against a suite counts for: those in force, over and to come."""
    page = await suites.page_of_policies(db, after=after, limit=limit)
    items = [CompetencePolicyOut.of(each) for each in page.items]
    shown = CompetencePolicyList(items=items, next=page.next)
    page_body(request, response, shown, next_cursor=page.next)
    return shown


@router.get(
    "/v1/competence-policies/{code}",
    operation_id="getCompetencePolicy",
    response_model=CompetencePolicyOut,
)
async def get_policy(code: CodeInPath, request: Request, db: Db) -> Response:
    """Return one competence policy."""
    return with_etag(request, CompetencePolicyOut.of(await suites.get_policy(db, code=code)))


@router.post(
    "/v1/competence-policies",
    operation_id="publishCompetencePolicy",
    status_code=201,
    response_model=CompetencePolicyOut,
    openapi_extra=DECIDE,
)
async def publish_policy(
    body: CompetencePolicyIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Publish from a later day on which standards of a suite are to be shown, and which level that equals."""
    once = maker.rendering(CompetencePolicyOut.of, location=_policy_location)
    await suites.publish_policy(db, once, body=body.body(), actor=who, now=now)
    return said(once)
