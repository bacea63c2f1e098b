"""I25: whoever is told something private is written down before they are told, and nothing more than that."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from services.register.app import create_app
from tests.callers import association, bearer, registrar
from tests.clones import execute
from tests.register import make
from tests.register.authorisation.test_matrix import SETTINGS
from tests.register.conftest import Register
from tests.register.invariants.test_private_data import BORN, CANARIES, EMAIL, MEMBER, WHO, plant
from tests.register.make_licences import licensed

# What is private wherever it stands. An answer that has one of these states that it discloses.
ALWAYS_PRIVATE = {
    "contacts", "date_of_birth", "decision_reason", "email", "evidence_reference", "internal_reason",
    "lifted_reason", "member_ids", "previous_names", "telephone",
}  # fmt: skip
CRM = bearer("people:match", subject="crm")


def parts(schema: Any, whole: dict[str, Any], seen: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property that an answer of this schema can have, by name."""
    if isinstance(schema, list):
        for each in schema:
            yield from parts(each, whole, seen)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            yield from parts(whole["components"]["schemas"][name], whole, seen | {name})
        yield from schema.get("properties", {}).items()
        for key, value in schema.items():
            if key not in {"example", "examples", "description"}:
                yield from parts(value, whole, seen)


def test_every_route_that_can_answer_with_something_private_says_what_for() -> None:
    whole = create_app(SETTINGS).openapi()
    checked = 0
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if not status.startswith("2"):
                    continue
                fields = dict(parts(answer.get("content", {}), whole, set()))
                private = {name for name, field in fields.items() if field.get("x-private")}
                unmarked = (ALWAYS_PRIVATE & fields.keys()) - private
                assert not unmarked, f"{method} {path}: mark {unmarked} with PRIVATE"
                assert not private or "x-discloses" in operation, f"{method} {path}: say discloses(…)"
                checked += bool(private)
    assert checked > 20


async def ask_everything(register: Register, number: str) -> int:
    """Ask in every way that may answer with something private; return how many answers held a canary."""
    told = 0
    icg, reads = (
        association(),
        ["/v1/members", f"/v1/members/by-external-id/ICG/{MEMBER}", "/v1/applications"],
    )
    asked = [(path, icg) for path in (*reads, "/v1/holdings", f"/v1/practitioners/{number}")]
    asked += [(f"/v1/{path}", registrar()) for path in ("sanctions", "holdings", f"practitioners/{number}")]
    asked += [(f"/v1/practitioners/{number}", each) for each in ({}, CRM, association("ACEG"))]
    asked += [(f"/v1/licences/{number}", {})]
    for path, headers in asked:
        answer = await register.http.get(
            path, params={"limit": 200} if path.count("/") == 2 else {}, headers=headers
        )
        told += any(each in answer.text for each in CANARIES)
    body = {
        "rows": [{"number": number, "date_of_birth": BORN}, {"number": number, "date_of_birth": "1951-07-14"}]
    }
    answer = await register.http.post("/v1/verifications", json=body, headers=CRM)
    told += answer.json()["items"][0]["verdict"] != "details_do_not_match"
    return told


async def lines(register: Register) -> list[Any]:
    """Return every line of the log."""
    return await register.db.fetch("SELECT about, to_jsonb(d)::text AS line FROM disclosures d ORDER BY id")


async def test_there_are_as_many_lines_as_answers_with_something_private_and_no_more_in_them(
    register: Register,
) -> None:
    number = await plant(register)
    before = len([each for each in await lines(register) if each["about"] == number])
    told = await ask_everything(register, number)
    after = await lines(register)
    assert told > 8
    assert len([each for each in after if each["about"] == number]) - before == told
    assert not [each["line"] for each in after if any(canary in each["line"] for canary in CANARIES)]


async def test_a_log_that_passes_over_an_answer_would_be_found(register: Register) -> None:
    """The fault that shows that the count above can fail."""
    number = await plant(register)
    before = len(await lines(register))

    async def forget(_: Any) -> None:
        return None

    register.app.state.disclosures = replace(register.app.state.disclosures, write=forget)
    told = await ask_everything(register, number)
    assert len(await lines(register)) - before < told


async def test_no_answer_leaves_without_its_line_not_even_a_repeated_one(register: Register) -> None:
    await make.member(register, email=EMAIL)
    body = {"member_id": "1", **make.LISTED, "awarded_on": "2015-07-01"}
    headers = {**association(), "Idempotency-Key": "one"}
    first = await register.http.post("/v1/holdings", json=body, headers=headers)
    assert first.status_code == 201, first.text
    again = await register.http.post("/v1/holdings", json=body, headers=headers)
    assert again.text == first.text
    kept = await register.db.fetch(
        "SELECT purpose, fields FROM disclosures WHERE operation = 'declareHolding'"
    )
    assert [(each["purpose"], "title" in each["fields"]) for each in kept] == [("evidence", True)] * 2
    await execute(register.urls.owner, "REVOKE INSERT ON disclosures FROM register_app")
    for path in ("/v1/members/by-external-id/ICG/1", "/v1/members"):
        refused = await register.http.get(path, headers=association())
        assert refused.status_code == 500
        assert EMAIL not in refused.text
    assert (await register.http.get("/v1/licences/CR00000001")).status_code == 404


async def test_who_was_told_what_is_read_by_a_registrar_and_by_an_association_as_far_as_it_may_know(
    register: Register,
) -> None:
    number = await licensed(register, MEMBER, **WHO)
    path = f"/v1/practitioners/{number}"
    await register.http.get(path, headers=registrar() | {"Disclosure-Purpose": "conduct"})
    await register.http.get(path, headers=association())
    refused = await register.http.get(path, headers=registrar() | {"Disclosure-Purpose": "curiosity"})
    assert (refused.status_code, refused.json()["code"]) == (422, "purpose-not-known")
    answer = await register.http.get(f"{path}/disclosures", params={"limit": 2}, headers=registrar())
    own, theirs = answer.json()["items"]
    assert (theirs["recipient"], theirs["purpose"]) == ("registrar-one", "conduct")
    assert {"date_of_birth", "memberships"} <= set(own["fields"])
    assert (own["recipient_kind"], own["association"]) == ("association", "ICG")
    older = await register.http.get(
        f"{path}/disclosures", params={"after": answer.json()["next"]}, headers=registrar()
    )
    assert older.json()["items"][0]["at"] <= theirs["at"]
    seen = (await register.http.get(f"{path}/disclosures", headers=association())).json()["items"]
    assert seen[0]["purpose"] == "record"
    nothing = {"recipient", "client_id", "association", "urn", "purpose", "operation"}
    assert seen[1]["recipient_kind"] == "other"
    assert {seen[1][name] for name in nothing} == {None}
    assert seen[1]["fields"] == []
