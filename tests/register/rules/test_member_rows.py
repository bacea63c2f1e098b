# ruff: noqa: E501 - the sentences that people read stand here whole
"""Rows of member files: what is understood, and the sentences for what is not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.register.domain.member_file import (
    ColumnNamedTwice,
    ColumnsMissing,
    FieldGivenTwice,
    FileHasNoRows,
    FileMapping,
    MappingNotUsable,
    find_header,
    lay_out,
    parse_mapping,
)
from services.register.domain.member_import import row_message
from services.register.domain.member_row import MemberRow, RowReader
from services.register.domain.policy import MembershipLevel
from shared.written_days import NotADay, parse_day

TODAY = date(2026, 11, 21)
HEADER = ["Member No", "Forename", "Surname", "DOB", "Email", "Tel", "Country", "Region", "Grade", "Category",
          "Joined", "Expires", "Reg No", "Maiden name"]  # fmt: skip
GOOD = {
    "Member No": "14", "Forename": "Ann", "Surname": "Lee", "DOB": "31/01/1980", "Email": "a@example.org",
    "Tel": "+44 20 7946 0000", "Country": "England", "Region": "London; South East", "Grade": "Associate",
    "Category": "", "Joined": "1 Sept 2020", "Expires": "", "Reg No": "", "Maiden name": "",
}  # fmt: skip
CODES = {
    "home_country": {"england": "england", "wales": "wales"},
    "regions": {"h": "H", "london": "H", "j": "J", "southeast": "J"},
}


def reader(mapping: FileMapping | None = None, header: list[str] | None = None) -> RowReader:
    mapping = mapping or FileMapping()
    return RowReader(lay_out(header or HEADER, mapping), mapping, CODES, today=TODAY)


def read(mapping: FileMapping | None = None, **cells: str) -> tuple[MemberRow | None, list[str]]:
    return reader(mapping).read(list((GOOD | cells).values()))


def good(mapping: FileMapping | None = None, **cells: str) -> MemberRow:
    row, wrong = read(mapping, **cells)
    assert row is not None, wrong
    return row


def test_a_good_row_is_read_whole() -> None:
    row = good(Expires="31/08/2027", **{"Maiden name": "Smith; Ng"})
    details, membership = row.telling.details, row.telling.membership
    assert (row.member_id, details.given_names, details.family_name) == ("14", "Ann", "Lee")
    assert details.date_of_birth == date(1980, 1, 31)
    assert details.regions == ("H", "J")
    assert membership.level is MembershipLevel.ASSOCIATE
    assert (membership.valid_from, membership.valid_to) == (date(2020, 9, 1), date(2027, 8, 31))
    assert [name.family_name for name in row.telling.previous] == ["Smith", "Ng"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("21/11/2026", date(2026, 11, 21)),
        ("1/2/1980", date(1980, 2, 1)),
        ("21.11.2026", date(2026, 11, 21)),
        ("21-11-2026", date(2026, 11, 21)),
        ("21-Nov-2026", date(2026, 11, 21)),
        ("21 November 2026", date(2026, 11, 21)),
        ("21st Nov. 2026", date(2026, 11, 21)),
        ("1 Sept 2026", date(2026, 9, 1)),
        ("2026-11-21", date(2026, 11, 21)),
        ("2026-11-21 00:00:00", date(2026, 11, 21)),
        ("2026-11-21T00:00:00", date(2026, 11, 21)),
        ("29/02/2024", date(2024, 2, 29)),
        ("29251", date(1980, 1, 31)),
    ],
)
def test_days_are_read_as_the_british_write_them(text: str, day: date) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31/02/1980", "31/02/1980 is not a real date"),
        ("29/02/2025", "29/02/2025 is not a real date"),
        ("21.11.26", "does not have a year of four digits"),
        ("21-Nov-26", "does not have a year of four digits"),
        ("11/21/2026", "has the month before the day"),
        ("21 Movember 2026", "does not name a month"),
        ("21 Marzipan 2026", "does not name a month"),
        ("soon", "is not a date"),
        ("2026-13-01", "is not a real date"),
        ("٢١/١١/٢٠٢٦", "is not a date"),
    ],
)
def test_what_is_no_day_is_said_plainly(text: str, sentence: str) -> None:
    with pytest.raises(NotADay, match=sentence):
        parse_day(text)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_back_in_each_way_of_writing(day: date) -> None:
    for pattern in ("%d/%m/%Y", "%d-%b-%Y", "%d %B %Y", "%Y-%m-%d", "%d.%m.%Y"):
        assert parse_day(day.strftime(pattern)) == day


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"DOB": "31/02/1980"}, "Row 14: the date of birth 31/02/1980 is not a real date."),
        ({"DOB": "01/01/2031"}, "Row 14: the date of birth 01/01/2031 lies in the future."),
        ({"DOB": "01/01/1850"}, "Row 14: the date of birth 01/01/1850 lies before 1 January 1900."),
        ({"Surname": " "}, "Row 14: a family name is needed; somebody with one name gives it as the family name."),
        ({"Surname": "12345"}, "Row 14: a name needs at least one letter."),
        ({"Member No": ""}, "Row 14: the member number is missing."),
        ({"Joined": ""}, "Row 14: the first day of membership is missing."),
        ({"Joined": "01/01/0020"}, "Row 14: the first day of membership 01/01/0020 lies before 1 January 1900."),
        ({"Expires": "01/01/2999"}, "Row 14: the last day of membership 01/01/2999 lies too far in the future."),
        ({"Expires": "01/01/2019"}, "Row 14: the membership ends before it begins."),
        ({"Email": "nobody"}, "Row 14: the e-mail address “nobody” is not an address."),
        ({"Tel": "none"}, "Row 14: the telephone “none” is not a telephone number."),
        ({"Country": "France"}, "Row 14: the home country “France” is not known; it may be england, wales."),
        ({"Region": "London; Mars"}, "Row 14: the region “Mars” is not known; it may be H, J."),
        ({"Grade": ""}, "Row 14: the membership level is missing."),
        (
            {"Grade": "Gold"},
            "Row 14: the membership level “Gold” is not known: say in the mapping whether it stands for "
            "professional, associate, affiliate or student.",
        ),
        ({"Category": "Patron"}, "Row 14: the category “Patron” is not known; it may be student or empty."),
        (
            {"Category": "Student"},
            "Row 14: student is a category of affiliate membership only, so it cannot go with associate.",
        ),
        (
            {"Surname": "Le\x00e"},
            "Row 14: the cell of “Surname” contains a character that cannot be seen (code 0): type the cell anew.",
        ),
        (
            {"DOB": "31/02/1980", "Email": "nobody"},
            "Row 14: the date of birth 31/02/1980 is not a real date; the e-mail address “nobody” is not an address.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_said_in_a_sentence(cells: dict[str, str], message: str) -> None:
    row, wrong = read(**cells)
    assert row is None
    assert row_message(14, wrong) == message


def test_a_bad_registration_number_is_said_with_its_reason() -> None:
    _, wrong = read(**{"Reg No": "CR12345678"})
    assert wrong[0].startswith(
        "the registration number “CR12345678” is not one: the last character does not fit"
    )


def test_a_row_with_more_cells_than_columns_is_not_guessed_at() -> None:
    _, wrong = reader().read([*GOOD.values(), "spill"])
    assert wrong == [
        "there are 15 cells but only 14 columns: a comma may stand in a cell without quotation marks"
    ]


def test_missing_cells_at_the_end_are_empty() -> None:
    row, wrong = reader().read(list(GOOD.values())[:11])
    assert row is not None, wrong


def test_an_end_in_the_year_9999_is_no_end() -> None:
    assert good(Expires="31/12/9999").telling.membership.valid_to is None


def test_a_word_of_the_association_stands_for_one_of_ours() -> None:
    mapping = parse_mapping({"values": {"level": {"Fellow (Hon.)": "professional", "Learner": "student"}}})
    assert good(mapping, Grade="fellow hon").telling.membership.level is MembershipLevel.PROFESSIONAL
    learner = good(mapping, Grade="LEARNER").telling.membership
    assert (learner.level, learner.category) == (MembershipLevel.AFFILIATE, "student")


def test_the_apostrophe_of_our_own_files_is_taken_off_again() -> None:
    assert good(Tel="'+44 20 7946 0000").telling.contact.telephone == "+44 20 7946 0000"


def test_accents_are_composed_so_that_one_name_is_written_one_way() -> None:
    assert good(Surname="Sia\u0302n").telling.details.family_name == "Siân"


@given(st.lists(st.text(max_size=40), min_size=14, max_size=16))
def test_no_row_is_ever_a_fault(cells: list[str]) -> None:
    row, wrong = reader().read(cells)
    assert (row is None) == bool(wrong)


@pytest.mark.parametrize("column", ["Membership Number", "MEMBER NO.", "member_id", "Mem-No"])
def test_columns_are_known_however_they_are_written(column: str) -> None:
    assert lay_out([column, *HEADER[1:]], FileMapping()).fields[0] == "member_id"


def test_a_mapping_decides_over_our_own_guess() -> None:
    mapping = parse_mapping({"columns": {"Ref": "member_id", "Notes": None}})
    layout = lay_out(["Ref", *HEADER, "Notes"], mapping)
    assert layout.fields[:2] == ("member_id", None)
    assert layout.warnings == ("These columns are not known and were left out: “Member No”.",)


def test_unknown_columns_are_named_in_a_warning() -> None:
    layout = lay_out([*HEADER, "Shoe size", "Import message"], FileMapping())
    assert layout.warnings == ("These columns are not known and were left out: “Shoe size”.",)


def test_missing_columns_are_named_beside_those_that_were_found() -> None:
    with pytest.raises(ColumnsMissing) as refused:
        lay_out(["Name", "Surname", "Grade"], FileMapping())
    assert refused.value.detail.startswith(
        "The file has no column for the member number, the given names, the first day of membership. "
        "The columns found are: “Name”, “Surname”, “Grade”."
    )


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(ColumnNamedTwice):
        lay_out([*HEADER, "surname"], FileMapping())


def test_two_columns_for_one_field_are_refused() -> None:
    with pytest.raises(FieldGivenTwice, match="“Surname” and “Last name” both give the family name"):
        lay_out([*HEADER, "Last name"], FileMapping())


def test_a_title_above_the_columns_is_passed_over() -> None:
    rows = [["Members of November 2026", "", ""], ["", "", ""], HEADER, list(GOOD.values())]
    assert find_header(rows, FileMapping()) == 2


def test_a_file_of_empty_rows_has_no_rows() -> None:
    with pytest.raises(FileHasNoRows):
        find_header([["", ""], [" "]], FileMapping())


@pytest.mark.parametrize(
    "given_",
    [
        [], "x", {"column": {}}, {"columns": []}, {"columns": {"A": "shoe_size"}}, {"columns": {"": "level"}},
        {"columns": {"A": 1}}, {"columns": {"A\x00": "level"}}, {"values": {"shoe_size": {"A": "B"}}},
        {"values": {"level": "A"}}, {"columns": {"A" * 201: "level"}},
    ],
)  # fmt: skip
def test_a_mapping_that_means_nothing_is_refused(given_: object) -> None:
    with pytest.raises(MappingNotUsable):
        parse_mapping(given_)


def test_a_mapping_is_read_back_as_it_was_said() -> None:
    said = {"columns": {"Grade": "level", "Notes": None}, "values": {"level": {"Full": "professional"}}}
    assert parse_mapping(said).as_dict() == said
