"""The files that pages are made of, served from this package and from nowhere else."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from shared.problems import NoSuchPath

FOLDER = Path(__file__).parent / "static"
_KINDS = frozenset({".css", ".js", ".svg", ".png", ".txt"})
_FILES = {str(path.relative_to(FOLDER)): path for path in sorted(FOLDER.rglob("*")) if path.suffix in _KINDS}
_TYPES = {".js": "text/javascript"}

router = APIRouter(tags=["pages"], include_in_schema=False)


@cache
def address_of(name: str) -> str:
    """Return the address of a file, which changes when the file does."""
    digest = hashlib.sha256(_FILES[name].read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@router.get("/static/{name:path}")
async def asset(request: Request, name: str) -> Response:
    """One file, kept by browsers for as long as its address is the one that pages name."""
    path = _FILES.get(name)
    if path is None:
        raise NoSuchPath
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    current = str(request.url.query) == address_of(name).partition("?")[2]
    lasts = "public, max-age=31536000, immutable" if current else "no-cache"
    headers = {"Cache-Control": lasts, "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=media_type, headers=headers)
