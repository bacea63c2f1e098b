"""Applications: submitted by an association, decided by a registrar who took no part."""

from datetime import timedelta

import pytest

from tests.callers import association, registrar
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.make_licences import AUTHENTICATOR, DECIDER, applicant, apply, decide, licensed, verdict


async def test_admission_makes_the_entry_and_a_licence_of_one_year_in_one_step(register: Register) -> None:
    number, application_id = await applicant(register)
    answer = await decide(register, application_id)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/applications/{application_id}"
    assert answer.json() | {"id": 0} == {
        "id": 0,
        "number": number,
        "association": "ICG",
        "scopes": ["personal_guidance"],
        "status": "admitted",
        "submitted_by": "icg-system",
        "submitted_at": "2026-11-21T09:30:00Z",
        "decided_by": DECIDER,
        "decided_at": "2026-11-21T09:30:00Z",
        "reasons": ["The evidence was seen."],
        "policy_version": "entry-2011",
    }
    seen = (await register.http.get(f"/v1/licences/{number}")).json()
    assert seen["verdict"] == "licensed"
    assert seen["scopes"] == ["personal_guidance"]
    assert (seen["valid_from"], seen["valid_to"]) == ("2026-11-21", "2027-11-20")
    assert (await make.journal(register))[-3:] == [
        ("application.admitted", number),
        ("register.entered", number),
        ("licence.issued", number),
    ]


async def test_the_verdict_before_admission_was_not_licensed_and_stays_readable(register: Register) -> None:
    number, application_id = await applicant(register)
    before = register.clock.now
    assert await verdict(register, number) == "not_licensed"
    register.clock.now += timedelta(minutes=1)
    await decide(register, application_id)
    assert await verdict(register, number) == "licensed"
    assert (
        await verdict(register, number, known_at=before.isoformat().replace("+00:00", "Z")) == "not_licensed"
    )


async def test_a_refusal_needs_reasons_that_the_association_can_read(register: Register) -> None:
    number, application_id = await applicant(register)
    unsaid = await decide(register, application_id, "refused", reasons=())
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "reason-missing")
    blank = await decide(register, application_id, "refused", reasons=("  ",))
    assert (blank.status_code, blank.json()["code"]) == (422, "reason-missing")
    answer = await decide(register, application_id, "refused", reasons=("Evidence unclear.", "Write again."))
    assert answer.status_code == 201
    shown = await register.http.get(f"/v1/applications/{application_id}", headers=association())
    assert shown.json()["reasons"] == ["Evidence unclear.", "Write again."]
    assert await verdict(register, number) == "not_licensed"
    assert (await make.events(register))[-1] == "application.refused"


async def test_who_submitted_may_not_decide(register: Register) -> None:
    await make.member(register)
    await make.authenticated_holding(register)
    await make.code_acceptance(register)
    both = {"scopes": ["personal_guidance"], "member_id": "1"}
    submitted = await register.http.post(
        "/v1/applications", json=both, headers=association(subject="somebody")
    )
    for outcome in ("admitted", "refused"):
        answer = await decide(register, submitted.json()["id"], outcome, by="somebody")
        assert (answer.status_code, answer.json()["code"]) == (403, "submitter-may-not-decide")


async def test_who_authenticated_the_evidence_may_not_admit_but_may_refuse(register: Register) -> None:
    _, application_id = await applicant(register)
    lines = await make.events(register)
    answer = await decide(register, application_id, by=AUTHENTICATOR)
    assert (answer.status_code, answer.json()["code"]) == (403, "authenticator-may-not-admit")
    assert await make.events(register) == lines
    assert (await decide(register, application_id, "refused", by=AUTHENTICATOR)).status_code == 201


async def test_who_authenticated_one_qualification_may_admit_on_another(register: Register) -> None:
    _, application_id = await applicant(register)
    await make.authenticated_holding(register, title="A second diploma", by="registrar-three")
    assert (await decide(register, application_id, by=AUTHENTICATOR)).status_code == 201


async def test_an_application_is_decided_once(register: Register) -> None:
    _, application_id = await applicant(register)
    assert (await decide(register, application_id)).status_code == 201
    lines = await make.events(register)
    for outcome in ("admitted", "refused"):
        answer = await decide(register, application_id, outcome)
        assert (answer.status_code, answer.json()["code"]) == (409, "application-already-decided")
    withdrawn = await register.http.post(
        f"/v1/applications/{application_id}/withdrawal", json={}, headers=association()
    )
    assert withdrawn.json()["code"] == "application-already-decided"
    assert await make.events(register) == lines


async def test_an_association_takes_its_application_back(register: Register) -> None:
    _, application_id = await applicant(register)
    foreign = await register.http.post(
        f"/v1/applications/{application_id}/withdrawal", json={}, headers=association("ACEG")
    )
    assert foreign.status_code == 404
    own = await register.http.post(
        f"/v1/applications/{application_id}/withdrawal", json={}, headers=association()
    )
    assert (own.status_code, own.json()["status"]) == (201, "withdrawn")
    assert (await make.events(register))[-1] == "application.withdrawn"
    assert (await decide(register, application_id)).json()["code"] == "application-already-decided"
    assert (await apply(register)).status_code == 201


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("evidence", "no-authenticated-qualification"),
        ("code", "code-not-accepted"),
        ("level", "not-a-professional-member"),
        ("scope", "scope-not-earned"),
    ],
)
async def test_nobody_is_admitted_without_all_that_it_takes(
    register: Register, missing: str, code: str
) -> None:
    await make.member(register, level="associate" if missing == "level" else "professional")
    if missing == "evidence":
        await make.holding(register)
    else:
        await make.authenticated_holding(register)
    if missing != "code":
        await make.code_acceptance(register)
    scopes = ("personal_guidance", "careers_leadership") if missing == "scope" else ("personal_guidance",)
    application_id = (await apply(register, scopes=scopes)).json()["id"]
    lines = await make.events(register)
    answer = await decide(register, application_id)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert await make.events(register) == lines


