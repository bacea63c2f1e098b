"""What the gateway publishes as an issuer of tokens: its metadata, its keys, its revocations."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from services.gateway.domain.client import ALL_SCOPES
from services.gateway.domain.credentials import ASSERTION_ALGORITHMS
from services.gateway.operations import tokens
from services.gateway.routes.tokens import GRANT_TYPE
from shared.web import Db, Now

router = APIRouter(tags=["tokens"])

WAYS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]


class IssuerMetadata(BaseModel):
    """Where this issuer's endpoints are, and what they take (RFC 8414)."""

    issuer: str
    token_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_signing_alg_values_supported: list[str]
    service_documentation: str


class PublishedKeys(BaseModel):
    """The public keys with which tokens are signed (RFC 7517)."""

    keys: list[dict[str, Any]]


class Revocations(BaseModel):
    """What must be refused: tokens by ``jti``, and by client every token issued before a second."""

    tokens: list[str]
    clients: dict[str, int]


@router.get("/.well-known/oauth-authorization-server", operation_id="issuerMetadata")
async def metadata(request: Request) -> IssuerMetadata:
    """Say where this issuer's endpoints are, and what they take."""
    issuer = request.app.state.settings.issuer
    algorithms = list(ASSERTION_ALGORITHMS)
    return IssuerMetadata(
        issuer=issuer,
        token_endpoint=f"{issuer}/oauth/token",
        revocation_endpoint=f"{issuer}/oauth/revoke",
        jwks_uri=f"{issuer}/.well-known/jwks.json",
        scopes_supported=list(ALL_SCOPES),
        response_types_supported=[],
        grant_types_supported=[GRANT_TYPE],
        token_endpoint_auth_methods_supported=WAYS,
        token_endpoint_auth_signing_alg_values_supported=algorithms,
        revocation_endpoint_auth_methods_supported=WAYS,
        revocation_endpoint_auth_signing_alg_values_supported=algorithms,
        service_documentation=f"{issuer}/docs",
    )


@router.get("/.well-known/jwks.json", operation_id="publishedKeys", response_model=PublishedKeys)
async def jwks(request: Request, now: Now) -> JSONResponse:
    """Give the public keys: the one that signs, the next one, and those that signed tokens still in use."""
    said = request.app.state.keys.publish(now=now)
    return JSONResponse(said, headers={"Cache-Control": "public, max-age=300"})


@router.get("/.well-known/revocations.json", operation_id="revocations", response_model=Revocations)
async def revocations(db: Db, now: Now) -> JSONResponse:
    """Give what services have to refuse although its signature is good; ask again every fifteen seconds."""
    return JSONResponse(await tokens.revocations(db, now=now), headers={"Cache-Control": "no-cache"})
