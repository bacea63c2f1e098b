"""The registration number, names as people have them, and possible duplicates."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.register.domain.person import (
    DateOfBirthNotPossible,
    Identity,
    MalformedNumber,
    Name,
    NameNotUsable,
    check_character,
    checked_date_of_birth,
    checked_name,
    folded,
    number_from,
    parse_number,
    possible_duplicate_reason,
    same_name,
)

serials = st.integers(min_value=0, max_value=9_999_999)
BORN = date(1980, 5, 17)


@given(serials)
def test_every_number_that_is_made_is_read_back(serial: int) -> None:
    number = number_from(serial)
    assert parse_number(number) == number
    assert int(number[2:9]) == serial


@pytest.mark.parametrize(
    ("digits", "character"), [("0000000", "1"), ("1234567", "2"), ("000000021825009", "7"), ("079", "X")]
)
def test_the_check_character_is_that_of_iso_7064_mod_11_2(digits: str, character: str) -> None:
    assert check_character(digits) == character


@given(serials, st.integers(2, 9), st.sampled_from("0123456789X"))
def test_no_single_mistyped_character_is_accepted(serial: int, place: int, typed: str) -> None:
    number = number_from(serial)
    wrong = number[:place] + typed + number[place + 1 :]
    if wrong != number:
        with pytest.raises(MalformedNumber):
            parse_number(wrong)


@given(serials, st.integers(2, 8))
def test_no_two_neighbours_that_changed_places_are_accepted(serial: int, place: int) -> None:
    number = number_from(serial)
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if wrong != number:
        with pytest.raises(MalformedNumber):
            parse_number(wrong)


@pytest.mark.parametrize(
    "typed",
    ["cr12345672", " CR 1234567 2 ", "CR-1234567-2", "C R 1 2 3 4 5 6 7 2", "CR\u20131234567\u20132",
     "CR\u00a01234567\u00a02", "\ufeffCR12345672\r\n", "CR1234\u00ad5672", "\tcr1234567-2"],
)  # fmt: skip
def test_case_spaces_and_hyphens_are_forgiven(typed: str) -> None:
    assert parse_number(typed) == "CR12345672"


def test_a_small_x_is_read_as_the_check_character() -> None:
    number = next(number for number in map(number_from, range(100)) if number.endswith("X"))
    assert parse_number(number.lower()) == number


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "No registration number was given"),
        (" - ", "No registration number was given"),
        ("12345672", "does not begin with CR"),
        ("CR1234567", "does not have ten characters"),
        ("CR123456722", "does not have ten characters"),
        ("CR12345673", "does not fit"),
        ("CR1234S672", "only the digits 0 to 9"),
        ("CRX2345672", "only the digits 0 to 9"),
        ("CR1O345672", "A letter stands where a digit should be"),
        ("CRI2345672", "A letter stands where a digit should be"),
        ("CR123456\u0667\u0662", "only the digits 0 to 9"),
        ("CR\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff12", "only the digits 0 to 9"),
        ("\u0421R12345672", "does not begin with CR"),
        ("CR12345672\x00", "does not have ten characters"),
        ("CR1234567\x00", "only the digits 0 to 9"),
        ("CR1234567\ud800", "only the digits 0 to 9"),
        ("9" * 100_000, "far too long"),
        (" " * 65 + "CR12345672", "far too long"),
        (None, "given as text"),
        (12345672, "given as text"),
        (b"CR12345672", "given as text"),
    ],
)
def test_what_is_no_number_is_refused_with_a_hint(typed: object, hint: str) -> None:
    with pytest.raises(MalformedNumber) as refusal:
        parse_number(typed)  # type: ignore[arg-type]
    assert hint in refusal.value.detail
    assert refusal.value.code == "malformed-number"


@given(st.text())
def test_any_text_is_a_canonical_number_or_refused(text: str) -> None:
    try:
        number = parse_number(text)
    except MalformedNumber:
        return
    assert parse_number(number) == number


def test_no_foreign_letter_turns_into_a_part_of_a_number() -> None:
    parts = set("0123456789CRX")
    assert not [code for code in range(128, 0x110000) if parts & set(chr(code).upper())]


@pytest.mark.parametrize("serial", [-1, 10_000_000])
def test_a_serial_outside_seven_digits_is_a_fault(serial: int) -> None:
    with pytest.raises(ValueError, match="seven digits"):
        number_from(serial)


@pytest.mark.parametrize("digits", ["12a", "\u0661", "-1", ""])
def test_a_check_character_is_made_from_ascii_digits_only(digits: str) -> None:
    with pytest.raises(ValueError, match="ASCII digits"):
        check_character(digits)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "O\u2019Brien"), ("O'Brien", "OBRIEN"), ("Smith-Jones", "smith jones"),
        ("Siân", "Sian"), ("Sia\u0302n", "Siân"), ("Wŷnn", "Wynn"), ("Ŵyn", "wyn"), ("Strauß", "Strauss"),
        ("STRAUẞ", "strauss"), ("Sørensen", "Sorensen"), ("Łukasz", "lukasz"), ("Đặng", "Dang"),
        ("Þór", "Thor"), ("Æsa", "aesa"), ("IŞIK", "Işık"), ("van den Berg", "Van Den Berg"),
        ("Mac Donald", "MacDonald"), ("N\u2010Y", "N-Y"), ("St. John", "St John"), ("ﬁnn", "Finn"),
        ("Ｌｅｅ", "Lee"),
    ],
)  # fmt: skip
def test_the_same_name_written_otherwise_is_the_same(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Smith", "Smyth"), ("Lee", "Leigh"), ("नीता", "नाता"), ("李", "林"), ("", ""), ("-", "'")],
)
def test_different_names_and_no_names_are_not_the_same(one: str, other: str) -> None:
    assert not same_name(one, other)


@given(st.text())
@example("\u0820\u20e3\u0952\u1e84")
def test_folding_twice_is_folding_once(name: str) -> None:
    assert folded(folded(name)) == folded(name)


def test_names_lose_only_their_stray_spaces() -> None:
    name = checked_name("  Mary\u00a0 Ann\r\n", "\tO\u2019Neill\t")
    assert name == Name(given_names="Mary Ann", family_name="O\u2019Neill")


def test_names_are_stored_composed() -> None:
    assert checked_name("", "Sia\u0302n").family_name == "Siân"


def test_somebody_with_one_name_has_it_as_the_family_name() -> None:
    assert checked_name("", "Suharto") == Name(given_names="", family_name="Suharto")


@pytest.mark.parametrize(
    ("given_names", "family_name", "why"),
    [
        ("Ann", "", "family name is needed"),
        ("Ann", " \u00a0 ", "family name is needed"),
        ("Ann", "-", "at least one letter"),
        ("123", "Smith", "at least one letter"),
        ("Ann\x00", "Smith", "control characters"),
        ("Ann", "Smi\x1bth", "control characters"),
        ("Ann", "\u202eSmith", "control characters"),
        ("Ann", "Smith\udcff", "control characters"),
        ("Ann", "S" * 201, "at most 200"),
    ],
)
def test_what_cannot_be_a_name_is_refused(given_names: str, family_name: str, why: str) -> None:
    with pytest.raises(NameNotUsable, match=why):
        checked_name(given_names, family_name)


@given(st.text(max_size=250), st.text(max_size=250))
def test_an_accepted_name_can_be_stored_and_compared(given_names: str, family_name: str) -> None:
    try:
        name = checked_name(given_names, family_name)
    except NameNotUsable:
        return
    assert folded(name.family_name)
    assert "\x00" not in name.given_names.encode().decode()
    assert checked_name(name.given_names, name.family_name) == name


@pytest.mark.parametrize("born", [date(2026, 11, 22), date(1905, 12, 31), date(1, 1, 1)])
def test_a_date_of_birth_that_nobody_living_has_is_refused(born: date) -> None:
    with pytest.raises(DateOfBirthNotPossible, match=born.isoformat()):
        checked_date_of_birth(born, today=date(2026, 11, 21))


@pytest.mark.parametrize("born", [date(2026, 11, 21), date(1906, 1, 1), date(2000, 2, 29)])
def test_a_possible_date_of_birth_is_kept(born: date) -> None:
    assert checked_date_of_birth(born, today=date(2026, 11, 21)) == born


def identity(given_names: str, family_name: str, *previous: str, born: date | None = BORN) -> Identity:
    return Identity(
        given_names=given_names,
        family_name=family_name,
        previous_family_names=previous,
        date_of_birth=born,
    )


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (identity("Siân", "O'Brien"), identity("SIAN", "OBrien"), "same-name-and-date-of-birth"),
        (identity("Mary Ann", "Lee"), identity("Mary", "Ann Lee"), "same-name-and-date-of-birth"),
        (identity("Ann", "Lee", "Smith"), identity("Ann", "Smith"), "previous-name-and-date-of-birth"),
        (identity("Ann", "Lee", "Fox"), identity("Ann", "Day", "Fox"), "previous-name-and-date-of-birth"),
        (identity("Ann", "Lee"), identity("Ann", "Lee", born=date(1980, 5, 18)), None),
        (identity("Ann", "Lee", born=None), identity("Ann", "Lee", born=None), None),
        (identity("Ann", "Lee"), identity("Anne", "Lee"), None),
        (identity("", "-"), identity("", "'"), None),
    ],
)
def test_the_same_name_and_date_of_birth_make_a_possible_duplicate(
    one: Identity, other: Identity, reason: str | None
) -> None:
    assert possible_duplicate_reason(one, other) == reason
    assert possible_duplicate_reason(other, one) == reason
