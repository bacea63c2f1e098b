"""Evidence files: known by their content, kept once, served harmlessly, gone when nothing needs them."""

import io
import threading
import zipfile
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.cpd.domain.evidence.content import (
    EvidenceTypeMismatch,
    EvidenceTypeNotKept,
    MediaType,
    type_of,
)
from services.cpd.operations.evidence import files
from services.cpd.storage.evidence.files import forget
from shared.actor import Actor
from shared.clock import utc_now
from tests.cpd import make
from tests.cpd.conftest import Cpd
from tests.cpd.make import cpd_system
from tests.cpd.people import ANN, member

PDF = b"%PDF-1.7\n%a certificate"


def archive(*members: str, first: bytes | None = None) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        if first is not None:
            made.writestr("mimetype", first)
        for each in members:
            made.writestr(each, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, MediaType.PDF),
        (b"\x89PNG\r\n\x1a\n....", MediaType.PNG),
        (b"\xff\xd8\xff\xe0....", MediaType.JPEG),
        (archive("[Content_Types].xml", "word/document.xml"), MediaType.DOCX),
        (archive("[Content_Types].xml", "xl/workbook.xml"), MediaType.XLSX),
        (archive("content.xml", first=MediaType.ODT.value.encode()), MediaType.ODT),
        ("\ufeffWhat Siân learned\r\n".encode(), MediaType.TEXT),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: MediaType) -> None:
    assert type_of(content, stated=None) is kind
    assert type_of(content, stated=f"{kind.value}; charset=utf-8") is kind
    with pytest.raises(EvidenceTypeMismatch):
        type_of(content, stated="image/gif")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"MZ\x90\x00",
        b"a\x00b",
        b"caf\xe9",
        b"<!DOCTYPE html><script>",
        b"\xef\xbb\xbf <svg/>",
        b"PK\x03\x04torn",
        archive("[Content_Types].xml"),
        archive("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"),
    ],
)
def test_what_is_of_no_kept_kind_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceTypeNotKept):
        type_of(content, stated=None)


async def add(cpd: Cpd, entry: int, content: bytes, **headers: Any) -> httpx.Response:
    path = f"/v1/entries/{entry}/evidence"
    return await cpd.http.post(path, content=content, headers=cpd_system() | headers)


async def test_a_file_is_added_once_read_harmlessly_and_removed(cpd: Cpd) -> None:
    await member(cpd)
    entry = (await make.put(cpd)).json()["id"]
    added = await add(cpd, entry, PDF)
    assert added.status_code == 201, added.text
    assert (await add(cpd, entry, PDF)).json() == added.json()
    refused = await add(cpd, entry, PDF, **{"Content-Type": "image/png"})
    assert (refused.status_code, refused.json()["code"]) == (422, "evidence-type-mismatch")
    assert (await add(cpd, entry, b"a" * (10 * 1024 * 1024 + 1))).status_code == 413
    path = f"/v1/evidence/{added.json()['id']}"
    read = await cpd.http.get(path, headers=cpd_system())
    assert read.content == PDF
    assert read.headers["content-disposition"].startswith("attachment")
    assert read.headers["x-content-type-options"] == "nosniff"
    assert read.headers["content-security-policy"].startswith("sandbox")
    assert (await cpd.http.delete(path, headers=cpd_system())).status_code == 204
    gone = await cpd.http.get(path, headers=cpd_system())
    assert (gone.status_code, gone.json()["code"]) == (404, "no-such-evidence-file")
    assert await make.events(cpd) == ["entry.recorded", "evidence.added", "evidence.removed"]


async def test_bytes_go_when_the_last_link_is_forgotten_and_not_before(cpd: Cpd) -> None:
    await member(cpd)
    store = cpd.app.state.evidence
    for name in ("E-1", "E-2"):
        entry = (await make.put(cpd, name)).json()["id"]
        assert (await add(cpd, entry, PDF)).status_code == 201
    later = utc_now() + timedelta(days=2)
    assert await files.remove_unlinked(cpd.db, store, now=later) == 0
    async with cpd.db.transaction(Actor.system("test")) as tx:
        assert len(await forget(tx, [ANN])) == 1
    assert await files.remove_unlinked(cpd.db, store, now=utc_now()) == 0
    assert await files.remove_unlinked(cpd.db, store, now=later) == 1


async def test_others_are_answered_while_a_large_file_is_looked_at(
    cpd: Cpd, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking: list[threading.Thread] = []

    def looked_at(content: bytes, *, stated: str | None) -> MediaType:
        looking.append(threading.current_thread())
        return type_of(content, stated=stated)

    monkeypatch.setattr(files, "type_of", looked_at)
    await member(cpd)
    entry = (await make.put(cpd)).json()["id"]
    assert (await add(cpd, entry, PDF)).status_code == 201
    assert looking
    assert threading.main_thread() not in looking
