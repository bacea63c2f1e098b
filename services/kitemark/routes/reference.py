"""Reference data over HTTP: one list for each kind, from one table."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from services.kitemark.operations import reference
from services.kitemark.routes import reference_bodies as bodies
from services.kitemark.routes.reference_bodies import ListOut
from shared.paging import After, Limit
from shared.web import Db, guarded_router, page_body

router = guarded_router("reference")

Endpoint = Callable[..., Coroutine[Any, Any, Any]]

# The path, which is the kind, the operation, how an entry is shown, and what is said of the list.
LISTINGS: tuple[tuple[str, str, type[BaseModel], str], ...] = (
    ("sources", "listSources", bodies.SourceOut, "List the documents that were used."),
    ("bodies", "listBodies", bodies.BodyOut, "List the bodies that give awards."),
    ("schemes", "listSchemes", bodies.SchemeOut, "List the schemes of awards, with what is known of each."),
    (
        "criteria-versions",
        "listCriteriaVersions",
        bodies.CriteriaVersionOut,
        "List the editions of the national criteria.",
    ),
    (
        "mark-policies",
        "listMarkPolicies",
        bodies.MarkPolicyOut,
        "List the versions of the rule for awards whose scheme or body lapses.",
    ),
    (
        "policing-policies",
        "listPolicingPolicies",
        bodies.PolicingPolicyOut,
        "List the terms of moderation and concerns: how many, and by when.",
    ),
    ("body-ties", "listBodyTies", bodies.BodyTieOut, "List the bodies that may not judge one another."),
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
