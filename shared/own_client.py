"""The client of a service itself, and the access tokens that it gets for it, to follow a neighbour."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import Unavailable
from shared.harmless import is_harmless
from shared.http import Neighbour, NeighbourUnavailable

EARLY = timedelta(seconds=60)
_SAMPLE_CLIENT = "sample-"


class CredentialsMissing(Unavailable):
    """This service has no client in whose name it could follow a neighbour: the operator has to set one."""


@dataclass(frozen=True, slots=True)
class OwnClient:
    """The client's id and secret."""

    client_id: str
    secret: str = field(repr=False)


Credentials = Callable[[], OwnClient]


class TokenAnswer(BaseModel):
    """What a token endpoint answers."""

    model_config = ConfigDict(extra="ignore")

    access_token: Annotated[str, Field(min_length=1)]
    expires_in: Annotated[int, Field(ge=0)]


class GatewayClient:
    """Gives the header under which a neighbour is called, asking for a token when the last one ends."""

    def __init__(self, neighbour: Neighbour, token_url: str, credentials: Credentials) -> None:
        self._neighbour = neighbour
        self._token_url = token_url
        self._credentials = credentials
        self._header = ""
        self._until: datetime | None = None

    async def authorization(self, *, now: datetime) -> str:
        """Return the header with a token that is good for a minute at least.

        Raises CredentialsMissing, NeighbourUnavailable, and the refusal that the gateway gave.
        """
        if self._until is None or now >= self._until:
            client = self._credentials()
            basic = base64.b64encode(f"{client.client_id}:{client.secret}".encode()).decode()
            answer = await self._neighbour.call(
                "POST",
                self._token_url,
                authorization=f"Basic {basic}",
                data={"grant_type": "client_credentials", "scope": "internal"},
            )
            try:
                read = TokenAnswer.model_validate_json(answer.content)
            except ValidationError as fault:
                raise NeighbourUnavailable(name="gateway") from fault
            self._header = f"Bearer {read.access_token}"
            self._until = now + timedelta(seconds=read.expires_in) - EARLY
        return self._header

    def forget(self) -> None:
        """Ask for another token the next time: the last one was refused."""
        self._until = None

    async def close(self) -> None:
        """Close the connections."""
        await self._neighbour.close()


def sample_client(file: Path) -> OwnClient:
    """Return the sample client that `make run` left in a file; raises CredentialsMissing until it has."""
    try:
        client = json.loads(file.read_text())["clients"]["neighbour"]
        return OwnClient(client["id"], client["secret"])
    except (OSError, ValueError, KeyError, TypeError):
        raise CredentialsMissing from None


def credentials_of(client_id: str | None, secret: str | None, file: Path | None) -> Credentials:
    """Return how the client is found: by id and secret where both are set, else in the file."""
    if client_id is not None and secret is not None:
        client = OwnClient(client_id, secret)
        return lambda: client
    assert file is not None  # noqa: S101 - the settings name one of both
    return lambda: sample_client(file)


def refuse_samples(client_id: str | None, secret: str | None, file: Path | None) -> None:
    """Raise ValueError for a client that is known to everybody: production needs one of its own.

    What is not set is no fault here.
    """
    if (client_id or "").startswith(_SAMPLE_CLIENT) or is_harmless(secret or ""):
        raise ValueError("production needs a client of its own, with a secret that is no example")
    if file is not None:
        raise ValueError("the file of sample clients is for development machines only")
