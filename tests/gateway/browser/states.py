"""What the public page can show: the register's answer for each state, and the address that shows it."""

from typing import Any

import httpx

from tests.gateway.front import FakeRegister, verdict

SCHOOL = "100001"
_LONG = (
    "Works only under the supervision of another licensed adviser, who reports to the register each quarter."
)
_SUSPENSION = {
    "kind": "interim_suspension",
    "public_reason": "The evidence of qualification is being examined again.",
    "from": "2026-11-02",
    "to": "2027-05-01",
}
_CONDITIONS = {
    "kind": "conditions",
    "public_reason": "Agreed after a complaint.",
    "from": "2026-10-01",
    "to": None,
}

NUMBERS = {
    "licensed": "CR00000017",
    "leadership": "CR00000025",
    "conditions": "CR00000033",
    "not_licensed": "CR00000041",
    "lapsed": "CR0000005X",
    "suspended": "CR00000068",
    "removed": "CR00000076",
    "retired": "CR00000084",
    "merged": "CR00000092",
    "never_issued": "CR00000106",
    "malformed": "CR1234567",
    "down": "CR00000114",
}

_GUIDANCE = (
    "This person is licensed to practise until the end of 31 August 2027 and may give personal careers "
    "guidance: nothing more is needed, but check again after that day."
)
_LEADERSHIP = (
    "This person is licensed to practise until the end of 31 August 2027 in careers leadership, but the "
    "licence does not cover personal careers guidance: for guidance, choose somebody whose licence does."
)
_RESTRICTED = (
    "This person is licensed to practise until the end of 31 August 2027 with conditions, and may give "
    "personal careers guidance only while keeping to them: read the conditions and ask how they are met."
)
_SUSPENDED = (
    "This person is suspended while a concern is looked into until the end of 1 May 2027 and is not "
    "licensed to give careers guidance: do not let them give guidance, and check again before they return."
)
_LAPSED = (
    "This person’s licence ended on 31 August 2026 and lapsed, so they are not licensed to give careers "
    "guidance: choose somebody whose licence is in force, or check again once this person is licensed anew."
)
_NEVER = (
    "This number has never been given to anybody: ask the person to show where they have it from, and do not "
    "let them give guidance on the strength of it."
)
_MALFORMED = (
    "The number is too short. A registration number is CR, seven digits and a check character, "
    "such as CR12345672."
)
_MERGED = "This number was joined to CR00000017: look that number up, it holds the record."


def post(number: str) -> dict[str, Any]:
    """Return a post at the school, as the register words it."""
    return {
        "id": 1,
        "number": number,
        "name": "Siân Angharad Rhys-Okonkwo",
        "employer": {"ukprn": "10000001", "name": "An employer"},
        "school": {"scheme": "urn", "value": SCHOOL},
        "role": "careers_adviser",
        "basis": "commissioned",
        "independent": True,
        "valid_from": "2026-01-01",
        "valid_to": None,
    }


def register() -> FakeRegister:
    """Return a register with somebody in each state, which does not answer about one number."""
    n = NUMBERS
    said = {
        "licensed": verdict(n["licensed"], specialisms=["stem", "ldd"], sentence=_GUIDANCE),
        "leadership": verdict(
            n["leadership"],
            may_give_personal_guidance=False,
            scopes=["careers_leadership"],
            sentence=_LEADERSHIP,
        ),
        "conditions": verdict(
            n["conditions"],
            "licensed_with_conditions",
            conditions=[_LONG, "Gives no guidance by telephone."],
            sanctions=[_CONDITIONS],
            sentence=_RESTRICTED,
        ),
        "not_licensed": verdict(n["not_licensed"], "not_licensed", membership_level="affiliate"),
        "lapsed": verdict(
            n["lapsed"], "lapsed", valid_from="2025-09-01", valid_to="2026-08-31", sentence=_LAPSED
        ),
        "suspended": verdict(n["suspended"], "suspended", sanctions=[_SUSPENSION], sentence=_SUSPENDED),
        "removed": verdict(n["removed"], "removed"),
        "retired": verdict(n["retired"], "retired"),
        "merged": verdict(n["merged"], "merged", kept_number=n["licensed"], sentence=_MERGED),
        "never_issued": verdict(n["never_issued"], "never_issued", sentence=_NEVER),
        "malformed": verdict(None, "malformed", sentence=_MALFORMED),
    }
    fake = FakeRegister(
        verdicts={n[state]: each for state, each in said.items()},
        names={n["licensed"]: ("Siân Angharad", "Rhys-Okonkwo"), n["suspended"]: ("Tomasz", "Łukaszewicz")},
    )
    fake.posts[SCHOOL] = [post(n["licensed"]), post(n["suspended"])]
    whole = fake.transport().handler

    def answer(request: httpx.Request) -> httpx.Response:
        if n["down"].encode() in request.content:
            raise httpx.ConnectError("refused", request=request)
        fake.instead = None
        try:
            return whole(request)  # type: ignore[return-value]
        finally:
            fake.instead = answer

    fake.instead = answer
    return fake


PAGES = {
    "form": "/",
    "nothing entered": "/check?number=",
    "three mistakes": "/check?number=&valid_at=31/02/2026&known_at=2999-01-01",
    **{state: f"/check?number={number}" for state, number in NUMBERS.items()},
    "another day": f"/check?number={NUMBERS['licensed']}&valid_at=2027-01-04&known_at=1+March+2026",
    "school": f"/school?urn={SCHOOL}",
    "school form": "/school",
    "school mistake": "/school?urn=100001&on=31/02/2026",
    "people found": "/find?q=rhys",
    "nobody found": "/find?q=nobody",
    "schools found": "/schools?q=exampleton",
    "provider form": "/providers",
    "provider": "/provider?ukprn=10000001",
    "provider mistake": "/provider?ukprn=1",
    "what the mark means": "/what-the-mark-means",
    "awards found": "/awards",
    "no award found": "/awards?q=nothing",
    "offers found": "/cpd",
    "offers mistake": f"/cpd?q={'x' * 201}",
    "courses found": "/courses?region=D",
    "career map": "/career-map",
    "figures": "/figures",
    "receipt form": "/receipts",
    "missing page": "/nothing-here",
    "error codes": "/errors",
}
