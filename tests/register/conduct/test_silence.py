"""I10: nothing about an undecided complaint is public."""

import re

from tests.callers import association, bearer
from tests.register.conduct import make
from tests.register.conftest import Register
from tests.register.make_licences import licensed


async def test_no_public_route_says_anything_of_an_undecided_complaint(register: Register) -> None:
    """Whatever was said in it is in no public answer and no line of the journal, nor its being at all."""
    number = await licensed(register)
    before = await public_pages(register, number)
    complaint_id = await make.complaint_at(register, number, "before_panel")
    conflict = {"subject": "panel-nine", "nature": "Canary-conflict."}
    await make.post(register, complaint_id, "conflicts", conflict, make.OFFICER)
    assert await public_pages(register, number) == before
    assert (await make.decide(register, complaint_id, "removal")).status_code == 201
    assert await public_pages(register, number) == before
    lines = await register.db.fetch(
        "SELECT subject, facts::text AS facts FROM journal WHERE event LIKE 'com%'"
    )
    assert {line["subject"] for line in lines} == {f"complaint:{complaint_id}"}
    assert {line["facts"] for line in lines} == {"{}"}


async def public_pages(register: Register, number: str) -> list[str]:
    """Return what strangers are told about somebody, without how far the journal has come."""
    pages = []
    callers = ({}, association("ACEG"), association("ICG"), bearer("people:read", subject="crm"))
    for headers in callers:
        for path in ("licences/{}", "practitioners/{}", "practitioners/{}/decisions"):
            answer = await register.http.get(f"/v1/{path.format(number)}", headers=headers)
            pages.append(answer.text)
        for path, body in (
            ("verifications", {"rows": [{"number": number}]}),
            ("practitioners/batch", {"numbers": [number]}),
        ):
            answer = await register.http.post(f"/v1/{path}", json=body, headers=headers)
            pages.append(answer.text)
    shown = [re.sub(r'"journal_position":[0-9]+', "", page) for page in pages]
    assert not any("canary" in page.lower() for page in shown)
    return shown
