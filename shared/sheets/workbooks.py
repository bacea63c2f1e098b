"""Excel workbooks read safely: checked from outside first, then opened in a process of their own."""

import asyncio
import io
import sys
import zipfile
from pathlib import Path
from typing import cast

import orjson

from shared.errors import TooLarge, Unprocessable

MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 200
SMALLEST_SUSPECT = 1024 * 1024
MOST_PARTS = 2_000
LONGEST_WAIT = 90
_READER = Path(__file__).with_name("workbook_process.py")
_ZIP = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0"


class WorkbookTooLarge(TooLarge):
    """The workbook unpacks to more than a list can be. Save the one sheet with the rows as
    CSV and send that."""


class WorkbookLocked(Unprocessable):
    """The workbook is protected by a password, or is of the old kind that ends in .xls. Save it as .xlsx
    without a password, or as CSV."""


class WorkbookNotReadable(Unprocessable):
    """The workbook cannot be read: it is damaged or is not an Excel workbook. Open it, save it again as
    .xlsx or as CSV, and send that."""


def is_workbook(content: bytes) -> bool:
    """Say whether a file is a workbook rather than text, whatever its name says."""
    return content.startswith((_ZIP, _OLD))


async def read_workbook(content: bytes) -> list[list[str]]:
    """Return the rows of the first visible sheet that has cells, from the top; days are written in ISO.

    Raises WorkbookTooLarge, WorkbookLocked or WorkbookNotReadable.
    """
    if content.startswith(_OLD):
        raise WorkbookLocked
    check_unpacked_size(content)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_READER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(content), LONGEST_WAIT)
    except TimeoutError:
        raise WorkbookTooLarge from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return await _rows(process.returncode, said)


def check_unpacked_size(content: bytes) -> None:
    """Refuse, by its directory and before it is opened, a workbook that unpacks to more than 200 MB."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise WorkbookNotReadable from None
    if any(part.flag_bits & 1 for part in parts):
        raise WorkbookLocked
    unpacked = sum(part.file_size for part in parts)
    suspect = any(
        part.file_size > SMALLEST_SUSPECT and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if unpacked > MOST_UNPACKED or suspect or len(parts) > MOST_PARTS:
        raise WorkbookTooLarge


async def _rows(ended: int | None, said: bytes) -> list[list[str]]:
    if ended == 0:
        return cast(list[list[str]], await asyncio.to_thread(orjson.loads, said))
    if ended == 10:
        raise WorkbookLocked
    if ended == 12:
        return []
    if ended == 11:
        raise WorkbookNotReadable
    # Killed, out of memory or out of time: more cells than anybody typed.
    raise WorkbookTooLarge
