"""Possible duplicates found by comparing everybody, and noticed when somebody new is told of."""

import asyncio
from datetime import date
from typing import Any

import pytest

from services.register.domain.matching.names import name_key_of
from services.register.domain.matching.resemblance import Traits, resemblance
from services.register.operations.matching.duplicates import find_duplicates
from tests.callers import registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.job_command import command
from tests.register.matching.make_merges import merged
from tests.register.member_files import imported

BORN = date(1970, 1, 1)
MARRIED = {"given_names": "Máire", "family_name": "Married", "date_of_birth": "1970-01-01"}
MAIDEN = MARRIED | {"family_name": "Maiden"}


def traits(given: str, family: str, **values: Any) -> Traits:
    """Return somebody of a name, born on one day unless told otherwise."""
    previous = tuple(name_key_of(*name) for name in values.pop("previous", ()))
    return Traits(person_id=1, name=name_key_of(given, family), previous=previous, **{"born": BORN} | values)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (traits("MAIRE", "married"), "same-name-and-date-of-birth"),
        (traits("Máire", "Maiden"), "previous-name-and-date-of-birth"),
        (traits("Other", "Name", previous=[("Máire", "Married")]), "previous-name-and-date-of-birth"),
        (traits("Married", "Máire"), "swapped-names-and-date-of-birth"),
        (traits("Máire", "Maried"), "near-name-and-date-of-birth"),
        (traits("Máire", "Married", born=None, emails=frozenset({"m@x"})), "same-email-and-part-of-the-name"),
        (traits("Tom", "Married", emails=frozenset({"m@x"})), "same-email-and-part-of-the-name"),
        (traits("Tom", "Other", born=None, certificates=frozenset({"scan 1"})), "same-certificate"),
        (traits("Tom", "Other", emails=frozenset({"m@x"})), None),
        (traits("Máire", "Married", born=date(1970, 1, 2)), None),
        (traits("Máire", "Married", born=None), None),
    ],
)
def test_people_resemble_one_another_for_a_reason(other: Traits, reason: str | None) -> None:
    one = traits(
        "Máire", "Married", previous=[("Máire", "Maiden")],
        emails=frozenset({"m@x"}), certificates=frozenset({"scan 1"}),
    )  # fmt: skip
    assert resemblance(one, other, near_from=6) == reason
    assert resemblance(other, one, near_from=6) == reason


async def pairs(register: Register) -> list[tuple[str, str, str]]:
    """Return the possible duplicates as a registrar lists them."""
    listed = await register.http.get("/v1/possible-duplicates", headers=registrar())
    return [(each["first_number"], each["second_number"], each["reason"]) for each in listed.json()["items"]]


async def test_everybody_is_compared_once_and_what_was_decided_stays_decided(register: Register) -> None:
    one = await make.member(register, "ICG", "1", **MARRIED, email="m@example.org")
    exchanged = MARRIED | {"given_names": "Married", "family_name": "Máire"}
    swapped = await make.member(register, "ACEG", "2", **exchanged)
    near = await make.member(register, "NAEGA", "3", **MARRIED | {"family_name": "Maried"})
    mailed = await make.member(register, "NISCA", "4", given_names="M.", family_name="Married",
                               date_of_birth=None, email="M@Example.org")  # fmt: skip
    shared = {"evidence_reference": "certificate 12345"}
    for place, code in ((5, "AGCAS"), (6, "ACPI")):
        await make.member(register, code, str(place), given_names=f"Tom{code}", date_of_birth=None)
        holding = await make.holding(register, code, str(place))
        body = {"method": "original_certificate", "reason": "Seen.", "relevant": True, **shared}
        path = f"/v1/holdings/{holding}/authentications"
        assert (await register.http.post(path, json=body, headers=registrar())).status_code == 201
    gone = await make.member(register, "ICG", "7", **MARRIED | {"family_name": "Unlike"})
    assert [each[2] for each in await pairs(register)] == ["swapped-names-and-date-of-birth"]
    await merged(register, one, gone)
    halfway = await find_duplicates(register.db, now=register.clock.now, batch=2)
    assert (halfway.looked_at, halfway.found, halfway.last) == (7, 3, None)
    found = await pairs(register)
    assert {(frozenset(each[:2]), each[2]) for each in found} >= {
        (frozenset({one, swapped}), "swapped-names-and-date-of-birth"),
        (frozenset({one, near}), "near-name-and-date-of-birth"),
        (frozenset({one, mailed}), "same-email-and-part-of-the-name"),
    }
    assert [each[2] for each in found].count("same-certificate") == 1
    listed = (await register.http.get("/v1/possible-duplicates", headers=registrar())).json()["items"]
    for each in listed:
        path = f"/v1/possible-duplicates/{each['id']}/decisions"
        body = {"outcome": "different_people", "reason": "They met."}
        assert (await register.http.post(path, json=body, headers=registrar())).status_code == 201
    # Not even under another number of the same person is anybody asked again.
    other = await make.member(register, "ACEG", "8")
    await merged(register, other, one)
    again = await find_duplicates(register.db, now=register.clock.now)
    assert (again.looked_at, again.found) == (8, 0)
    assert (await make.events(register)).count("duplicate.found") == 4
    done = await asyncio.to_thread(command, register, "find-duplicates", "--after", "3")
    assert (done.returncode, done.stdout) == (0, "5 people looked at, 0 possible duplicates found\n")


async def test_somebody_new_who_goes_by_a_name_that_somebody_left_is_noticed(register: Register) -> None:
    name = {"given_names": "Máire Áine", "family_name": "Maiden"}
    known = await make.member(register, "ICG", "1", **MARRIED, previous_names=[name])
    told = await make.member(register, "ACEG", "2", **MAIDEN | name)
    assert await pairs(register) == [(known, told, "previous-name-and-date-of-birth")]
    file = (
        "Member No,Forename,Surname,DOB,Level,Joined\n3,Máire Áine,Maiden,01/01/1970,affiliate,01/02/2020\n"
    )
    exchanged = {"given_names": "Maiden", "family_name": "Máire Áine", "date_of_birth": "1970-01-01"}
    await make.member(register, "AGCAS", "4", **exchanged)
    assert {each[2] for each in (await pairs(register))[1:]} == {"swapped-names-and-date-of-birth"}
    await imported(register, file.encode(), of="NAEGA")
    assert [each[2] for each in await pairs(register)][3:] == [
        "previous-name-and-date-of-birth",
        "same-name-and-date-of-birth",
    ]
