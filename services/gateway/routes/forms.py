"""Reading the forms that OAuth clients send, and the credentials in them."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote_plus

from fastapi import Request

from services.gateway.domain.credentials import (
    ASSERTION_TYPE,
    Assertion,
    ClientNotRecognised,
    Credentials,
    Secret,
    TwoWaysOfAuthenticating,
)
from services.gateway.operations.authentication import claimed_client
from shared.errors import Malformed, TooLarge

LARGEST_FORM = 16 * 1024
MOST_FIELDS = 20
_FORM = "application/x-www-form-urlencoded"


class FormNotReadable(Malformed):
    """The body is not a form in UTF-8: send it with Content-Type: application/x-www-form-urlencoded."""


class FormTooLarge(TooLarge):
    """The form is larger than 16 kB."""


class ParameterRepeated(Malformed):
    """A parameter was sent more than once."""


class ParameterMissing(Malformed):
    """The parameter {parameter} is missing."""


class ParametersInAddress(Malformed):
    """Parameters belong in the body of the request; an address is kept in logs."""


async def read_form(request: Request) -> dict[str, str]:
    """Return the parameters of a form, those without a value left out, as RFC 6749 says."""
    if request.url.query:
        raise ParametersInAddress
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _FORM or "content-encoding" in request.headers:
        raise FormNotReadable
    try:
        pairs = parse_qsl(
            (await _body(request)).decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise FormNotReadable from None
    if len({name for name, _ in pairs}) < len(pairs):
        raise ParameterRepeated
    return {name: value for name, value in pairs if value}


def needed(form: Mapping[str, str], parameter: str) -> str:
    """Return a parameter's value; raises ParameterMissing."""
    if parameter not in form:
        raise ParameterMissing(parameter=parameter)
    return form[parameter]


def credentials_in(request: Request, form: Mapping[str, str]) -> Credentials:
    """Return how the client authenticates; raises TwoWaysOfAuthenticating and ClientNotRecognised."""
    sent = request.headers.getlist("authorization")
    ways = len(sent) + ("client_secret" in form) + ("client_assertion" in form)
    if ways > 1:
        raise TwoWaysOfAuthenticating
    if sent:
        given: Credentials = _basic(sent[0])
    elif "client_assertion" in form:
        given = _assertion(form)
    else:
        given = Secret(client_id=form.get("client_id", ""), secret=form.get("client_secret", ""))
    if form.get("client_id", given.client_id) != given.client_id:
        raise ClientNotRecognised
    return given


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            raise FormTooLarge
    return body


def _basic(header: str) -> Secret:
    scheme, _, encoded = header.partition(" ")
    try:
        read = base64.b64decode(encoded, validate=True).decode()
        client_id, separator, secret = read.partition(":")
        if scheme.lower() != "basic" or not separator:
            raise ClientNotRecognised
        # Both are form-encoded before they are joined: RFC 6749 section 2.3.1.
        return Secret(
            client_id=unquote_plus(client_id, errors="strict"), secret=unquote_plus(secret, errors="strict")
        )
    except (binascii.Error, ValueError):
        raise ClientNotRecognised from None


def _assertion(form: Mapping[str, str]) -> Assertion:
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise ClientNotRecognised
    token = form["client_assertion"]
    return Assertion(client_id=claimed_client(token), token=token)
