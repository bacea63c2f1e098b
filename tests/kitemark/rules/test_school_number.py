"""A school's number says which register gave it, and none poses as another's."""

import pytest

from services.kitemark.domain.school_number import (
    ChildrensCentreNumber,
    SchoolNumberNotReadable,
    is_urn,
    parse_school_number,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("100001", "100001"),
        (" 402479 ", "402479"),
        ("ni:123-4567", "NI:123-4567"),
        ("SCO:8325839", "SCO:8325839"),
    ],
)
def test_a_number_is_read_as_it_is_stored(typed: str, stored: str) -> None:
    assert parse_school_number(typed) == stored
    assert is_urn(stored) is stored.isdecimal()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1000",
        "1000001",
        "000001",
        "NI1234567",
        "1234567",
        "NI:",
        "NI:1 2",
        "X:123",
        "١٠٠٠٠١",
        "100\x00001",
        "1e5",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(SchoolNumberNotReadable):
        parse_school_number(typed)


def test_a_childrens_centre_is_told_apart() -> None:
    with pytest.raises(ChildrensCentreNumber):
        parse_school_number("20001")
