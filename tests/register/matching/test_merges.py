"""Merges by a registrar: what stands, what is read, what undoing gives back, and who may."""

from datetime import timedelta
from typing import Any

import pytest

from services.register.domain.matching.joining import TRANSITIONS, MergeEvent, MergeStatus, undone
from services.register.operations import integrity
from shared.clock import rfc3339
from shared.errors import Refusal
from tests.callers import registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import applicant, decide, impose, licensed, lift, verdict
from tests.register.matching.make_merges import merge, merged, undo


async def two(register: Register) -> tuple[str, str]:
    """Return somebody who is licensed, and somebody whom another association knows."""
    return await licensed(register, "1"), await make.member(register, "ACEG", "2")


async def test_both_records_stand_while_merged_and_are_given_back_when_it_is_undone(
    register: Register,
) -> None:
    kept, retired = await two(register)
    before = register.clock.now
    register.clock.now += timedelta(days=1)
    answer = await merge(register, kept, retired.lower())
    assert (answer.status_code, answer.json()["status"]) == (201, "stands"), answer.text
    assert answer.headers["Location"] == f"/v1/merges/{answer.json()['id']}"
    seen = await register.http.get(f"/v1/licences/{retired}")
    assert (seen.status_code, seen.json()["kept_number"]) == (308, kept)
    await impose(register, retired, "conditions", conditions="Works supervised.")
    meanwhile = register.clock.now
    register.clock.now += timedelta(days=1)
    parted = await undo(register, answer.json()["id"])
    assert (parted.status_code, parted.json()["status"]) == (201, "undone"), parted.text
    assert [(each["kind"], each["number"]) for each in parted.json()["stayed"]] == [("sanction", kept)]
    assert await verdict(register, kept) == "licensed_with_conditions"
    assert await verdict(register, retired) == "not_licensed"
    assert await verdict(register, retired, known_at=rfc3339(meanwhile)) == "merged"
    assert await verdict(register, retired, known_at=rfc3339(before)) == "not_licensed"
    assert (await make.journal(register))[-1] == ("people.parted", retired)
    again = await undo(register, answer.json()["id"])
    assert (again.status_code, again.json()["code"]) == (409, "merge-already-undone")
    second = await merged(register, kept, retired)
    listed = (await register.http.get("/v1/merges", headers=registrar())).json()["items"]
    assert [(each["id"], each["status"]) for each in listed] == [
        (answer.json()["id"], "undone"), (second, "stands"),
    ]  # fmt: skip
    shown = await register.http.get(f"/v1/merges/{second}", headers=registrar())
    tag = registrar() | {"If-None-Match": shown.headers["ETag"]}
    assert (await register.http.get(f"/v1/merges/{second}", headers=tag)).status_code == 304
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_the_stricter_verdict_counts_for_both_and_each_sanction_returns_to_its_own(
    register: Register,
) -> None:
    first, second = await licensed(register, "1"), await licensed(register, "2", association="ACEG")
    assert (await merge(register, first, second)).json()["code"] == "both-hold-a-licence"
    sanction = await impose(register, second)
    register.clock.now += timedelta(days=400)
    merge_id = await merged(register, first, second)
    assert await verdict(register, first) == "suspended"
    assert (await undo(register, merge_id)).status_code == 201
    assert (await verdict(register, first), await verdict(register, second)) == ("lapsed", "suspended")
    merge_id = await merged(register, first, second)
    assert (await lift(register, sanction.json()["id"])).status_code == 201
    assert (await undo(register, merge_id)).status_code == 201
    assert (await verdict(register, first), await verdict(register, second)) == ("lapsed", "lapsed")


async def test_a_licence_that_rested_on_the_others_evidence_is_suspended_when_they_part(
    register: Register,
) -> None:
    retired, application_id = await applicant(register, "2", association="ACEG")
    kept = await make.member(register, "ICG", "1")
    merge_id = await merged(register, kept, retired)
    answer = await decide(register, application_id)
    assert (answer.status_code, answer.json()["number"]) == (201, retired), answer.text
    assert await verdict(register, kept) == "licensed"
    parted = (await undo(register, merge_id)).json()
    assert {each["kind"] for each in parted["stayed"]} == {"licence", "register_entry", "sanction"}
    assert (await verdict(register, kept), await verdict(register, retired)) == ("suspended", "not_licensed")
    assert await integrity.check(register.db, now=register.clock.now, everybody=True) == []


