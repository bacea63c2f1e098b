"""What the services say of their own interfaces can be read by people and by generators of clients."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.cpd.app import create_app as create_cpd
from services.gateway.app import create_app as create_gateway
from services.kitemark.app import create_app as create_kitemark
from services.register.app import create_app as create_register
from shared.postgres.roles import ServiceUrls
from tests.cpd.conftest import settings as cpd_settings
from tests.gateway.make import settings as gateway_settings
from tests.kitemark.conftest import settings as kitemark_settings
from tests.register.authorisation.test_matrix import SETTINGS as REGISTER_SETTINGS

NOWHERE = "postgresql+asyncpg://nobody:none@/nothing?host=/nowhere"
SERVICES = ("register", "cpd", "kitemark", "gateway")


@cache
def described(service: str) -> dict[str, Any]:
    """Return the OpenAPI document of a service that is put together and not started."""
    if service == "register":
        return create_register(REGISTER_SETTINGS).openapi()
    if service == "cpd":
        return create_cpd(cpd_settings(NOWHERE)).openapi()
    if service == "kitemark":
        return create_kitemark(kitemark_settings(NOWHERE)).openapi()
    urls = ServiceUrls(owner=NOWHERE, app=NOWHERE)
    return create_gateway(gateway_settings(urls, Path("keys.json"))).openapi()


@pytest.mark.parametrize("service", SERVICES)
def test_the_name_of_a_shape_does_not_tell_where_its_code_stands(service: str) -> None:
    assert [name for name in described(service)["components"]["schemas"] if "__" in name] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_two_shapes_have_one_title(service: str) -> None:
    shapes = described(service)["components"]["schemas"]
    assert len({shape.get("title", name) for name, shape in shapes.items()}) == len(shapes)
