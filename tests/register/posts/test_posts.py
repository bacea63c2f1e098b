"""Posts over HTTP: two sides, what the public sees, and races between the sides."""

import asyncio
from datetime import timedelta

from shared.clock import rfc3339
from tests.callers import association, bearer, registrar
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.matching.make_merges import merged, undo
from tests.register.posts.make_posts import URN, attested, organisation, school, step, tell


async def _public(register: Register, **axes: str) -> list[str]:
    answer = await register.http.get(f"/v1/schools/{URN}/posts", params=axes)
    assert answer.status_code == 200, answer.text
    return [item["standing"] for item in answer.json()["items"]]


async def test_a_post_is_public_when_both_sides_attest_it(register: Register) -> None:
    number = await make_licences.licensed(register)
    employer = await organisation(register)
    told = await tell(register, number, employer, share_percent=40)
    post = told.json()
    assert (told.status_code, post["standing"], post["attested_by"]) == (201, "one_sided", ["practitioner"])
    assert told.headers["location"] == f"/v1/posts/{post['id']}"
    assert await _public(register) == []
    at_school = await register.http.get(f"/v1/schools/{URN}/posts", headers=school())
    assert [each["share_percent"] for each in at_school.json()["items"]] == [40]

    done = await step(register, post["id"], "attestations", school())
    assert done.json()["standing"] == "attested"
    shown = (await register.http.get(f"/v1/schools/{URN}/posts")).json()["items"][0]
    assert (shown["verdict"], shown["may_give_personal_guidance"]) == ("licensed", True)
    assert "share_percent" not in shown
    own = (await register.http.get(f"/v1/practitioners/{number}/posts")).json()["items"]
    assert own == [shown]
    assert (await make.journal(register))[-2:] == [("post.told", number), ("post.attested", number)]
    assert (await make.facts(register, "post.told")) == [{"standing": "one_sided"}]


async def test_a_dispute_and_a_wish_hide_a_post_and_an_end_closes_it(register: Register) -> None:
    number = await make_licences.licensed(register)
    post_id = await attested(register, number, await organisation(register))
    disputed = await step(register, post_id, "disputes", school(), reason="She left in May.")
    assert (disputed.json()["standing"], await _public(register)) == ("disputed", [])
    stranger = await step(register, post_id, "attestations", association())
    assert (stranger.status_code, stranger.json()["code"]) == (409, "disputed-by-other-side")
    await step(register, post_id, "attestations", school())
    assert await _public(register) == ["attested"]
    await step(register, post_id, "visibility", association(), withheld=True)
    assert await _public(register) == []
    await step(register, post_id, "visibility", association(), withheld=False)
    ended = await step(register, post_id, "ending", association(), valid_to="2026-11-20")
    assert (ended.json()["standing"], await _public(register)) == ("ended", [])
    assert await _public(register, valid_at="2026-11-20") == ["attested"]
    again = await step(register, post_id, "ending", school())
    assert (again.status_code, again.json()["code"]) == (409, "post-already-ended")


async def test_nobody_speaks_for_a_side_that_is_not_theirs(register: Register) -> None:
    number = await make_licences.licensed(register)
    employer = await organisation(register)
    post_id = (await tell(register, number, employer)).json()["id"]
    answers = [
        await step(register, post_id, "attestations", school("999902")),
        await step(register, post_id, "attestations", association("ACEG")),
        await step(register, 9_999_999, "attestations", school()),
        await tell(register, number, employer, headers=association("ACEG")),
        await tell(register, number, employer, headers=school("999902")),
        await tell(register, number, employer, headers=bearer("checks:write", subject="s")),
        await step(register, post_id, "attestations", registrar()),
    ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (404, "no-such-post"),
        (404, "no-such-post"),
        (404, "no-such-post"),
        (404, "no-such-member"),
        (403, "post-of-another-school"),
        (403, "school-missing"),
        (422, "employer-evidence-missing"),
    ]


async def test_a_post_that_cannot_be_is_refused(register: Register) -> None:
    number = await make_licences.licensed(register)
    employer = await organisation(register)
    assert (await tell(register, number, employer)).status_code == 201
    answers = [
        await tell(register, number, employer),
        await tell(register, number, 9_999_999),
        await tell(register, number, employer, role="astronaut"),
        await tell(register, number, employer, school={"value": "1234567"}),
        await tell(register, number, employer, valid_to="2025-01-01"),
        await tell(register, number, employer, share_percent=101),
        await tell(register, "CR12345678", employer),
        await tell(register, number, employer, role="a\x00"),
    ]
    assert [each.status_code for each in answers] == [409, 422, 422, 400, 422, 422, 400, 422]
    assert [each.json()["code"] for each in answers[:5]] == [
        "dates-overlap",
        "organisation-not-known",
        "role-not-known",
        "school-reference-malformed",
        "post-ends-before-it-starts",
    ]
    assert (await make.events(register)).count("post.told") == 1


