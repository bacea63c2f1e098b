"""The licence look-up without parameters: the request that everybody makes, answered before FastAPI's router.

It is plain ASGI in front of the whole app, and look-ups that meet share one query. It answers exactly what
the described route answers.
"""

import re
import time
from collections.abc import Sequence
from hashlib import blake2b

import orjson
import structlog
from prometheus_client import Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

from services.register.domain.person import parse_number
from services.register.operations import verdicts
from services.register.operations.verdicts import Bodies
from shared.actor import Actor
from shared.clock import Clock
from shared.database import Database
from shared.errors import Refusal
from shared.gatherer import Gatherer
from shared.problems import Fault, problem_response
from shared.rates import Rates
from shared.requests import request_id_of
from shared.tokens import TokenVerifier

log = structlog.get_logger("request")

PREFIX = "/v1/licences/"
PATH = PREFIX + "{number}"
# A verdict may change at any moment: whoever keeps an answer has to ask before showing it again.
NEVER_STALE = b"max-age=0, must-revalidate"

_CANONICAL = re.compile(r"CR[0-9]{7}[0-9X]").fullmatch
# Every stored text begins with the number, which has ten characters, and the verdict.
_MERGED = b'","verdict":"merged"'
_BEFORE_NUMBER, _AFTER_NUMBER = len(PREFIX), len('{"number":"CR12345672')

Header = tuple[bytes, bytes]
Answer = tuple[int, list[Header], bytes]

_CACHE_CONTROL: Header = (b"cache-control", NEVER_STALE)
_CONTENT_TYPE: Header = (b"content-type", b"application/json")


class LicenceLookup:
    """Answers ``GET /v1/licences/{number}`` without a query; all else goes on to ``app``.

    It does for itself what surrounds other requests: id, measurement, refusals as problem documents.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        db: Database,
        clock: Clock,
        tokens: TokenVerifier,
        rates: Rates,
        seconds: Histogram,
        errors_url: str,
    ) -> None:
        self._app = app
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._rates = rates
        self._seconds = seconds
        self._by_status: dict[int, Histogram] = {}
        self._errors_url = errors_url
        self._gatherer = Gatherer(self._fetch)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on what is something else."""
        if scope["type"] != "http" or scope["query_string"] or scope["method"] != "GET":
            return await self._app(scope, receive, send)
        path: str = scope["path"]
        number = path[_BEFORE_NUMBER:] if path.startswith(PREFIX) else ""
        if not number or "/" in number:
            return await self._app(scope, receive, send)
        started = time.perf_counter()
        request_id = request_id_of(scope)
        try:
            status, headers, body = await self._answer(number, scope)
        except Refusal as refusal:
            status, headers, body = self._refused(refusal, request_id)
        except Exception:
            log.exception("fault", route=PATH, method="GET", request_id=request_id)
            status, headers, body = self._refused(Fault(), request_id)
        headers.append((b"x-request-id", request_id.encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        self._note(status, time.perf_counter() - started, request_id)
        return None

    async def _answer(self, given: str, scope: Scope) -> Answer:
        authorization: list[str] = []
        known_tags = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization.append(value.decode("latin-1"))
            elif name == b"if-none-match":
                known_tags = value.decode("latin-1")
        actor = None
        if authorization:
            # Sent twice, the header is one list, which is no valid token.
            actor = await self._actor(", ".join(authorization), scope)
        taken = self._rates.take(scope, actor)
        number = given if _CANONICAL(given) else parse_number(given)
        found = await self._gatherer.ask(number)
        text = found.by_number.get(number)
        if text is None:
            parse_number(number)
            raise verdicts.not_issued(number)
        said = answer(text, found, known_tags=known_tags)
        if taken is not None:
            said[1].extend(taken.headers)
        return said

    async def _actor(self, authorization: str, scope: Scope) -> Actor:
        try:
            return await self._tokens.actor(authorization, now=self._clock().timestamp())
        except Refusal:
            self._rates.take(scope, None)  # what is not valid counts for where it came from
            raise

    async def _fetch(self, numbers: Sequence[str]) -> Bodies:
        return await verdicts.bodies_today(self._db, numbers, now=self._clock())

    def _refused(self, refusal: Refusal, request_id: str) -> Answer:
        said = problem_response(refusal, errors_url=self._errors_url, request_id=request_id)
        return said.status_code, said.raw_headers, bytes(said.body)

    def _note(self, status: int, seconds: float, request_id: str) -> None:
        """Measure every answer, and log those by which the register failed its caller."""
        measured = self._by_status.get(status)
        if measured is None:
            measured = self._by_status[status] = self._seconds.labels(PATH, "GET", str(status))
        measured.observe(seconds)
        if status >= 500:
            milliseconds = round(seconds * 1000, 2)
            log.info(
                "answered",
                route=PATH,
                method="GET",
                status=status,
                milliseconds=milliseconds,
                request_id=request_id,
            )


def answer(text: bytes, found: Bodies, *, known_tags: str | None, query: str = "") -> Answer:
    """Return status, headers and body of an answer: 200, 308 to the kept number, or 304."""
    tag = tag_of(text, found.asked)
    headers: list[Header] = [(b"etag", tag.encode()), _CACHE_CONTROL]
    if known_tags is not None and _has(known_tags, tag):
        return 304, headers, b""
    body = text[:-1] + found.tail
    headers += (_CONTENT_TYPE, (b"content-length", b"%d" % len(body)))
    if not text.startswith(_MERGED, _AFTER_NUMBER):
        return 200, headers, body
    kept = PREFIX + orjson.loads(text)["kept_number"]
    headers.append((b"location", (f"{kept}?{query}" if query else kept).encode()))
    return 308, headers, body


def tag_of(text: bytes, asked: bytes) -> str:
    """Return the ETag of an answer: weak, since the instant and the journal position move on without it."""
    return f'W/"{blake2b(asked + text, digest_size=12).hexdigest()}"'


def _has(known_tags: str, tag: str) -> bool:
    """Tell whether the caller has this answer already, comparing weakly as RFC 9110 asks."""
    opaque = tag.removeprefix("W/")
    return any(each.strip().removeprefix("W/") in (opaque, "*") for each in known_tags.split(","))
