"""A member file as it is sent: as the body itself, or in a form with its name and mapping."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from services.register.domain.member_file import MappingNotUsable
from services.register.routes.import_bodies import MappingBody
from shared.errors import Malformed
from shared.sheets.text import LARGEST_FILE, FileTooLarge

# A form has a few words beside the file.
LARGEST_REQUEST = LARGEST_FILE + 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = "multipart/form-data"
ACCEPTED = (
    "text/csv",
    "text/plain",
    "text/tab-separated-values",
    "application/csv",
    "application/vnd.ms-excel",
    "application/octet-stream",
    XLSX,
)
LONGEST_NAME = 200

_BINARY = {"schema": {"type": "string", "format": "binary"}}
REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "text/csv": {"schema": {"type": "string"}},
        XLSX: _BINARY,
        FORM: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "mapping": {
                        "type": "string",
                        "description": "The name of a saved mapping, or a mapping as JSON.",
                    },
                    "dry_run": {"type": "string", "enum": ["true", "false"]},
                },
            }
        },
    },
}


class FileMissing(Malformed):
    """No file was sent: send it as the body, or as the part “file” of a form."""


class FileTypeNotAccepted(Malformed):
    """Send the file as text/csv, as an Excel workbook, or as the part “file” of a multipart form, and say so
    in Content-Type."""


class FormNotReadable(Malformed):
    """The form cannot be read: it has the part “file”, and may have mapping and dry_run, each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file with what was said about it."""

    content: bytes
    file_name: str
    mapping: dict[str, Any] | str | None
    dry_run: bool

    def identity(self) -> bytes:
        """Return what makes two requests the same, however a form was put together."""
        said = [self.file_name, self.mapping, self.dry_run]
        return b"import\n" + json.dumps(said, sort_keys=True).encode() + hashlib.sha256(self.content).digest()


async def read_sent(request: Request, *, mapping: str | None, dry_run: bool, file_name: str | None) -> Sent:
    """Read the file and what is said about it; raises FileTooLarge before reading more than is accepted."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    said = Sent(content=b"", file_name=_file_name(file_name), mapping=mapping, dry_run=dry_run)
    if kind == FORM:
        said = await _form(request, said)
    elif kind in ACCEPTED:
        said = replace(said, content=await request.body())
    else:
        raise FileTypeNotAccepted
    if len(said.content) > LARGEST_FILE:
        raise FileTooLarge
    if not said.content:
        raise FileMissing
    return said


async def _form(request: Request, said: Sent) -> Sent:
    try:
        async with request.form(max_files=1, max_fields=5, max_part_size=256 * 1024) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or set(form) - {"file", "mapping", "dry_run"}:
                raise FormNotReadable
            return replace(
                said,
                content=await file.read(LARGEST_FILE + 1),
                file_name=_file_name(file.filename or said.file_name),
                mapping=_form_mapping(form) or said.mapping,
                dry_run=said.dry_run or _form_flag(form),
            )
    except (MultiPartException, HTTPException):
        raise FormNotReadable from None


def _form_mapping(form: FormData) -> dict[str, Any] | str | None:
    given = form.get("mapping")
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        raise FormNotReadable
    if not given.lstrip().startswith("{"):
        return given
    try:
        return MappingBody.model_validate_json(given).model_dump()
    except ValidationError:
        raise MappingNotUsable(reason="it is not JSON with the parts columns and values.") from None


def _form_flag(form: FormData) -> bool:
    given = form.get("dry_run", "false")
    if given not in ("true", "false"):
        raise FormNotReadable
    return given == "true"


def _file_name(given: str | None) -> str:
    """Return a name without folders, and without characters that cannot be seen."""
    name = re.split(r"[/\\]", given or "")[-1]
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME] or "members"
