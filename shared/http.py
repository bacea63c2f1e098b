"""Calls to a neighbour: one client, a deadline on every call, its refusals given back as they were said."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from shared.errors import KINDS, FieldError, Refusal, TooManyRequests, Unavailable

TIMEOUT_SECONDS = 2.0
_KIND_OF_STATUS = {kind.status: kind for kind in KINDS}
_SECONDS = re.compile(r"[0-9]{1,5}")


class NeighbourUnavailable(Unavailable):
    """The {name} service does not answer now. What it knows is unknown, not absent: ask again shortly."""


class Neighbour:
    """A service of ours, called in the caller's own name: its token is passed on, none is added."""

    def __init__(
        self, name: str, base_url: str, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.name = name
        self._client = httpx.AsyncClient(
            base_url=base_url,
            transport=transport,
            timeout=TIMEOUT_SECONDS,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
            trust_env=False,
        )

    async def call(
        self,
        method: str,
        path: str,
        *,
        authorization: str | None = None,
        request_id: str | None = None,
        seconds: float = TIMEOUT_SECONDS,
        **request: Any,
    ) -> httpx.Response:
        """Return the neighbour's answer of 2xx or 3xx.

        Raises the refusal that the neighbour gave, with its code and words; NeighbourUnavailable when it
        gave none in ``seconds``, or what it said was no answer of ours.
        """
        headers = dict(request.pop("headers", {}))
        if authorization is not None:
            headers["Authorization"] = authorization
        if request_id is not None:
            headers["X-Request-Id"] = request_id
        try:
            async with asyncio.timeout(seconds):  # httpx would start its own anew with every byte
                answer = await self._client.request(method, path, headers=headers, timeout=seconds, **request)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as fault:
            raise NeighbourUnavailable(name=self.name) from fault
        if answer.status_code >= 400:
            raise self._refusal(answer)
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _refusal(self, answer: httpx.Response) -> Refusal:
        kind = _KIND_OF_STATUS.get(answer.status_code)
        if kind is None:
            return NeighbourUnavailable(name=self.name)
        try:
            refusal = refusal_from(kind, answer.json())
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return NeighbourUnavailable(name=self.name)
        seconds = answer.headers.get("retry-after", "")
        if isinstance(refusal, TooManyRequests | Unavailable) and _SECONDS.fullmatch(seconds):
            refusal.retry_after = int(seconds)
        return refusal


def refusal_from(kind: type[Refusal], problem: Any) -> Refusal:
    """Return the refusal that a problem document describes; raises where it is no such document."""
    refusal = kind(
        errors=[
            FieldError(str(e.get("pointer", "")), str(e.get("code", "")), str(e.get("detail", "")))
            for e in problem.get("errors", ())
        ]
    )
    refusal.code = str(problem["code"])
    refusal.detail = str(problem.get("detail", refusal.detail))
    refusal.args = (refusal.detail,)
    return refusal


def json_fetcher(
    transport: httpx.AsyncBaseTransport | None = None,
) -> tuple[Callable[[str], Awaitable[dict[str, Any]]], Callable[[], Awaitable[None]]]:
    """Return a function that fetches a JSON object from an address, and one that closes its connections."""
    client = httpx.AsyncClient(transport=transport, timeout=TIMEOUT_SECONDS, trust_env=False)

    async def fetch(url: str) -> dict[str, Any]:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = (await client.get(url)).raise_for_status().json()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, RecursionError) as fault:
            raise NeighbourUnavailable(name="issuer") from fault
        if not isinstance(answer, dict):
            raise NeighbourUnavailable(name="issuer")
        return answer

    return fetch, client.aclose
