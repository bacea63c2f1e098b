"""Policies with their transition as they are published, and schemes that have no rule."""

from tests.callers import registrar
from tests.register.conftest import Register
from tests.register.rules import make

TRANSITION = {
    "judged_by": "entry-2011",
    "grandfathered_until": "2031-12-31",
    "working_towards_until": None,
    "source": "a decision of the test",
}


async def test_a_policy_is_published_with_its_transition(register: Register) -> None:
    policy = make.entry_policy("entry-level-7", effective_from="2030-01-01").as_dict()
    body = {"title": "Level 7", **policy, "transition": TRANSITION}
    unknown = await register.http.post(
        "/v1/entry-policies",
        json=body | {"transition": TRANSITION | {"judged_by": "entry-1999"}},
        headers=registrar(),
    )
    assert (unknown.status_code, unknown.json()["code"]) == (422, "transition-to-an-unknown-policy")
    published = await register.http.post("/v1/entry-policies", json=body, headers=registrar())
    assert published.status_code == 201, published.text
    listed = (await register.http.get("/v1/entry-policies")).json()["items"]
    assert listed[-1]["policy"]["transition"] == TRANSITION


async def test_a_scheme_that_nobody_defined_has_no_rule(register: Register) -> None:
    listed = (await register.http.get("/v1/schemes")).json()["items"]
    assert [(each["status"], each["rule"]) for each in listed] == [("proposed", None)] * 3
    assert all(each["stated"] and each["not_stated"] for each in listed)
