"""Somebody with a canary in every private place, who has left long enough ago to be erased."""

from datetime import datetime, timedelta
from typing import Any

from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import applicant, decide, impose, lift
from tests.register.member_files import COLUMNS, csv_file, imported, row

BORN, EMAIL, MEMBER = "1951-07-13", "canary-email@zz.test", "canary-member"
CANARIES = ("1951-07-13", "13/07/1951", "canary", "07700900417", "Kanarienvogel")
WHO: dict[str, Any] = {
    "given_names": "Canaria", "family_name": "Canarysson", "date_of_birth": BORN, "email": EMAIL,
    "telephone": "07700900417", "previous_names": [{"given_names": "", "family_name": "Kanarienvogel"}],
    "regions": ["W"],
}  # fmt: skip


async def sent(register: Register, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    """Send what a registrar decides, which has to be taken."""
    answer = await register.http.post(path, json=body, headers=registrar("registrar-two") | headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def told(register: Register, **changes: Any) -> dict[str, Any]:
    """Tell the member anew."""
    answer = await make.put_member(register, "ICG", MEMBER, **WHO | changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def leaver(register: Register) -> str:
    """Let somebody be admitted, sanctioned, retire and leave; return the number, seven years after."""
    number, application = await applicant(register, MEMBER, **WHO)
    await decide(register, application, reasons=("Canary of a reason.",))
    await told(register, family_name="Canarydottir")
    keyed = association() | {"Idempotency-Key": "canary-key"}
    body = {
        "member_id": MEMBER,
        **make.LISTED,
        "title": "Diploma of canary keeping",
        "awarded_on": "2015-07-01",
    }
    answer = await register.http.post("/v1/holdings", json=body, headers=keyed)
    await sent(register, f"/v1/holdings/{answer.json()['id']}/rejections", {"reason": "No canary was seen."})
    texts = {
        "public_reason": "Kept a canary.",
        "internal_reason": "A canary sang.",
        "conditions": "No canary.",
    }
    imposed = await impose(register, number, "conditions", **texts)
    await imported(
        register,
        csv_file(
            row(
                MEMBER,
                Surname="Canarydottir",
                DOB="13/07/1951",
                Email=EMAIL,
                Grade="Professional",
                Joined="01/01/2020",
            ),
            row(MEMBER, Surname="Canarydottir", DOB="99/07/1951", Email=EMAIL),
            row(7, Surname="No\x00Letter\\u0000"),
            columns=COLUMNS,
        ),
    )
    register.clock.now += timedelta(days=1)
    await lift(register, imposed.json()["id"], reason="The canary flew.")
    await sent(
        register,
        "/v1/retirements",
        {"number": number, "retired_on": "2026-11-22", "reason": "To keep a canary."},
        **{"Idempotency-Key": "canary-2"},
    )
    membership = (await told(register))["memberships"][-1]
    await told(
        register,
        membership={
            "valid_from": membership["valid_from"], "valid_to": "2026-11-21", "corrects": membership["id"],
        },
    )  # fmt: skip
    register.clock.now = datetime.fromisoformat("2033-11-22T09:30:00+00:00")
    return number


async def erased(register: Register, number: str) -> None:
    """Propose and confirm to erase somebody."""
    proposed = await sent(register, "/v1/erasures", {"number": number, "ground": "no_longer_needed"})
    await sent(
        register,
        f"/v1/erasures/{proposed['id']}/decisions",
        {"decision": "confirmed"},
        **registrar("registrar-three"),
    )