async def test_a_merge_that_cannot_be_is_refused_and_changes_nothing(register: Register) -> None:
    kept, retired = await two(register)
    merge_id = await merged(register, kept, retired)
    lines = await make.journal(register)
    other = await make.member(register, "NAEGA", "3")
    lines = await make.journal(register)
    for numbers, status, code in (
        ((kept, retired), 409, "one-person-already"),
        ((kept, kept), 409, "one-person-already"),
        ((other, kept), 409, "keep-the-number-on-the-register"),
        ((kept, "CR00000001"), 404, "no-such-number"),
        ((kept, "CR1"), 400, "malformed-number"),
    ):
        answer = await merge(register, *numbers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), numbers
    assert (await merge(register, kept, other, reason=" ")).json()["code"] == "merge-reason-missing"
    assert (await merge(register, kept, other, survives=["shoe_size"])).status_code == 422
    own = await undo(register, merge_id, by="registrar-one")
    assert (own.status_code, own.json()["code"]) == (403, "merger-may-not-undo")
    missing = await undo(register, 999_999)
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-merge")
    assert (await register.http.get("/v1/merges/999999", headers=registrar())).status_code == 404
    assert await make.journal(register) == lines


async def test_a_merge_answers_the_possible_duplicate_that_was_waiting(register: Register) -> None:
    name = {"given_names": "Ann", "family_name": "Double", "date_of_birth": "1970-01-01"}
    first, second = [await make.member(register, code, "1", **name) for code in ("ICG", "ACEG")]
    await merged(register, first, second)
    listed = (await register.http.get("/v1/possible-duplicates", headers=registrar())).json()["items"]
    assert [each["status"] for each in listed] == ["same_person"]
    assert (await make.events(register))[-2:] == ["duplicate.decided", "people.merged"]


@pytest.mark.parametrize("status", MergeStatus)
@pytest.mark.parametrize("by", ["registrar-one", "registrar-two"])
def test_every_pair_of_state_and_event_is_allowed_or_refused(status: MergeStatus, by: str) -> None:
    allowed = (status, MergeEvent.UNDO) in TRANSITIONS and by != "registrar-one"
    try:
        undone(status, merged_by="registrar-one", by=by, reason="Two people.")
    except Refusal:
        assert not allowed
    else:
        assert allowed


async def test_the_details_that_a_registrar_chose_are_shown_until_they_are_told_anew(
    register: Register,
) -> None:
    kept = await licensed(register, "1", family_name="Jones", home_country="wales")
    other = {"family_name": "Smith", "date_of_birth": "1981-02-28", "home_country": "england"}
    retired = await make.member(register, "ACEG", "2", **other)
    merge_id = await merged(register, kept, retired, survives=["name", "date_of_birth"])
    shown = await practitioner(register, kept)
    assert (shown["family_name"], shown["date_of_birth"]) == ("Smith", "1981-02-28")
    assert shown["home_country"] == "wales"
    # Each association goes on telling what it has always told, and nothing changes.
    for code, member_id, body in (("ICG", "1", {"family_name": "Jones", "home_country": "wales"}),
                                  ("ACEG", "2", other | {"home_country": "wales"})):  # fmt: skip
        told = await make.put_member(register, code, member_id, **body)
        assert (told.status_code, told.json()["family_name"]) == (200, "Smith")
        assert (await make.events(register))[-1] == "people.merged"
    await make.put_member(register, "ICG", "1", family_name="Brown", home_country="wales")
    assert (await practitioner(register, kept))["family_name"] == "Brown"
    assert (await practitioner(register, kept))["date_of_birth"] == "1981-02-28"
    assert (await undo(register, merge_id)).status_code == 201
    shown = await practitioner(register, kept)
    assert (shown["family_name"], shown["date_of_birth"]) == ("Brown", "1980-02-29")
    assert (await practitioner(register, retired))["family_name"] == "Smith"


async def practitioner(register: Register, number: str) -> dict[str, Any]:
    """Return everything that a registrar reads of a number."""
    answer = await register.http.get(f"/v1/practitioners/{number}", headers=registrar())
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown.get("practitioner", shown)
