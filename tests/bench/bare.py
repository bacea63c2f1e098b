"""The ceiling: the least that the same server can do, an answer of fixed bytes to every request."""

from starlette.types import ASGIApp, Receive, Scope, Send

from services.register.domain.verdict import decide
from services.register.operations.public_entries import body_of
from shared.clock import london_day, utc_now
from tests.bench import people


def app() -> ASGIApp:
    """Return the bare app; its answer has the size of a verdict."""
    said_at = utc_now()
    verdict = decide(people.facts_of(people.number_of(1)), day=london_day(said_at))
    body = (body_of(verdict) + " " * 110).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]

    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    return bare
