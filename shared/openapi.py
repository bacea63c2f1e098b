"""What OpenAPI says beyond the routes: scopes, where tokens come from, what a refusal looks like."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from shared.problems import MEDIA_TYPE

PROBLEM = {
    "description": "A refusal, as a problem document (RFC 9457).",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
# Any path can answer these; each route adds its own.
COMMON_ANSWERS: dict[int | str, dict[str, Any]] = dict.fromkeys(
    (400, 401, 403, 404, 405, 409, 412, 413, 422, 429, 503), PROBLEM
)


class FieldProblem(BaseModel):
    """One thing wrong in the input."""

    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """A refusal: ``code`` is stable, ``detail`` is a sentence that a person can act on."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[FieldProblem] = []


def described(app: FastAPI, *, token_url: str, scopes: dict[str, str]) -> dict[str, Any]:
    """Return the OpenAPI description of an app, with its scopes and the shape of a refusal."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        components = schema.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        schemas["Problem"] = _inlined(Problem)
        # What is taken and what is given under one name differ: generators of clients go by the title.
        for name, shape in schemas.items():
            if name.endswith(("-Input", "-Output")):
                shape["title"] = name
        flow = {"tokenUrl": token_url, "scopes": scopes}
        components["securitySchemes"] = {"oauth2": {"type": "oauth2", "flows": {"clientCredentials": flow}}}
        app.openapi_schema = schema
    return app.openapi_schema


def _inlined(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    text = json.dumps(schema)
    for name, definition in schema.get("$defs", {}).items():
        text = text.replace(json.dumps({"$ref": f"#/$defs/{name}"}), json.dumps(definition))
    inlined: dict[str, Any] = json.loads(text)
    inlined.pop("$defs", None)
    return inlined
