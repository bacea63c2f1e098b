"""What kind of file some bytes are, by what is in them: a name or a header is never believed."""

import io
import zipfile
from enum import StrEnum

from shared.errors import Conflict, NotFound, Unavailable, Unprocessable

LARGEST_EVIDENCE = 10 * 1024 * 1024
MOST_OF_AN_ENTRY = 50


class MediaType(StrEnum):
    """The kinds of file that are kept."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    TEXT = "text/plain"


ENDINGS = {
    MediaType.PDF: "pdf",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpg",
    MediaType.DOCX: "docx",
    MediaType.XLSX: "xlsx",
    MediaType.ODT: "odt",
    MediaType.TEXT: "txt",
}
_BEGINNINGS = {b"%PDF-": MediaType.PDF, b"\x89PNG\r\n\x1a\n": MediaType.PNG, b"\xff\xd8\xff": MediaType.JPEG}
_MEMBERS = {"word/document.xml": MediaType.DOCX, "xl/workbook.xml": MediaType.XLSX}


class EvidenceTypeNotKept(Unprocessable):
    """This is no PDF, PNG, JPEG, DOCX, XLSX, ODT or plain text: send the file in one of these."""


class EvidenceTypeMismatch(Unprocessable):
    """The file is not of the type that Content-Type states: state the type that it really has."""


class NoSuchEvidenceFile(NotFound):
    """There is no such evidence file, or it is another association's."""


class TooManyEvidenceFiles(Conflict):
    """This entry has as many evidence files as one entry can have: remove one first."""


class EvidenceStoreUnavailable(Unavailable):
    """The store of evidence files does not answer: try again shortly."""


def type_of(content: bytes, *, stated: str | None) -> MediaType:
    """Return what the bytes are; raises EvidenceTypeNotKept, EvidenceTypeMismatch.

    Nothing stated, or ``application/octet-stream``, states nothing.
    """
    found = _found(content)
    if found is None:
        raise EvidenceTypeNotKept
    said = (stated or "").partition(";")[0].strip().lower()
    if said not in ("", "application/octet-stream", found.value):
        raise EvidenceTypeMismatch
    return found


def _found(content: bytes) -> MediaType | None:
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return MediaType.TEXT if _is_text(content) else None


def _office(content: bytes) -> MediaType | None:
    """Return which document a zip is, by the names of its members; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    # An OpenDocument file begins with its type, not compressed: so the standard has it.
    if content[30:].startswith(b"mimetype" + MediaType.ODT.value.encode()) and "content.xml" in names:
        return MediaType.ODT
    found = [kind for member, kind in _MEMBERS.items() if member in names]
    return found[0] if len(found) == 1 and "[Content_Types].xml" in names else None


def _is_text(content: bytes) -> bool:
    if not content.strip() or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return False
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    for blank in "\t\r\n\f":
        text = text.replace(blank, " ")
    return text.isprintable()
