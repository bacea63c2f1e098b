"""One small world in which every route has something of the first association's to act on."""

from typing import Any

from tests.callers import association
from tests.register import make, make_licences
from tests.register.conftest import Register

MISSING = 9_999_999
NOBODY = "CR00000001"


World = dict[str, Any]
"""What there is, by the name that a path template gives it."""


class Nothing(World):
    """A world in which nothing exists, whatever it is asked for."""

    def __missing__(self, name: str) -> int | str:
        """Return an id, or a number, that nobody has."""
        return NOBODY if name in {"number", "leaver"} else MISSING


async def build(register: Register) -> World:
    """Fill an empty register through its own API."""
    number = await make_licences.licensed(register, "1")
    sanction = await make_licences.impose(register, number, "conditions", conditions="Works supervised.")
    await make.member(register, member_id="2")
    claimed, doubtful, unwanted = [
        await make.holding(register, member_id="2", title=f"Diploma {name}") for name in "ABC"
    ]
    planned = await make.holding(
        register, member_id="2", title="Another Diploma", awarded_on=None, expected_on="2027-07-01"
    )
    _, application = await make_licences.applicant(register, "3")
    _, second = await make_licences.applicant(register, "4")
    leaver = await make_licences.licensed(register, "5")
    authenticated = await make.authenticated_holding(register, member_id="3", title="A Third Diploma")
    for body in ("ICG", "ACEG"):
        await make.member(register, body, "twin", family_name="Twin")
    duplicate = await register.db.fetch("SELECT id FROM possible_duplicates")
    await register.http.put("/v1/import-mappings/usual", json=MAPPING, headers=association())
    sent = await register.http.post(
        "/v1/imports", content=FILE, params={"dry_run": True}, headers={**association(), **CSV}
    )
    assert sent.status_code == 202, sent.text
    return {
        "number": number,
        "leaver": leaver,
        "claimed_holding": claimed,
        "doubtful_holding": doubtful,
        "unwanted_holding": unwanted,
        "planned_holding": planned,
        "authenticated_holding": authenticated,
        "application": application,
        "second_application": second,
        "sanction": sanction.json()["id"],
        "duplicate": duplicate[0]["id"],
        "import_id": sent.json()["id"],
    }


CSV = {"Content-Type": "text/csv"}
FILE = b"Member No,Forename,Surname,Level,Joined\n9,Ann,Example,affiliate,01/02/2020\n"
MAPPING = {"columns": {"Nr": "member_id"}}
