"""OAuth 2.0 over HTTP: access tokens by client credentials (RFC 6749), and their revocation (RFC 7009)."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from services.gateway.domain.client import Client, ScopeNotGranted
from services.gateway.domain.credentials import ASSERTION_TYPE
from services.gateway.operations import tokens
from services.gateway.operations.authentication import Door
from services.gateway.operations.tokens import TokenOfAnotherClient
from services.gateway.routes.forms import credentials_in, needed, read_form
from shared.errors import Malformed, Refusal, TooLarge, TooManyRequests, Unauthenticated
from shared.web import Db, Now

router = APIRouter(tags=["tokens"])

GRANT_TYPE = "client_credentials"
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class GrantTypeNotSupported(Malformed):
    """The only grant type is client_credentials."""


class AccessToken(BaseModel):
    """An access token, for how many seconds it is good, and what it may be used for."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - not a secret
    expires_in: int
    scope: str


class TokenProblem(BaseModel):
    """Why no token was given or revoked: ``error`` is one of RFC 6749's words."""

    error: str
    error_description: str


# The most particular first: what a refusal is called on this endpoint.
_ERRORS: tuple[tuple[type[Refusal], str], ...] = (
    (GrantTypeNotSupported, "unsupported_grant_type"),
    (ScopeNotGranted, "invalid_scope"),
    (TokenOfAnotherClient, "invalid_grant"),
    (Unauthenticated, "invalid_client"),
    (TooManyRequests, "temporarily_unavailable"),
    (TooLarge, "invalid_request"),
    (Malformed, "invalid_request"),
)

_CREDENTIALS = {
    "client_id": {"type": "string", "maxLength": 80},
    "client_secret": {"type": "string", "format": "password"},
    "client_assertion_type": {"type": "string", "enum": [ASSERTION_TYPE]},
    "client_assertion": {"type": "string"},
}


def _form(required: str, properties: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "required": [required], "properties": properties | _CREDENTIALS}
    return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}


_ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {"model": TokenProblem, "description": description}
    for status, description in (
        (400, "The request is not well formed, or asks for what was not granted."),
        (401, "The client could not be authenticated."),
        (413, "The form is too large."),
        (429, "The client failed to authenticate too often; see Retry-After."),
    )
}


@router.post(
    "/oauth/token",
    operation_id="issueToken",
    response_model=AccessToken,
    responses=_ANSWERS,
    openapi_extra={
        "requestBody": _form(
            "grant_type",
            {"grant_type": {"type": "string", "enum": [GRANT_TYPE]}, "scope": {"type": "string"}},
        )
    },
)
async def issue_token(request: Request, now: Now) -> Response:
    """Give a client an access token for fifteen minutes.

    The client authenticates by HTTP Basic (client_secret_basic), by client_id and client_secret in the form
    (client_secret_post), or by client_assertion, a JWT signed with its own key (private_key_jwt).
    """

    async def answer(client: Client, form: dict[str, str]) -> Response:
        if needed(form, "grant_type") != GRANT_TYPE:
            raise GrantTypeNotSupported
        settings = request.app.state.settings
        issued = tokens.issue(
            request.app.state.keys,
            client,
            scope=form.get("scope"),
            issuer=settings.issuer,
            audience=settings.audience,
            now=now,
        )
        said = AccessToken(access_token=issued.access_token, expires_in=issued.expires_in, scope=issued.scope)
        return JSONResponse(said.model_dump(), headers=NOT_KEPT)

    return await _answered(request, answer, now=now)


@router.post(
    "/oauth/revoke",
    operation_id="revokeToken",
    responses=_ANSWERS | {200: {"description": "The token is not valid, or not any more.", "content": {}}},
    openapi_extra={
        "requestBody": _form("token", {"token": {"type": "string"}, "token_type_hint": {"type": "string"}})
    },
    response_class=Response,
)
async def revoke_token(request: Request, db: Db, now: Now) -> Response:
    """Revoke one of the client's own access tokens; services refuse it within a minute."""

    async def answer(client: Client, form: dict[str, str]) -> Response:
        await tokens.revoke(db, request.app.state.keys, client, token=needed(form, "token"), now=now)
        return Response(headers=NOT_KEPT)

    return await _answered(request, answer, now=now)


async def _answered(
    request: Request, answer: Callable[[Client, dict[str, str]], Awaitable[Response]], *, now: Any
) -> Response:
    """Authenticate the client, give ``answer``, and say refusals in the words of OAuth."""
    door: Door = request.app.state.door
    place = request.client.host if request.client else ""
    try:
        form = await read_form(request)
        client = await door.authenticate(credentials_in(request, form), place=place, now=now)
        request.state.client_id = client.client_id
        return await answer(client, form)
    except Refusal as refusal:
        word = next((word for kind, word in _ERRORS if isinstance(refusal, kind)), None)
        if word is None:
            raise
        return _refused(refusal, word)


def _refused(refusal: Refusal, word: str) -> Response:
    headers = dict(NOT_KEPT)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="careers-register"'
    if isinstance(refusal, TooManyRequests):
        headers["Retry-After"] = str(refusal.retry_after)
    said = TokenProblem(error=word, error_description=refusal.detail)
    return JSONResponse(said.model_dump(), status_code=refusal.status, headers=headers)
