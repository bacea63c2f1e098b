"""What surrounds every request: its id, one log line, one measurement. Pure ASGI, so that it costs little."""

import itertools
import re
import secrets
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("request")

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_SECONDS: WeakKeyDictionary[CollectorRegistry, Histogram] = WeakKeyDictionary()
# Ids are unique, which they have to be, and no secret: a process draws a prefix once and counts on.
_PROCESS = secrets.token_hex(10)
_COUNT = itertools.count(1)


class Surroundings:
    """Middleware that gives every request an id, and every answer a log line and a measurement.

    Lines name the route's template and never the path as called, so that no number, name or token gets
    into a log. ``on_fault`` makes the answer to a fault. Of the templates in ``quiet`` only answers of
    500 and more are logged.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        registry: CollectorRegistry,
        on_fault: Callable[[str], ASGIApp],
        quiet: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._quiet = quiet
        self._on_fault = on_fault
        self._seconds = request_seconds(registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", [])
                message["headers"].append((b"x-request-id", request_id.encode()))
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception:
                log.exception("fault", route=template_of(scope), method=scope["method"])
                if status:
                    raise
                await self._on_fault(request_id)(scope, receive, send_with_id)
            finally:
                self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = template_of(scope)
        self._seconds.labels(route, scope["method"], str(status)).observe(seconds)
        if route in self._quiet and status < 500:
            return
        log.info(
            "answered",
            route=route,
            method=scope["method"],
            status=status,
            milliseconds=round(seconds * 1000, 2),
            client=scope["state"].get("client_id"),
        )


def template_of(scope: Scope) -> str:
    """Return the template of the route that answered, such as ``/v1/licences/{number}``."""
    route: Any = scope.get("route")
    return getattr(route, "path", None) or "(none)"


def request_seconds(registry: CollectorRegistry) -> Histogram:
    """Return the measurement of requests in a registry, made when it is first asked for."""
    if registry not in _SECONDS:
        _SECONDS[registry] = Histogram(
            "http_request_seconds",
            "Time to answer, by route template, method and status.",
            ("route", "method", "status"),
            buckets=_BUCKETS,
            registry=registry,
        )
    return _SECONDS[registry]


def request_id_of(scope: Scope) -> str:
    """Return the id that the caller gave the request where it may be kept, otherwise a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            if _ACCEPTED_ID.fullmatch(text):
                return str(text)
    return f"{_PROCESS}{next(_COUNT):012x}"
