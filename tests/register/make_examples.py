"""The example files, written anew by ``python -m tests.register.make_examples``: nobody in them exists."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from shared.schema_version import ROOT

FOLDER = ROOT / "examples"
GIVEN = (
    "Ada",
    "Bryn",
    "Ceri",
    "Dilys",
    "Eilidh",
    "Fergus",
    "Gwen",
    "Hamish",
    "Isla",
    "Joyce",
    "Kofi",
    "Leila",
    "Máire",
    "Niamh",
    "Owain",
    "Priya",
    "Quentin",
    "Róisín",
    "Siân",
    "Tomos",
    "Uma",
    "Vikram",
    "Wanda",
    "Yusuf",
    "Zoë",
)
FAMILY = (
    "Exampleton",
    "Sampleford",
    "Testerby",
    "Mockridge",
    "Fictiwell",
    "O’Sample",
    "Placeholt",
    "Dummett-Trial",
    "Specimŵyn",
    "Instancely",
)
ICG_COLUMNS = (
    "Mem No",
    "Forename",
    "Surname",
    "Maiden name",
    "Date of Birth",
    "Email",
    "Mobile",
    "Nation",
    "Region",
    "Setting",
    "Role",
    "Grade",
    "Joined",
    "Expires",
)
ACEG_COLUMNS = (
    "Our ref",
    "First names",
    "Last name",
    "D.O.B.",
    "E-mail",
    "Home nation",
    "Works in",
    "Occupation",
    "Class",
    "Member since",
    "Newsletter",
)
ACEG_MAPPING: dict[str, Any] = {
    "columns": {"Our ref": "member_id", "Works in": "settings", "Class": "level", "Newsletter": None},
    "values": {
        "level": {
            "Fellow": "professional",
            "Member": "associate",
            "Supporter": "affiliate",
            "Trainee": "student",
        },
        "settings": {"School": "secondary_school", "College": "further_education_college"},
    },
}
REGIONS = {"England": ("London", "South West", "North East"), "Wales": ("Wales",), "Scotland": ("Scotland",)}
GRADES = ("Professional", "Associate", "Associate", "Affiliate", "Student")
CLASSES = ("Fellow", "Member", "Member", "Supporter", "Trainee")


def icg_rows(count: int = 60) -> list[list[str]]:
    """Return the rows of the first association."""
    rows = []
    for place in range(count):
        nation = tuple(REGIONS)[place % 3]
        given, family = _name(place)
        rows.append(
            [
                f"ICG-{1001 + place}",
                given,
                family,
                "Formerly" if place % 17 == 0 else "",
                _birth(place).strftime("%d/%m/%Y"),
                f"member{1001 + place}@icg.example",
                f"07700 900{place:03}",
                nation,
                REGIONS[nation][place % len(REGIONS[nation])],
                ("Secondary school", "Higher education", "Local authority")[place % 3],
                "Careers adviser" if place % 4 else "Careers leader",
                GRADES[place % len(GRADES)],
                (date(2015, 9, 1) + timedelta(days=97 * place % 3600)).strftime("%d/%m/%Y"),
                "31/08/2027",
            ]
        )
    return rows


def aceg_rows(count: int = 40) -> list[list[Any]]:
    """Return the rows of the second association; the first two are people whom the first one has too."""
    rows: list[list[Any]] = []
    for place in range(count):
        person = place if place < 2 else place + 100
        given, family = _name(person)
        rows.append(
            [
                20_001 + place,
                given,
                family,
                _birth(person),
                f"contact{20_001 + place}@aceg.example",
                ("England", "Northern Ireland")[place % 2],
                ("School", "College")[place % 2],
                "Careers educator",
                CLASSES[place % len(CLASSES)],
                date(2018, 1, 15) + timedelta(days=31 * place),
                "yes" if place % 2 else "no",
            ]
        )
    return rows


def spoilt_rows() -> list[list[str]]:
    """Return rows with the mistakes that member files have, and a few good ones among them."""
    rows = icg_rows(14)
    for place, row in enumerate(rows):
        row[0] = f"ICG-{2001 + place}"
        row[1], row[2] = f"{row[1]} Spoilt", row[2]
    changes = {1: (4, "31/02/1980"), 2: (4, "21.11.72"), 3: (4, "11/21/1980"), 4: (4, "01/01/2031"),
               5: (11, "Gold"), 6: (2, ""), 7: (7, "France"), 8: (12, ""), 9: (13, "01/01/2001"),
               10: (5, "not an address"), 11: (0, "ICG-2001"), 12: (2, "Le\x07e")}  # fmt: skip
    for place, (column, cell) in changes.items():
        rows[place][column] = cell
    return rows


def csv_bytes(rows: list[list[str]]) -> bytes:
    """Return a CSV file as Excel saves it as “CSV UTF-8”."""
    text = io.StringIO()
    csv.writer(text).writerows([ICG_COLUMNS, *rows])
    return text.getvalue().encode("utf-8-sig")


def workbook(path: Path) -> None:
    """Write the second association's workbook."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Members")
        sheet.write_row(0, 0, ACEG_COLUMNS)
        for place, row in enumerate(aceg_rows(), start=1):
            sheet.write_row(place, 0, row)


def main(folder: Path = FOLDER) -> None:
    """Write every example file."""
    folder.mkdir(exist_ok=True)
    (folder / "icg-members.csv").write_bytes(csv_bytes(icg_rows()))
    (folder / "icg-members-with-errors.csv").write_bytes(csv_bytes(spoilt_rows()))
    (folder / "aceg-mapping.json").write_text(
        json.dumps(ACEG_MAPPING, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    workbook(folder / "aceg-members.xlsx")


def _name(place: int) -> tuple[str, str]:
    return GIVEN[place % len(GIVEN)], FAMILY[(place // 3) % len(FAMILY)]


def _birth(place: int) -> date:
    return date(1958, 1, 31) + timedelta(days=(place * 397) % 14_000)


if __name__ == "__main__":
    main()
