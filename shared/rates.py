"""How often somebody may ask: so many requests a minute for each client, fewer for an address without one.

Counted by each process for itself. Whoever asks from a network that is named unlimited is not counted: the
machine itself, and the gateway's network, since the gateway counts those whom it asks for.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated

from pydantic import BaseModel, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.actor import Actor
from shared.clock import Clock
from shared.errors import Refusal, TooManyRequests
from shared.requests import request_id_of
from shared.tokens import TokenVerifier

WINDOW_SECONDS = 60.0
# So many are counted at once, the longest known forgotten first: some megabytes.
MOST_COUNTED = 100_000
NEIGHBOUR = "internal"
UNCOUNTED = frozenset({"/livez", "/readyz", "/metrics"})

Header = tuple[bytes, bytes]
Network = IPv4Network | IPv6Network
_HERE = [ip_network("127.0.0.0/8"), ip_network("::1/128")]


class RateExceeded(TooManyRequests):
    """More than {quota} requests came from you in a minute: wait {seconds} seconds, and ask in batches."""

    def __init__(self, *, quota: int, seconds: int) -> None:
        super().__init__(quota=quota, seconds=seconds)
        self.retry_after = seconds


class RateSettings(BaseModel):
    """How often each client, and each address without one, may ask in a minute; 0 is without a limit."""

    requests_per_minute_client: Annotated[int, Field(ge=0)] = 3000
    requests_per_minute_anyone: Annotated[int, Field(ge=0)] = 300
    unlimited_networks: list[Network] = _HERE


@dataclass(slots=True)
class Taken:
    """What is left after a request: so many more, and all of it again after so many seconds."""

    quota: int
    left: int
    seconds: int

    @property
    def headers(self) -> list[Header]:
        """The fields of draft-ietf-httpapi-ratelimit-headers."""
        return [
            (b"ratelimit-policy", b'"minute";q=%d;w=%d' % (self.quota, WINDOW_SECONDS)),
            (b"ratelimit", b'"minute";r=%d;t=%d' % (self.left, self.seconds)),
        ]


class Rates:
    """Counts requests, by the generic cell rate algorithm: one number for each client or address.

    A whole minute's requests may come at once, and then as many as the rate gives back.
    """

    def __init__(self, settings: RateSettings, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._client = settings.requests_per_minute_client
        self._anyone = settings.requests_per_minute_anyone
        self._unlimited = settings.unlimited_networks
        self._seconds = seconds
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._named = lru_cache(maxsize=4096)(self._name_of)

    def counts(self, scope: Scope) -> bool:
        """Say whether requests from there are counted at all."""
        client = scope.get("client")
        return client is not None and self._named(client[0]) is not None

    def take(self, scope: Scope, actor: Actor | None) -> Taken | None:
        """Count a request of a caller whose token was verified, or of anyone; None where nobody counts.

        Raises RateExceeded.
        """
        client = scope.get("client")
        address = None if client is None else self._named(client[0])
        if address is None or (actor is not None and actor.may(NEIGHBOUR)):
            return None
        known = actor is not None and actor.client_id is not None
        quota = self._client if known else self._anyone
        if quota == 0:
            return None
        return self._count(f"client:{actor.client_id}" if known and actor else address, quota)

    def _count(self, key: str, quota: int) -> Taken:
        now, each = self._seconds(), WINDOW_SECONDS / quota
        full_at = max(self._full_at.get(key, now), now) + each
        over = full_at - now - WINDOW_SECONDS
        if over > 1e-9:
            raise RateExceeded(quota=quota, seconds=max(1, math.ceil(over - 1e-9)))
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > MOST_COUNTED:
            self._full_at.popitem(last=False)
        until = full_at - now
        return Taken(quota, int((WINDOW_SECONDS - until) / each + 1e-9), math.ceil(until - 1e-9))

    def _name_of(self, host: str) -> str | None:
        """Return under which name an address is counted, None where it is not."""
        try:
            address = ip_address(host)
        except ValueError:
            return host  # a socket of this machine has no address, and a proxy may tell anything
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if any(address in network for network in self._unlimited):
            return None
        if isinstance(address, IPv6Address):
            # Whoever has one address of the sixth version has the whole network around it.
            return str(ip_network((address, 64), strict=False))
        return host


class RateLimits:
    """Middleware that counts each request before anything is done for it, and says what is left.

    A token that is not valid counts for the address that it came from: nobody uses up what is another's.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        rates: Rates,
        tokens: TokenVerifier,
        clock: Clock,
        refused: Callable[[Refusal, str], ASGIApp],
    ) -> None:
        self._app = app
        self._rates = rates
        self._tokens = tokens
        self._clock = clock
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in UNCOUNTED or not self._rates.counts(scope):
            return await self._app(scope, receive, send)
        try:
            taken = self._rates.take(scope, await self._actor(scope))
        except RateExceeded as refusal:
            request_id = scope.get("state", {}).get("request_id") or request_id_of(scope)
            return await self._refused(refusal, request_id)(scope, receive, send)
        if taken is None:
            return await self._app(scope, receive, send)

        async def send_with_what_is_left(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *taken.headers]
            await send(message)

        return await self._app(scope, receive, send_with_what_is_left)

    async def _actor(self, scope: Scope) -> Actor | None:
        sent = [value for name, value in scope["headers"] if name == b"authorization"]
        if len(sent) != 1 or sent[0][:7].lower() != b"bearer ":
            return None
        try:
            return await self._tokens.actor(sent[0].decode("latin-1"), now=self._clock().timestamp())
        except Refusal:
            return None
