"""What a person with a browser sees where there is nothing, or where something broke."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.pages.rendering import page, wants_page
from shared.problems import MEDIA_TYPE, NoSuchPath

Handler = Callable[[Request, Any], Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Answer browsers with pages for 404 and 500; everybody else gets the problem documents as before."""
    handlers: dict[Any, Any] = app.exception_handlers
    document: Handler = handlers[HTTPException]

    async def missing(request: Request, fault: HTTPException) -> Response:
        if fault.status_code == 404 and wants_page(request):
            return page("missing.html", status=404)
        return await document(request, fault)

    async def no_such_path(request: Request, _: NoSuchPath) -> Response:
        return await missing(request, HTTPException(404))

    app.add_exception_handler(HTTPException, missing)  # type: ignore[arg-type]
    app.add_exception_handler(NoSuchPath, no_such_path)  # type: ignore[arg-type]
    app.add_middleware(PagesForFaults)


class PagesForFaults:
    """Middleware around all others: where they answer a browser with a fault, or with a problem document that
    it asks too often, it sees a page instead."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not wants_page(Request(scope)):
            await self._app(scope, receive, send)
            return
        held: Message | None = None

        async def send_or_hold(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _wants_words(message):
                held = message
            if held is None:
                await send(message)

        await self._app(scope, receive, send_or_hold)
        if held is not None:
            request_id = scope.get("state", {}).get("request_id", "")
            headers = {"X-Request-Id": request_id}
            if held["status"] == 429:
                seconds = Headers(raw=held["headers"])["retry-after"]
                headers["Retry-After"] = seconds
                shown = page("too_often.html", status=429, headers=headers, seconds=seconds)
            else:
                shown = page("broken.html", status=500, headers=headers, request_id=request_id)
            await shown(scope, receive, send)


def _wants_words(start: Message) -> bool:
    if start["status"] == 500:
        return True
    is_document = Headers(raw=start.get("headers", [])).get("content-type") == MEDIA_TYPE
    return bool(start["status"] == 429 and is_document)
