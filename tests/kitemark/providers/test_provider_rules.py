"""What a provider, an accreditation and a file of accreditations can be, and what is refused."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.kitemark.domain.providers import accreditation as accreditations
from services.kitemark.domain.providers.accreditation import Accreditation, AccreditationNotPlausible
from services.kitemark.domain.providers.accreditation_file import (
    AccreditationFileNotReadable,
    FileRow,
    UnreadableRow,
    read_file,
)
from services.kitemark.domain.providers.provider import (
    Circumstance,
    Closing,
    Outcome,
    Provider,
    ProviderClosed,
    ProviderNotPlausible,
    ProviderSuccessorNotPossible,
    UkprnMalformed,
    checked_ukprn,
    close,
    described,
)
from services.kitemark.domain.providers.standard import Standard

TODAY = date(2026, 11, 21)
STANDARD = Standard(
    code="matrix", title="matrix", launched=date(2002, 2, 1), editions=("one",), kept_by=frozenset()
)
TOLD = Accreditation(
    ukprn="10000001",
    standard="matrix",
    edition="one",
    valid_from=date(2024, 2, 29),
    valid_to=date(2027, 2, 28),
    source="test",
)
HEADER = "id,ukprn,name,standard,edition,valid_from,valid_to,withdrawn_on\n"


@pytest.mark.parametrize("text", ["1000000", "100000001", "1000000a", "１0000001", "", "10 00001"])
def test_a_ukprn_has_eight_digits_and_nothing_else(text: str) -> None:
    with pytest.raises(UkprnMalformed):
        checked_ukprn(text)
    assert checked_ukprn("10000001") == "10000001"


def test_a_provider_is_tidied_and_what_contradicts_itself_is_refused() -> None:
    told = Provider(
        name="  A   B ",
        trade_name=" ",
        local_authorities=("903", "301", "903"),
        circumstances=(
            Circumstance(code="b", holds=True, first=date(2026, 1, 1)),
            Circumstance(code="a", holds=True),
            Circumstance(code="b", holds=False, last=date(2025, 12, 31)),
        ),
    )
    tidy = described(told, circumstances=["a", "b"])
    assert (tidy.name, tidy.trade_name, tidy.local_authorities) == ("A B", None, ("301", "903"))
    assert described(tidy, circumstances=["a", "b"]) == tidy
    wrong = replace(
        told,
        name=" ",
        local_authorities=("30",),
        circumstances=(
            Circumstance(code="c", holds=True),
            Circumstance(code="a", holds=True, first=date(2026, 1, 2), last=date(2026, 1, 1)),
            Circumstance(code="b", holds=True, last=date(2026, 1, 1)),
            Circumstance(code="b", holds=True, first=date(2026, 1, 1)),
        ),
    )
    with pytest.raises(ProviderNotPlausible) as refused:
        described(wrong, circumstances=["a", "b"])
    assert [error.code for error in refused.value.errors] == [
        "missing", "not-a-code", "not-known", "ends-early", "told-twice"
    ]  # fmt: skip


ON = date(2026, 6, 30)
MERGED = Closing(closed_on=ON, outcome=Outcome.MERGED, successor="10000002")


@pytest.mark.parametrize(
    ("closing", "around", "refusal"),
    [
        (MERGED, {"held": MERGED}, ProviderClosed),
        (replace(MERGED, successor="10000001"), {}, ProviderSuccessorNotPossible),
        (MERGED, {"successor": replace(MERGED, closed_on=ON)}, ProviderSuccessorNotPossible),
        (MERGED, {"took_over_on": ON}, ProviderSuccessorNotPossible),
        (replace(MERGED, successor=None), {}, ProviderNotPlausible),
        (replace(MERGED, outcome=Outcome.CLOSED), {}, ProviderNotPlausible),
    ],
)
def test_a_provider_closes_once_and_goes_over_into_one_that_goes_on(
    closing: Closing, around: dict[str, Any], refusal: type[Exception]
) -> None:
    nothing: dict[str, Any] = {"held": None, "successor": None, "took_over_on": None}
    with pytest.raises(refusal):
        close("10000001", closing, **(nothing | around))
    later = {"successor": replace(MERGED, closed_on=date(2026, 7, 1)), "took_over_on": date(2026, 6, 29)}
    assert close("10000001", MERGED, **(nothing | later)) == MERGED


@pytest.mark.parametrize("seed", range(50))
def test_however_providers_merge_every_line_of_successors_comes_to_an_end(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chosen by the seed alone, so that a failure comes again
    ukprns = [f"1000000{each}" for each in range(6)]
    closed: dict[str, Closing] = {}
    for _ in range(40):
        who, into = chance.choice(ukprns), chance.choice(ukprns)
        told = Closing(closed_on=date(2026, 1, chance.randint(1, 9)), outcome=Outcome.MERGED, successor=into)
        took_over = [each.closed_on for each in closed.values() if each.successor == who]
        with suppress(ProviderClosed, ProviderSuccessorNotPossible):
            closed[who] = close(
                who,
                told,
                held=closed.get(who),
                successor=closed.get(into),
                took_over_on=max(took_over, default=None),
            )
    for first in closed.values():
        line, each = [first.closed_on], first
        while (successor := closed.get(each.successor or "")) is not None:
            line.append(successor.closed_on)
            each = successor
            assert line[-2] < line[-1]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"edition": "two"}, "/edition"),
        ({"valid_from": date(2002, 1, 31)}, "/valid_from"),
        ({"valid_from": date(2026, 11, 22)}, "/valid_from"),
        ({"valid_to": date(2024, 2, 28)}, "/valid_to"),
        ({"withdrawn_on": date(2024, 2, 28)}, "/withdrawn_on"),
        ({"withdrawn_on": date(2026, 11, 22)}, "/withdrawn_on"),
        ({"confirmed_on": date(2026, 11, 22)}, "/confirmed_on"),
    ],
)
def test_an_accreditation_that_cannot_be_is_refused(changes: dict[str, Any], pointer: str) -> None:
    accreditations.check(TOLD, STANDARD, today=TODAY)
    with pytest.raises(AccreditationNotPlausible) as refused:
        accreditations.check(replace(TOLD, **changes), STANDARD, today=TODAY)
    assert refused.value.errors[0].pointer == pointer


def test_a_file_is_read_by_the_names_of_its_columns_in_either_way_of_writing_days() -> None:
    header = "VALID TO,valid_from,Standard,UKPRN,Id,remark\n"
    rows = "21/11/2026,2024-02-29,matrix,10000001,A-1,x\n\n,29-02-2024,matrix,1,A-2,\n"
    one, two = read_file(b"\xef\xbb\xbf" + (header + rows).encode())
    assert isinstance(one, FileRow)
    assert isinstance(two, FileRow)
    assert (one.line, one.own_id, one.valid_from, one.valid_to) == (
        2, "A-1", date(2024, 2, 29), date(2026, 11, 21)
    )  # fmt: skip
    assert (two.line, two.valid_to, two.name, two.edition) == (4, None, None, None)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("A-1,10000001,,matrix,,31-02-2026,,", "“valid_from” is no day of the calendar."),
        ("A-1,10000001,,matrix,,,,", "“valid_from” is missing."),
        ("A-1,10000001,,matrix,,1 May 2026,,", "“valid_from” is written as"),
        ("A-1,10000001,,matrix,,0001-01-01,,", "“valid_from” lies outside the years"),
        (",10000001,,matrix,,2026-01-01,,", "“id” is missing."),
        ("A-1,10000001,,mat", "The row has 4 cells and the first line 8."),
        (f"A-1,10000001,{'n' * 301},matrix,,2026-01-01,,", "“name” is longer than 300"),
    ],
)
def test_a_row_that_cannot_be_read_says_why_and_leaves_the_others(row: str, problem: str) -> None:
    good = "A-9,10000001,,matrix,,2026-01-01,,"
    found = read_file(f"{HEADER}{row}\n{good}\n".encode())
    assert isinstance(found[0], UnreadableRow)
    assert found[0].problem.startswith(problem)
    assert isinstance(found[1], FileRow)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "names no column id, ukprn"),
        (HEADER.replace("ukprn", "provider").encode(), "names no column ukprn"),
        (HEADER.replace("name", "valid_to").encode(), "two of its columns are called valid_to"),
        (f'{HEADER}A-1,10000001,"cut in ha'.encode(), "ends or breaks inside a row"),
        (HEADER.encode() + b"A\x00", "NUL"),
        (HEADER.encode() + b"A-1,1,Caf\xe9", "UTF-8"),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(content: bytes, said: str) -> None:
    with pytest.raises(AccreditationFileNotReadable, match=said):
        read_file(content)
