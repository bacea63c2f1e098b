"""Every kind of caller of the contract, as headers."""

from tests.callers import association, bearer, registrar

ANYONE: dict[str, str] = {}

CALLERS: dict[str, dict[str, str]] = {
    "anyone": ANYONE,
    "own association": association("ICG"),
    "other association": association("ACEG"),
    "registrar": registrar("registrar-three"),
    "auditor": bearer("cpd:audit", subject="auditor"),
    "award body": bearer("awards:write", subject="body", body="Body One"),
    "assessor": bearer("validations:decide", subject="assessor"),
    "school": bearer("checks:write", subject="school", urn="100000"),
    "careers service": bearer("people:match", "people:read", "changes:read", subject="crm"),
    "neighbour": bearer("internal", subject="cpd"),
}

EVERYONE = frozenset(CALLERS)

# Tokens that were never good or are not any more: refused on every route, public ones included.
BAD_TOKENS: dict[str, dict[str, str]] = {
    "expired": bearer("members:write", "register:decide", "internal", exp=1),
    "for another audience": bearer("members:write", "register:decide", "internal", aud="elsewhere"),
    "from another issuer": bearer("members:write", "register:decide", iss="https://stranger.test"),
    "not a token": {"Authorization": "Bearer x.y.z"},
    "not a bearer": {"Authorization": "Basic eDp5"},
}
