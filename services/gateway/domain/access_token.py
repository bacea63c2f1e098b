"""What an access token says (RFC 9068), and for how long it is good."""

import math
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain.client import Client

LIFE = timedelta(minutes=15)
TYPE = "at+jwt"


def claims_for(
    client: Client, *, scopes: Collection[str], issuer: str, audience: str, token_id: str, now: datetime
) -> dict[str, Any]:
    """Return the claims of a new token for ``client``.

    Revocation works on whole seconds and takes all tokens of the second in which it happens; a token given
    in the rest of that second, to a client whose secret was changed, counts as issued in the next one.
    """
    issued = int(now.timestamp())
    if client.tokens_void_before is not None:
        issued = max(issued, void_before(client.tokens_void_before))
    return {
        "iss": issuer,
        "aud": audience,
        "sub": client.subject,
        "client_id": client.client_id,
        "scope": " ".join(scopes),
        "jti": token_id,
        "iat": issued,
        "nbf": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        **client.parties,
    }


def void_before(instant: datetime) -> int:
    """Return the second such that every token issued before it was issued by ``instant``, or at it."""
    return math.floor(instant.timestamp()) + 1