async def test_only_a_code_in_force_counts_as_accepted(register: Register) -> None:
    await make.member(register)
    await make.authenticated_holding(register)
    await make.code_acceptance(register, code_version="cdi-2018-03", accepted_on="2018-06-01")
    application_id = (await apply(register)).json()["id"]
    assert (await decide(register, application_id)).json()["code"] == "code-not-accepted"


async def test_one_application_at_a_time(register: Register) -> None:
    await applicant(register)
    second = await apply(register)
    assert (second.status_code, second.json()["code"]) == (409, "application-already-open")


async def test_who_is_on_the_register_does_not_apply(register: Register) -> None:
    await licensed(register)
    answer = await apply(register)
    assert (answer.status_code, answer.json()["code"]) == (409, "already-on-the-register")


async def test_a_lapsed_person_applies_again_whether_or_not_the_job_has_run(register: Register) -> None:
    number = await licensed(register)
    register.clock.now += timedelta(days=365 + 29)
    assert await verdict(register, number) == "lapsed"
    application_id = (await apply(register)).json()["id"]
    assert (await decide(register, application_id)).status_code == 201
    assert await verdict(register, number) == "licensed"
    assert await verdict(register, number, valid_at="2027-12-01") == "lapsed"
    assert await verdict(register, number, valid_at="2027-11-20") == "licensed"
    assert "licence.lapsed" in await make.events(register)


async def test_a_removed_person_does_not_apply(register: Register) -> None:
    number = await licensed(register)
    assert (await make_licences.impose(register, number, "removal")).status_code == 201
    answer = await apply(register)
    assert (answer.status_code, answer.json()["code"]) == (409, "removed-from-the-register")


async def test_a_foreign_member_and_a_missing_one_look_alike(register: Register) -> None:
    await make.member(register, "ICG", "1")
    foreign = await apply(register, "1", association="ACEG")
    missing = await apply(register, "2", association="ACEG")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() | {"instance": ""} == missing.json() | {"instance": ""}


async def test_a_foreign_application_and_a_missing_one_look_alike(register: Register) -> None:
    _, application_id = await applicant(register)
    foreign = await register.http.get(f"/v1/applications/{application_id}", headers=association("ACEG"))
    missing = await register.http.get("/v1/applications/999999", headers=association("ACEG"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() | {"instance": ""} == missing.json() | {"instance": ""}


async def test_lists_show_an_association_its_own_and_a_registrar_all(register: Register) -> None:
    _, first = await applicant(register, "1")
    _, second = await applicant(register, "1", association="ACEG")
    own = await register.http.get("/v1/applications", headers=association("ACEG"))
    assert [each["id"] for each in own.json()["items"]] == [second]
    await decide(register, first)
    waiting = await register.http.get("/v1/applications?status=submitted", headers=registrar())
    assert [each["id"] for each in waiting.json()["items"]] == [second]
    page = await register.http.get("/v1/applications?limit=1", headers=registrar())
    assert [each["id"] for each in page.json()["items"]] == [first]
    rest = await register.http.get(
        "/v1/applications", params={"limit": 1, "after": page.json()["next"]}, headers=registrar()
    )
    assert [each["id"] for each in rest.json()["items"]] == [second]
    assert rest.json()["next"] is None


async def test_an_application_read_again_unchanged_answers_304(register: Register) -> None:
    _, application_id = await applicant(register)
    path = f"/v1/applications/{application_id}"
    first = await register.http.get(path, headers=registrar())
    again = await register.http.get(path, headers=registrar() | {"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "body",
    [
        {"member_id": "1", "scopes": []},
        {"member_id": "1", "scopes": ["surgery"]},
        {"member_id": "1"},
        {"member_id": "1", "scopes": ["personal_guidance"], "status": "admitted"},
        {"member_id": "x" * 300, "scopes": ["personal_guidance"]},
        {"member_id": "\x00", "scopes": ["personal_guidance"]},
        {"member_id": 1, "scopes": ["personal_guidance"]},
    ],
)
async def test_an_application_of_the_wrong_shape_is_refused(register: Register, body: object) -> None:
    answer = await register.http.post("/v1/applications", json=body, headers=association())
    assert answer.status_code == 422


async def test_who_may_neither_write_members_nor_decide_sees_no_applications(register: Register) -> None:
    assert (await register.http.get("/v1/applications")).status_code == 401
    assert (await decide(register, 1, by="x", **association())).status_code == 403


async def test_a_reason_of_two_lines_is_one_reason(register: Register) -> None:
    _, application_id = await applicant(register)
    answer = await decide(register, application_id, reasons=("All is well.\nNothing is missing.",))
    assert answer.json()["reasons"] == ["All is well. Nothing is missing."]
