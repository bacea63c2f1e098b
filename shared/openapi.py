"""What OpenAPI says beyond the routes: scopes, where tokens come from, what a refusal looks like."""

import json
from collections.abc import Iterator, Mapping
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


def described(
    app: FastAPI, *, token_url: str, scopes: dict[str, str], examples: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the OpenAPI description of an app, with its scopes and the shape of a refusal.

    ``examples`` has what a field of a request may say by the field's name, or by `Shape.field` where a name
    means different things; whoever tries a request in the documentation begins with these.
    """
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
        for name, field, place in _fields(schema):
            example = examples.get(f"{name}.{field}", examples.get(field))
            if example is not None:
                place["examples"] = [example]
        app.openapi_schema = schema
    return app.openapi_schema


def _fields(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give every field of what is sent that says neither itself nor by its shape what may stand there."""
    shapes = document["components"]["schemas"]
    waiting = [
        body["schema"]
        for methods in document["paths"].values()
        for operation in methods.values()
        for body in operation.get("requestBody", {}).get("content", {}).values()
    ]
    seen: set[str] = set()
    while waiting:
        place = waiting.pop()
        if (name := place.get("$ref", "").rpartition("/")[2]) and name not in seen:
            seen.add(name)
            waiting.append(shapes[name])
        waiting += [place["items"]] if "items" in place else []
        waiting += [part for way in ("anyOf", "oneOf", "allOf") for part in place.get(way, ())]
        for field, value in place.get("properties", {}).items():
            waiting.append(value)
            if not _shows_itself(value):
                yield place.get("title", ""), field, value


def _shows_itself(place: dict[str, Any]) -> bool:
    """Tell whether what may stand there is seen from its own description or from another shape."""
    return bool(place.keys() & {"example", "examples", "const", "enum"}) or "$ref" in json.dumps(place)


def _inlined(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    text = json.dumps(schema)
    for name, definition in schema.get("$defs", {}).items():
        text = text.replace(json.dumps({"$ref": f"#/$defs/{name}"}), json.dumps(definition))
    inlined: dict[str, Any] = json.loads(text)
    inlined.pop("$defs", None)
    return inlined
