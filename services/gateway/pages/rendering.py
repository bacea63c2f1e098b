"""How a page is made: a template, and headers that let it do nothing but be read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.gateway.pages.assets import address_of

TEMPLATES = Path(__file__).parent / "templates"

_READ_ONLY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Swagger UI and GraphiQL lay themselves out by style attributes; scripts still come from here alone.
_WITH_TOOLS = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["asset"] = address_of


def page(
    template: str,
    *,
    status: int = 200,
    tools: bool = False,
    headers: Mapping[str, str] | None = None,
    **words: Any,
) -> Response:
    """Return a page; ``tools`` lets it run the scripts that are served from here."""
    text = _templates.get_template(template).render(words)
    policy = {"Content-Security-Policy": _WITH_TOOLS if tools else _READ_ONLY}
    return Response(
        text, status_code=status, media_type="text/html", headers=_HEADERS | policy | dict(headers or {})
    )


def picture(template: str, *, headers: Mapping[str, str], **words: Any) -> Response:
    """Return a picture that other sites may show; it can do nothing but be looked at."""
    text = _templates.get_template(template).render(words)
    policy = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    return Response(text, media_type="image/svg+xml", headers=policy | dict(headers))


def wants_page(request: Request) -> bool:
    """Say whether a person with a browser asks, and not a program."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")