async def test_two_sides_at_once_leave_one_word_each_and_one_end(register: Register) -> None:
    number = await make_licences.licensed(register)
    post_id = (await tell(register, number, await organisation(register))).json()["id"]
    evidence = {"evidence": "The contract was seen."}
    both = await asyncio.gather(
        step(register, post_id, "attestations", school()),
        step(register, post_id, "attestations", registrar(), **evidence),
    )
    assert sorted(each.status_code for each in both) == [201, 409]
    race = await asyncio.gather(
        step(register, post_id, "ending", association()),
        step(register, post_id, "disputes", school(), reason="She left."),
        step(register, post_id, "ending", school()),
    )
    codes = sorted(each.status_code for each in race)
    assert codes in ([201, 201, 409], [201, 409, 409])
    events = await make.events(register)
    assert (events.count("post.attested"), events.count("post.ended")) == (1, 1)


async def test_many_are_answered_in_the_order_asked(register: Register) -> None:
    number = await make_licences.licensed(register)
    await attested(register, number, await organisation(register))
    asked = {"numbers": ["CR00000001", number.lower(), "nonsense"], "urns": ["999902", URN]}
    items = (await register.http.post("/v1/posts/batch", json=asked)).json()["items"]
    assert [len(each["posts"]) for each in items] == [0, 1, 0, 0, 1]
    assert [each["number"] for each in items[:3]] == ["CR00000001", number, None]
    none = await register.http.post("/v1/posts/batch", json={})
    many = await register.http.post(
        "/v1/posts/batch", json={"numbers": ["x"] * 600, "urns": ["999901"] * 500}
    )
    assert (none.status_code, many.status_code) == (422, 422)


async def test_a_school_without_a_licensed_adviser_is_told_from_one_of_which_nothing_is_known(
    register: Register,
) -> None:
    licensed = await make_licences.licensed(register)
    unlicensed = await make.member(register, member_id="2")
    employer = await organisation(register)
    await attested(register, licensed, employer)
    await attested(register, unlicensed, employer, school={"value": "999902"})
    answer = await register.http.post(
        "/v1/schools/without-licensed-adviser", json={"urns": [URN, "999902", "999903"]}
    )
    assert [each["finding"] for each in answer.json()["items"]] == [
        "licensed_adviser",
        "adviser_not_licensed",
        "no_adviser_known",
    ]
    assert answer.json()["without_licensed_adviser"] == ["999902", "999903"]


async def test_a_post_follows_its_person_through_a_merge(register: Register) -> None:
    kept = await make.member(register, "ICG", "1", family_name="Twin")
    gone = await make.member(register, "ACEG", "1", family_name="Twin")
    await attested(register, gone, await organisation(register), headers=association("ACEG"))
    found = await register.db.fetch("SELECT id FROM possible_duplicates")
    decided = await register.http.post(
        f"/v1/possible-duplicates/{found[0]['id']}/decisions",
        json={"outcome": "same_person", "kept_number": kept, "reason": "One certificate."},
        headers=registrar(),
    )
    assert decided.status_code in {200, 201}, decided.text
    items = (await register.http.post("/v1/posts/batch", json={"numbers": [gone, kept]})).json()["items"]
    assert [[post["number"] for post in each["posts"]] for each in items] == [[kept], [kept]]


async def test_an_undone_merge_leaves_no_association_a_say_over_the_other_person(register: Register) -> None:
    kept = await make.member(register, "ICG", "1", family_name="One")
    retired = await make.member(register, "ACEG", "2", family_name="Two")
    post_id = await attested(register, kept, await organisation(register), headers=association())
    merge_id = await merged(register, kept, retired)
    while_one = await step(register, post_id, "visibility", association("ACEG"), withheld=True)
    assert while_one.status_code == 201, while_one.text
    assert (await undo(register, merge_id)).status_code == 201
    lines = await make.journal(register)
    parted = await step(register, post_id, "visibility", association("ACEG"), withheld=False)
    assert (parted.status_code, parted.json()["code"]) == (404, "no-such-post")
    assert await make.journal(register) == lines
    own = await step(register, post_id, "visibility", association(), withheld=False)
    assert own.status_code == 201, own.text


async def test_an_association_has_its_say_through_a_chain_of_merges_as_it_was_known(
    register: Register,
) -> None:
    first = await make.member(register, "NAEGA", "3", family_name="First")
    middle = await make.member(register, "ACEG", "2", family_name="Middle")
    last = await make.member(register, "ICG", "1", family_name="Last")
    post_id = (await tell(register, last, await organisation(register))).json()["id"]

    async def seen(**axes: str) -> list[bool]:
        shown = [
            await register.http.get(f"/v1/schools/{URN}/posts", params=axes, headers=association(each))
            for each in ("ICG", "ACEG", "NAEGA")
        ]
        return [len(each.json()["items"]) == 1 for each in shown]

    before = register.clock.now
    register.clock.now += timedelta(minutes=1)
    await merged(register, middle, first)
    upper = await merged(register, last, middle)
    joined = register.clock.now
    assert await seen() == [True, True, True]
    assert await seen(known_at=rfc3339(before)) == [True, False, False]
    hidden = await step(register, post_id, "visibility", association("NAEGA"), withheld=True)
    assert hidden.status_code == 201, hidden.text

    register.clock.now += timedelta(minutes=1)
    assert (await undo(register, upper)).status_code == 201
    assert await seen() == [True, False, False]
    assert await seen(known_at=rfc3339(joined)) == [True, True, True]
    parted = await step(register, post_id, "visibility", association("NAEGA"), withheld=False)
    assert (parted.status_code, parted.json()["code"]) == (404, "no-such-post")
