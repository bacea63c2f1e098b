"""CSV files as text: in whichever of the usual codes and with whichever mark between the cells."""

import csv
import io
import re
from collections.abc import Iterator

from shared.errors import TooLarge, Unprocessable

LARGEST_FILE = 25 * 1024 * 1024
MOST_ROWS = 100_000
DELIMITERS = ",;\t|"

_TWO_BYTES = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class FileTooLarge(TooLarge):
    """A file may have at most 25 MB and 100,000 rows: send it in parts."""


class TextNotReadable(Unprocessable):
    """Line {line} of the file has characters that can be read neither as UTF-8 nor as Windows text. Save the
    file as “CSV UTF-8” and send it again."""


class TextMixed(Unprocessable):
    """Most of the file is UTF-8, but line {line} is not, so names would be spoilt. Save the file as
    “CSV UTF-8” and send it again."""


class QuotationNotClosed(Unprocessable):
    """A quotation mark in the row that begins on line {line} of the file is not closed, or stands inside a
    cell, where it has to be written twice."""


def read_text(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file: UTF-8, UTF-16 or Windows-1252; comma, semicolon, tab or bar."""
    text = decoded(content)
    try:
        return list(
            _limited(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
        )
    except csv.Error:
        line = _line_of_fault(text)
        raise QuotationNotClosed(line=line) from None


def decoded(content: bytes) -> str:
    """Return the text of a file; raises TextMixed or TextNotReadable rather than spoil a name."""
    for mark, encoding in _BOMS.items():
        if content.startswith(mark) and encoding == "utf-16":
            return _strictly(content, encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if _TWO_BYTES.search(content):
            raise TextMixed(line=content.count(b"\n", 0, fault.start) + 1) from None
    return _strictly(content, "cp1252")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise TextNotReadable(line=content.count(b"\n", 0, fault.start) + 1) from None


def _delimiter(text: str) -> str:
    """Return what divides the cells: what occurs most often outside quotation marks in the first lines."""
    start = "\n".join(text[:20_000].splitlines()[:10])
    bare = re.sub(r'"[^"]*"', "", start)
    return max(DELIMITERS, key=lambda mark: (bare.count(mark), -DELIMITERS.index(mark)))


def _limited(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    for place, row in enumerate(reader):
        # The header and a title may stand above the rows.
        if place > MOST_ROWS + 20:
            raise FileTooLarge
        yield row


def _line_of_fault(text: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    start = 1
    try:
        for _ in reader:
            start = reader.line_num + 1
    except csv.Error:
        pass
    return start
