"""The settings: a client of its own, and nothing of a development machine in production."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.kitemark.settings import Settings
from shared.tokens import TrustedIssuer

PRODUCTION: dict[str, Any] = {
    "database_url": "postgresql://x",
    "environment": "production",
    "trusted_issuers": [
        TrustedIssuer(
            issuer="https://register.example",
            jwks_url="https://register.example/jwks.json",
            audience="careers-register",
        )
    ],
    "errors_url": "https://register.example/errors",
    "token_url": "https://register.example/oauth/token",
    "register_url": "http://register:8000",
    "cpd_url": "http://cpd:8000",
    "client_id": "kitemark",
    "client_secret": "3f9c1be7",
}


def test_production_takes_a_client_of_its_own() -> None:
    assert Settings(**PRODUCTION).client_id == "kitemark"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"client_id": "sample-neighbour"}, "a client of its own"),
        ({"client_secret": "example-secret"}, "no example"),
        ({"client_secret": None}, "client_id and client_secret"),
        ({"credentials_file": "sample.json"}, "development machines only"),
        ({"trusted_issuers": [TrustedIssuer(issuer="http://x", jwks_url="http://x", audience="a")]}, "http"),
    ],
)
def test_production_refuses_what_belongs_to_a_development_machine(changed: dict[str, Any], why: str) -> None:
    with pytest.raises((ValidationError, Exception), match=why):
        Settings(**PRODUCTION | changed)
