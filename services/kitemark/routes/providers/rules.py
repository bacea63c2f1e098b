"""Standards for providers, their circumstances and the requirement rules over HTTP."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from services.kitemark.domain.providers.access import PANEL
from services.kitemark.operations import reference
from services.kitemark.operations.providers import rules
from services.kitemark.operations.providers.rules import CIRCUMSTANCES, KIND, STANDARDS
from services.kitemark.routes.providers.rule_bodies import (
    CircumstanceKindIn,
    CircumstanceKindOut,
    CircumstancePage,
    RequirementRuleIn,
    RequirementRuleOut,
    RequirementRulePage,
    StandardIn,
    StandardOut,
    StandardPage,
)
from shared.paging import After, Limit
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, page_body, said

router = guarded_router("reference")


async def _list(
    kind: str, request: Request, response: Response, db: Db, limit: int, after: str | None
) -> Mapping[str, Any]:
    page = await reference.list_entries(db, kind, after=after, limit=limit)
    body = {"items": page.items, "next": page.next}
    shown: Mapping[str, Any] = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get("/v1/provider-standards", operation_id="listProviderStandards", response_model=StandardPage)
async def list_provider_standards(
    request: Request, response: Response, db: Db, limit: Limit = 50, after: After = None
) -> Any:
    """List the standards for providers with editions, elements and criteria as far as they are known."""
    return await _list(STANDARDS, request, response, db, limit, after)


@router.get(
    "/v1/provider-circumstances", operation_id="listProviderCircumstances", response_model=CircumstancePage
)
async def list_provider_circumstances(
    request: Request, response: Response, db: Db, limit: Limit = 50, after: After = None
) -> Any:
    """List what can be told of a provider, and what rules ask about."""
    return await _list(CIRCUMSTANCES, request, response, db, limit, after)


@router.get("/v1/requirement-rules", operation_id="listRequirementRules", response_model=RequirementRulePage)
async def list_requirement_rules(
    request: Request, response: Response, db: Db, limit: Limit = 50, after: After = None
) -> Any:
    """List every version of every requirement rule, past and to come, each with its source."""
    return await _list(KIND, request, response, db, limit, after)


@router.post(
    "/v1/requirement-rules",
    operation_id="publishRequirementRule",
    status_code=201,
    response_model=RequirementRuleOut,
    openapi_extra=needs(PANEL),
)
async def publish_requirement_rule(
    body: RequirementRuleIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Publish a version of a rule from a later day on. Days before it are judged by the version before."""
    once = maker.rendering(RequirementRuleOut.model_validate)
    await rules.publish(db, once, told=body.told(), actor=who, now=now)
    return said(once)


@router.post(
    "/v1/provider-standards",
    operation_id="addProviderStandard",
    status_code=201,
    response_model=StandardOut,
    openapi_extra=needs(PANEL),
)
async def add_provider_standard(
    body: StandardIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Add a standard to which providers can be accredited from now on."""
    once = maker.rendering(StandardOut.model_validate)
    await rules.add(db, once, kind=STANDARDS, entry=body.entry(), actor=who, now=now)
    return said(once)


@router.post(
    "/v1/provider-circumstances",
    operation_id="addProviderCircumstance",
    status_code=201,
    response_model=CircumstanceKindOut,
    openapi_extra=needs(PANEL),
)
async def add_provider_circumstance(
    body: CircumstanceKindIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Add a circumstance that can be told of providers and asked about by rules from now on."""
    once = maker.rendering(CircumstanceKindOut.model_validate)
    await rules.add(db, once, kind=CIRCUMSTANCES, entry=body.entry(), actor=who, now=now)
    return said(once)
