"""The register's own client: none is needed, and none of a development machine is taken in production."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.register.settings import Settings
from tests.cpd.test_settings import PRODUCTION as OF_CPD

PRODUCTION = {name: value for name, value in OF_CPD.items() if name != "register_url"}


def test_cpd_is_followed_where_there_is_a_client_to_ask_as() -> None:
    assert Settings(**PRODUCTION).has_client
    assert not Settings(**PRODUCTION | {"client_secret": None}).has_client


@pytest.mark.parametrize(
    "changed",
    [{"client_id": "sample-neighbour"}, {"client_secret": "example-1"}, {"credentials_file": "sample.json"}],
)
def test_production_refuses_a_client_that_everybody_knows(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**PRODUCTION | changed)
