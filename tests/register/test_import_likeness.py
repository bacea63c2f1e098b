"""What an import tells of people who look alike: an association learns nothing of anybody else's members."""

import pytest

from services.register.domain.person import number_from
from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.member_files import COLUMNS, count, csv_file, imported, journal, outcomes, row

STRANGER = {"Forename": "Ann", "Surname": "Lee", "DOB": "14/01/1980"}
BODY = {"given_names": "Ann", "family_name": "Lee", "date_of_birth": "1980-01-14"}


async def _told(register: Register, made: dict[str, object]) -> list[tuple[str, str]]:
    """Return the outcome and the message of every row, as the association reads them."""
    lines = [*await outcomes(register, made, "successful"), *await outcomes(register, made, "failed")]
    return [(line["Import outcome"], line["Import message"]) for line in lines]


async def _waiting(register: Register) -> int:
    listed = await register.http.get("/v1/possible-duplicates?status=open", headers=registrar())
    return len(listed.json()["items"])


@pytest.mark.parametrize("dry_run", ["true", "false"])
async def test_guessing_at_a_strangers_date_of_birth_tells_nothing(register: Register, dry_run: str) -> None:
    await imported(register, csv_file(row(1, **STRANGER)), of="ACEG")
    guesses = [row(day, **{**STRANGER, "DOB": f"{day:02}/01/1980"}) for day in range(1, 30)]
    made = await imported(register, csv_file(*guesses), dry_run=dry_run)
    assert made["totals"] == {
        "created": 29, "changed": 0, "unchanged": 0, "failed": 0, "possible_duplicates": 0,
    }  # fmt: skip
    assert await _told(register, made) == [("created", "")] * 29
    assert await _waiting(register) == (dry_run == "false")


async def test_a_change_into_a_strangers_name_tells_nothing_either(register: Register) -> None:
    await imported(register, csv_file(row(1, **STRANGER)), of="ACEG")
    await imported(register, csv_file(row(5)))
    file = csv_file(row(5, **STRANGER))
    for dry_run in ("true", "false"):
        made = await imported(register, file, dry_run=dry_run)
        assert (made["totals"]["changed"], made["totals"]["possible_duplicates"]) == (1, 0)
        assert await _told(register, made) == [("changed", "")]
    assert await _waiting(register) == 1


async def test_a_real_run_leaves_the_likeness_with_a_stranger_to_a_registrar(register: Register) -> None:
    await imported(register, csv_file(row(1, **STRANGER)), of="ACEG")
    await imported(register, csv_file(row(2, **STRANGER)))
    rows = await register.db.fetch("SELECT reason, status FROM possible_duplicates")
    assert [tuple(each) for each in rows] == [("same-name-and-date-of-birth", "open")]
    assert [event for event, _ in await journal(register)].count("duplicate.found") == 1


@pytest.mark.parametrize("dry_run", ["true", "false"])
async def test_a_likeness_among_its_own_members_is_told_whoever_else_is_alike(
    register: Register, dry_run: str
) -> None:
    await imported(register, csv_file(row(1, **STRANGER)), of="ACEG")
    await imported(register, csv_file(row(1, **STRANGER)))
    made = await imported(register, csv_file(row(2, **STRANGER)), dry_run=dry_run)
    assert made["totals"]["possible_duplicates"] == 1
    assert (await _told(register, made))[0][1].startswith("Row 2: Another of your members")
    assert await _waiting(register) == (3 if dry_run == "false" else 1)


async def test_a_member_of_two_associations_is_each_ones_own(register: Register) -> None:
    first = await make.put_member(register, "ACEG", "1", **BODY)
    number = first.json()["registration_number"]
    joined = await make.put_member(register, "ICG", "1", registration_number=number, **BODY)
    assert joined.status_code == 201, joined.text
    made = await imported(register, csv_file(row(2, **STRANGER)))
    assert made["totals"]["possible_duplicates"] == 1


async def test_rows_of_one_file_that_are_alike_are_told(register: Register) -> None:
    file = csv_file(row(1, **STRANGER), row(2, **STRANGER))
    for dry_run in ("true", "false"):
        made = await imported(register, file, dry_run=dry_run)
        assert [bool(message) for _, message in await _told(register, made)] == [False, True]


async def test_a_row_with_a_number_tells_nothing_of_strangers(register: Register) -> None:
    """Such rows are told one by one; the number that does not fit is refused as one that nobody has."""
    stranger = await make.put_member(register, "ACEG", "1", **BODY)
    own = await make.put_member(register, "ICG", "1", **BODY | {"family_name": "Other"})
    columns = (*COLUMNS, "Registration number")
    numbers = (own.json()["registration_number"], number_from(2))
    known = csv_file([*row(1, **STRANGER), numbers[0]], [*row(2, **STRANGER), numbers[1]], columns=columns)
    made = await imported(register, known)
    assert made["totals"]["possible_duplicates"] == 0
    assert not any("recorded already" in message for _, message in await _told(register, made))
    assert stranger.json()["registration_number"] not in str(await _told(register, made))


async def test_a_dry_run_does_not_say_whether_a_strangers_number_and_birth_agree(register: Register) -> None:
    stranger = await make.put_member(register, "ACEG", "1", **BODY)
    number = stranger.json()["registration_number"]
    columns = (*COLUMNS, "Registration number")
    guesses = [[*row(day, **{**STRANGER, "DOB": f"{day:02}/01/1980"}), number] for day in range(13, 16)]
    rehearsed = await imported(register, csv_file(*guesses, columns=columns), dry_run="true")
    assert rehearsed["totals"]["failed"] == 3
    assert {message.partition(": ")[2] for _, message in await _told(register, rehearsed)} == {
        "Whether this registration number is this person's is looked at when the file is sent for good."
    }
    sent = await imported(register, csv_file(guesses[1], columns=columns), dry_run="false")
    assert sent["totals"]["created"] == 1


async def test_one_put_and_a_batch_answer_as_if_nobody_were_alike(register: Register) -> None:
    alone = (await make.put_member(register, "ICG", "1", **BODY | {"family_name": "Other"})).json()
    await make.put_member(register, "ACEG", "1", **BODY)
    alike = (await make.put_member(register, "ICG", "2", **BODY)).json()
    own = ("registration_number", "member_id", "family_name")
    assert alone.keys() == alike.keys()
    for answer in (alone, alike):
        for name in (*own, "memberships"):
            answer.pop(name)
    assert alone == alike
    items = [
        make.member_body(**BODY, member_id="3"),
        make.member_body(**BODY | {"family_name": "Else"}, member_id="4"),
    ]
    sent = await register.http.post("/v1/members/batch", json={"items": items}, headers=association())
    assert sent.status_code == 200, sent.text
    results = sent.json()["results"]
    for result in results:
        result.pop("registration_number"), result.pop("member_id")
    assert results[0] == results[1]
    assert await count(register, "possible_duplicates") == 3
