"""Clients: the systems and people that may ask for tokens, by kind, with what each kind may do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.errors import Conflict, Malformed, NotFound, Unprocessable

LONGEST_NAME = 200

_CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_CLAIM_FORMS = {
    "association": re.compile(r"[A-Z][A-Z0-9-]{1,19}"),
    "body": re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}"),
    "urn": re.compile(r"[0-9]{5,8}"),
}


class NoSuchKind(Unprocessable):
    """There is no kind of client called {kind}: it is one of {kinds}."""


class ClaimMissing(Unprocessable):
    """A client of the kind {kind} speaks for someone: say which {claim}."""


class ClaimNotMeant(Unprocessable):
    """A client of the kind {kind} does not speak for any {claim}: leave it out."""


class ClaimNotReadable(Unprocessable):
    """This is not how the {claim} of a client is written: {value}."""


class ClientIdNotReadable(Unprocessable):
    """A client id and a subject have 1 to 80 lower-case letters, digits, dots, hyphens and underscores."""


class ClientNameNotReadable(Unprocessable):
    """A client's name has 1 to 200 characters, so that people know whose it is."""


class ClientExists(Conflict):
    """There is a client with this id already: choose another, or rotate the secret of that one."""


class NoSuchClient(NotFound):
    """There is no client with this id, or it was revoked."""


class ScopeNotGranted(Malformed):
    """The scope is unknown, or was not granted to this client: ask for one of its own, or leave scope out."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What clients of one kind may do, the claim each of them needs, and those that it may have."""

    scopes: tuple[str, ...]
    needs: str | None = None
    may_have: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "association": Kind(scopes=("members:write", "cpd:write"), needs="association"),
    "registrar": Kind(scopes=("register:decide",)),
    "auditor": Kind(scopes=("cpd:audit",), may_have=("association",)),
    "award-body": Kind(scopes=("awards:write",), needs="body"),
    "assessor": Kind(scopes=("validations:decide",), may_have=("body",)),
    "school": Kind(scopes=("checks:write",), needs="urn"),
    "careers-service": Kind(scopes=("people:match", "people:read", "changes:read")),
    "neighbour": Kind(scopes=("internal",)),
}

ALL_SCOPES = tuple(scope for kind in KINDS.values() for scope in kind.scopes)


@dataclass(frozen=True, kw_only=True)
class Client:
    """A client. ``subject`` is the person or system that acts through it, and what four-eyes rules compare.

    Tokens issued before ``tokens_void_before`` are not accepted any more.
    """

    client_id: str
    kind: str
    name: str
    subject: str
    scopes: tuple[str, ...]
    created_at: datetime
    association: str | None = None
    body: str | None = None
    urn: str | None = None
    revoked_at: datetime | None = None
    tokens_void_before: datetime | None = None

    @property
    def parties(self) -> dict[str, str]:
        """For whom the client may speak, as claims."""
        said = {"association": self.association, "body": self.body, "urn": self.urn}
        return {claim: value for claim, value in said.items() if value is not None}

    def granted(self, asked: str | None) -> tuple[str, ...]:
        """Return the scopes of a token: all of the client's, or those asked for."""
        wanted = (asked or "").split(" ")
        if wanted == [""]:
            return self.scopes
        if not set(wanted) <= set(self.scopes):
            raise ScopeNotGranted
        return tuple(scope for scope in self.scopes if scope in wanted)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """By what a client can show that it is itself: the digest of its secret, its public keys."""

    secret_hash: bytes | None = field(default=None, repr=False)
    keys: tuple[Mapping[str, str], ...] = ()


def register(
    *,
    client_id: str,
    kind: str,
    name: str,
    subject: str | None,
    parties: Mapping[str, str | None],
    now: datetime,
) -> Client:
    """Return a new client of a kind, with the scopes of that kind and the claims that it needs."""
    if kind not in KINDS:
        raise NoSuchKind(kind=kind, kinds=", ".join(KINDS))
    if not all(is_client_id(each) for each in (client_id, subject or client_id)):
        raise ClientIdNotReadable
    if not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise ClientNameNotReadable
    said = {claim: value for claim, value in parties.items() if value is not None}
    _check_parties(kind, said)
    return Client(
        client_id=client_id,
        kind=kind,
        name=name.strip(),
        subject=subject or client_id,
        scopes=KINDS[kind].scopes,
        created_at=now,
        association=said.get("association"),
        body=said.get("body"),
        urn=said.get("urn"),
    )


def is_client_id(text: str) -> bool:
    """Say whether a text is written as client ids are."""
    return _CLIENT_ID.fullmatch(text) is not None


def _check_parties(kind: str, said: Mapping[str, str]) -> None:
    needed = KINDS[kind].needs
    if needed is not None and needed not in said:
        raise ClaimMissing(kind=kind, claim=needed)
    for claim, value in said.items():
        if claim != needed and claim not in KINDS[kind].may_have:
            raise ClaimNotMeant(kind=kind, claim=claim)
        if not _CLAIM_FORMS[claim].fullmatch(value):
            raise ClaimNotReadable(claim=claim, value=value)
