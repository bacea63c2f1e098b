"""The files of the national register of schools: loaded whole or not at all, and what they change."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.kitemark.domain.establishments.gias import EstablishmentsNotReadable, words_of
from services.kitemark.operations.establishments.loading import Loaded, load_files
from tests.house.source import ROOT
from tests.kitemark.awards.test_awards import CSW, put
from tests.kitemark.conftest import Kitemark

SAMPLE = ROOT / "examples/edubasealldata-sample.csv"
LINKS = ROOT / "examples/links_edubasealldata-sample.csv"
HEADER = "URN,EstablishmentName,EstablishmentStatus (name),OpenDate,CloseDate,LA (code),EstablishmentNumber"


async def load(
    kitemark: Kitemark, file: Path = SAMPLE, links: Path | None = LINKS, dry_run: bool = False
) -> Loaded:
    return await load_files(kitemark.db, file, links, dry_run=dry_run, now=kitemark.clock())


def written(folder: Path, *lines: str, header: str = HEADER) -> Path:
    file = folder / "file.csv"
    file.write_bytes("\r\n".join([header, *lines, ""]).encode("cp1252"))
    return file


async def get(kitemark: Kitemark, path: str, **params: Any) -> dict[str, Any]:
    answer = await kitemark.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_sample_is_loaded_once_and_the_same_again_changes_nothing(kitemark: Kitemark) -> None:
    tried = await load(kitemark, dry_run=True)
    assert (tried.new, tried.links) == (11, 2)
    assert await kitemark.db.fetch("SELECT FROM establishments") == []
    assert (await load(kitemark)).new == 11
    lines = await kitemark.db.fetch("SELECT facts FROM journal WHERE event = 'establishments.loaded'")
    again = await load(kitemark)
    assert again.is_nothing_new
    assert (
        len(lines)
        == 1
        == len(await kitemark.db.fetch("SELECT FROM journal WHERE event = 'establishments.loaded'"))
    )
    found = await get(kitemark, "/v1/schools/999910")
    assert (found["name"], found["laestab"], found["opened_on"]) == (
        "Sampleton High Academy", "9994010", "2024-09-01",
    )  # fmt: skip
    assert found["links"] == [{"number": "999909", "kind": "Predecessor", "since": "2024-09-01"}]


async def test_what_a_later_file_changes_is_counted_and_what_stood_before_is_kept(
    kitemark: Kitemark, tmp_path: Path
) -> None:
    first = written(
        tmp_path,
        "100001,Old Name,Open,01-09-1990,,201,4001",
        "100002,Two,Open,,,,",
        "100003,Three,Closed,,31-08-2020,,",
    )
    await load(kitemark, first, None)
    kitemark.clock.now = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    later = written(
        tmp_path,
        "100001,New Name,Open,01-09-1990,,201,4001",
        "100002,Two,Closed,,30-11-2026,,",
        "100003,Three,Open,,,,",
        "100004,Four,Open,,,,",
    )
    loaded = await load(kitemark, later, None)
    assert (loaded.new, loaded.renamed, loaded.closed, loaded.reopened) == (1, 1, 1, 1)
    former = await kitemark.db.fetch("SELECT number, body FROM former_establishments ORDER BY number")
    assert [(row["number"], json.loads(row["body"])["name"]) for row in former] == [
        ("100001", "Old Name"), ("100002", "Two"), ("100003", "Three"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "header", "why"),
    [
        (["100001,One,Open,,,,"], HEADER.replace("EstablishmentName", "Name"), "no column EstablishmentName"),
        ([], HEADER, "no row"),
        (["100001,One,Open,,,,", "100002,Tw"], HEADER, "too few cells"),
        (['100001,"One,Open,,,,'], HEADER, "line"),
    ],
)
async def test_a_file_that_is_torn_or_another_leaves_nothing_behind(
    kitemark: Kitemark, tmp_path: Path, lines: list[str], header: str, why: str
) -> None:
    file = written(tmp_path, *lines, header=header)
    file.write_bytes(file.read_bytes().removesuffix(b"\r\n"))
    with pytest.raises(EstablishmentsNotReadable, match=why):
        await load(kitemark, file, None)
    assert await kitemark.db.fetch("SELECT FROM establishments") == []


async def test_a_line_that_says_nothing_is_named_and_keeps_no_other_out(
    kitemark: Kitemark, tmp_path: Path
) -> None:
    file = written(
        tmp_path,
        "100001,One,Open,29-02-2024,,,",
        "12345,Centre,Open,,,,",
        "100002,Two,Open,31-02-2024,,,",
        "100003,,Open,,,,",
        "NI1234567,Other,Open,,,,",
    )
    loaded = await load(kitemark, file, None)
    assert (loaded.new, loaded.faulty) == (1, 4)
    assert [(each.line, each.column) for each in loaded.faults] == [
        (3, "URN"), (4, "OpenDate"), (5, "EstablishmentName"), (6, "URN"),
    ]  # fmt: skip


async def test_an_award_follows_a_school_into_the_academy_that_replaces_it(kitemark: Kitemark) -> None:
    await put(kitemark, school="999909", valid_from="2024-03-01", valid_to="2027-02-28")
    await load(kitemark)
    academy = await get(kitemark, "/v1/marks/999910")
    assert (academy["mark"], academy["chain"][0]["award"]["school"]) == ("fully_meets", "999909")
    before = await get(kitemark, "/v1/marks/999910", valid_at="2024-08-31")
    assert before["mark"] == "none"
    asked = {"schools": ["999910", "999909", "999901"]}
    found = (await kitemark.http.post("/v1/marks/batch", json=asked)).json()["items"]
    assert [each["mark"] for each in found] == ["fully_meets", "fully_meets", "none"]


async def test_schools_in_a_circle_do_no_harm(kitemark: Kitemark, tmp_path: Path) -> None:
    schools = written(tmp_path, "100001,One,Open,,,,", "100002,Two,Open,,,,")
    links = tmp_path / "links.csv"
    links.write_text(
        "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n100001,100002,x,Predecessor,01-01-2020\n"
        "100002,100001,x,Predecessor,\n100001,100001,x,Predecessor,\n"
    )
    await load(kitemark, schools, links)
    await put(kitemark, school="100002")
    assert (await get(kitemark, "/v1/marks/100001"))["mark"] == "fully_meets"


async def test_an_award_of_a_school_that_is_not_there_is_refused_once_schools_are_known(
    kitemark: Kitemark,
) -> None:
    assert (await put(kitemark)).status_code == 201
    await load(kitemark)
    answer = await put(kitemark, "/v1/awards/by-external-id/CSW/2", CSW)
    assert (answer.status_code, answer.json()["code"]) == (422, "school-not-known")
    abroad = await put(kitemark, "/v1/awards/by-external-id/CSW/3", school="NI:123-4567")
    assert abroad.status_code == 201


async def test_schools_are_found_by_words_and_numbers(kitemark: Kitemark) -> None:
    await load(kitemark)

    async def numbers(**params: Any) -> list[str]:
        return [each["number"] for each in (await get(kitemark, "/v1/schools", **params))["items"]]

    assert await numbers(q="sian YSGOL") == ["999908"]
    assert await numbers(q="st samples") == ["999911"]
    assert await numbers(ukprn="99990210") == ["999910"]
    assert await numbers(laestab="9994009") == ["999909"]
    assert await numbers(q="sampleton", open_only="true") == ["999910"]
    page = await get(kitemark, "/v1/schools", limit=4)
    rest = await get(kitemark, "/v1/schools", limit=200, after=page["next"])
    assert len(page["items"]) + len(rest["items"]) == 11
    missing = await kitemark.http.get("/v1/schools/100009")
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-school")
    assert (await kitemark.http.get("/v1/schools?town=x")).status_code == 422


def test_words_are_folded_as_a_stranger_types_them() -> None:
    assert words_of("St. Siân’s & St-Mary's (Öld) School") == ["marys", "old", "school", "sians", "st"]
