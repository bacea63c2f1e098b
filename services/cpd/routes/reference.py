"""Reference data over HTTP: one list for each kind, from one table; and the publishing of a policy."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from services.cpd.operations import reference
from services.cpd.routes import reference_bodies as bodies
from services.cpd.routes.reference_bodies import ListOut, PolicyIn, PolicyOut
from shared.paging import After, Limit
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, page_body, said

router = guarded_router("reference")

Endpoint = Callable[..., Coroutine[Any, Any, Any]]

# The path, which is the kind, the operation, how an entry is shown, and what is said of the list.
LISTINGS: tuple[tuple[str, str, type[BaseModel], str], ...] = (
    ("sources", "listSources", bodies.SourceOut, "List the documents that were used."),
    ("activity-types", "listActivityTypes", bodies.Titled, "List the types of activity."),
    ("learning-approaches", "listLearningApproaches", bodies.Titled, "List the approaches to learning."),
    (
        "competence-suites",
        "listCompetenceSuites",
        bodies.SuiteOut,
        "List the suites of competence standards.",
    ),
    ("competence-standards", "listCompetenceStandards", bodies.StandardOut, "List the competence standards."),
    ("specialisms", "listSpecialisms", bodies.SpecialismOut, "List the specialisms."),
    (
        "commitment-wordings",
        "listCommitmentWordings",
        bodies.WordingOut,
        "List the wordings of the commitment.",
    ),
    (
        "policies",
        "listPolicies",
        bodies.PolicyOut,
        "List what CPD asks, by level and association, past and to come.",
    ),
    (
        "audit-policies",
        "listAuditPolicies",
        bodies.AuditPolicyOut,
        "List the terms of the audit, past and to come.",
    ),
)


def _lister(kind: str) -> Endpoint:
    """Return the endpoint of one list."""

    async def list_entries(
        request: Request, response: Response, db: Db, limit: Limit = 50, after: After = None
    ) -> Any:
        page = await reference.list_entries(db, kind, after=after, limit=limit)
        body = {"items": page.items, "next": page.next}
        return page_body(request, response, body, next_cursor=page.next)

    return list_entries


for _path, _operation_id, _shown, _description in LISTINGS:
    router.add_api_route(
        f"/v1/{_path}",
        _lister(_path.replace("-", "_")),
        methods=["GET"],
        operation_id=_operation_id,
        response_model=ListOut[_shown],  # type: ignore[valid-type]
        summary=_description.partition(".")[0].partition(",")[0],
        description=_description,
    )


@router.post(
    "/v1/policies",
    operation_id="publishPolicy",
    status_code=201,
    response_model=PolicyOut,
    openapi_extra=needs("register:decide"),
)
async def publish_policy(policy: PolicyIn, db: Db, who: Who, now: Now, maker: OncePerRequest) -> Response:
    """Publish what CPD asks of a level of membership from a later day on.

    A published version never changes. Days before it are judged by the version before.
    """
    once = maker.rendering(PolicyOut.model_validate)
    await reference.publish_policy(db, once, title=policy.title, policy=policy.read(), actor=who, now=now)
    return said(once)
