"""What the services say of their own interfaces can be read by people and by generators of clients."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from services.cpd.app import create_app as create_cpd
from services.gateway.app import create_app as create_gateway
from services.kitemark.app import create_app as create_kitemark
from services.register.app import create_app as create_register
from shared.postgres.roles import ServiceUrls
from tests.cpd.conftest import settings as cpd_settings
from tests.gateway.make import TestClock, keys_file
from tests.gateway.make import settings as gateway_settings
from tests.kitemark.conftest import settings as kitemark_settings
from tests.register.authorisation.test_matrix import SETTINGS as REGISTER_SETTINGS

NOWHERE = "postgresql+asyncpg://nobody:none@/nothing?host=/nowhere"
JSON = "application/json"
FORMATS = {"date": "2026-01-31", "date-time": "2026-01-31T09:30:00Z"}

Apps = dict[str, FastAPI]


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Apps:
    """Return the services, put together and not started."""
    keys = keys_file(tmp_path_factory.mktemp("keys"), TestClock())
    return {
        "register": create_register(REGISTER_SETTINGS),
        "cpd": create_cpd(cpd_settings(NOWHERE)),
        "kitemark": create_kitemark(kitemark_settings(NOWHERE)),
        "gateway": create_gateway(gateway_settings(ServiceUrls(owner=NOWHERE, app=NOWHERE), keys)),
    }


def sent(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each operation to which JSON is sent, with what is said of that."""
    for methods in document["paths"].values():
        for operation in methods.values():
            if JSON in (content := operation.get("requestBody", {}).get("content", {})):
                yield operation["operationId"], content[JSON]


def written(router: APIRouter) -> Iterator[APIRoute]:
    """Give the routes of a router, and of those that it includes."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif (included := getattr(route, "original_router", None)) is not None:
            yield from written(included)


def composed(place: dict[str, Any], shapes: dict[str, Any]) -> Any:
    """Return what a reader of the documentation begins with; "invented" where that has to be made up."""
    for name in ("examples", "enum"):
        if name in place:
            return place[name][0]
    for name in ("anyOf", "oneOf"):
        if name in place:
            return composed(place[name][0], shapes)
    if "$ref" in place:
        return composed(shapes[place["$ref"].rpartition("/")[2]], shapes)
    match place.get("type"):
        case "object":
            return {field: composed(value, shapes) for field, value in place.get("properties", {}).items()}
        case "array":
            return [composed(place["items"], shapes)]
        case kind:
            made_up = FORMATS.get(place.get("format", ""), kind == "boolean" or "invented")
            return place.get("const", place.get("default", made_up))


def test_the_name_of_a_shape_does_not_tell_where_its_code_stands(apps: Apps) -> None:
    shapes = [name for app in apps.values() for name in app.openapi()["components"]["schemas"]]
    assert [name for name in shapes if "__" in name] == []


def test_no_two_shapes_of_a_service_have_one_title(apps: Apps) -> None:
    for app in apps.values():
        shapes = app.openapi()["components"]["schemas"]
        assert len({shape.get("title", name) for name, shape in shapes.items()}) == len(shapes)


def test_every_request_is_shown_by_an_example_that_its_own_rules_let_through(apps: Apps) -> None:
    shown = 0
    for app in apps.values():
        document = app.openapi()
        routes = {route.unique_id: route for route in written(app.router)}
        for name, media in sent(document):
            examples = [named["value"] for named in media.get("examples", {}).values()]
            example = json.dumps(
                (examples or [composed(media["schema"], document["components"]["schemas"])])[0]
            )
            assert '"invented"' not in example, (name, example)
            body = routes[name].body_field
            if body is not None:
                TypeAdapter(body.field_info.annotation).validate_json(example)
                shown += 1
    assert shown > 100
