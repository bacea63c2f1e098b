"""I3: standing moves only along the written tables; whatever else is asked changes nothing."""

from collections.abc import Awaitable, Callable
from itertools import count, product

import httpx
import pytest

from services.register.domain import qualification
from services.register.domain.licence import APPLICATION_TRANSITIONS, ApplicationEvent, ApplicationStatus
from services.register.domain.qualification import TRANSITIONS, HoldingEvent, HoldingStatus
from services.register.domain.sanction import TRANSITIONS as SANCTION_TRANSITIONS
from services.register.domain.sanction import SanctionEvent, SanctionKind, SanctionStatus
from services.register.operations import integrity
from tests.callers import association, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.invariants.state import digests
from tests.register.make_licences import applicant, decide, impose, licensed, lift

AUTHENTICATION = {
    "method": "original_certificate",
    "evidence_reference": "scan 17",
    "reason": "It was seen.",
    "relevant": True,
}
HOLDING_EVENTS: dict[HoldingEvent, tuple[str, object, bool]] = {
    HoldingEvent.COMPLETE: ("completion", {"awarded_on": "2026-11-01"}, False),
    HoldingEvent.WITHDRAW: ("withdrawal", {}, False),
    HoldingEvent.AUTHENTICATE: ("authentications", AUTHENTICATION, True),
    HoldingEvent.REJECT: ("rejections", {"reason": "It was not shown."}, True),
    HoldingEvent.WITHDRAW_AUTHENTICATION: ("authentication-withdrawals", {"reason": "It was forged."}, True),
}
WAYS = {
    HoldingStatus.WORKING_TOWARDS: (),
    HoldingStatus.CLAIMED: (),
    HoldingStatus.AUTHENTICATED: (HoldingEvent.AUTHENTICATE,),
    HoldingStatus.REJECTED: (HoldingEvent.REJECT,),
    HoldingStatus.WITHDRAWN: (HoldingEvent.WITHDRAW,),
}


async def happen(register: Register, holding_id: int, event: HoldingEvent) -> httpx.Response:
    """Let an event happen to a holding, by whoever may cause it."""
    path, body, by_registrar = HOLDING_EVENTS[event]
    return await register.http.post(
        f"/v1/holdings/{holding_id}/{path}",
        json=body,
        headers=registrar() if by_registrar else association(),
    )


async def holding_in(register: Register, status: HoldingStatus, title: str) -> int:
    """Make a holding that stands so."""
    changes = {"title": title}
    if status is HoldingStatus.WORKING_TOWARDS:
        changes |= {"awarded_on": None, "expected_on": "2027-07-01"}
    holding_id = await make.holding(register, **changes)
    for event in WAYS[status]:
        assert (await happen(register, holding_id, event)).is_success
    return holding_id


async def moves(register: Register, ask: Callable[[], Awaitable[httpx.Response]]) -> bool:
    """Ask, and tell whether it was granted; a refusal must leave every table as it was."""
    before = await digests(register)
    answer = await ask()
    assert answer.status_code < 500, answer.text
    changed = await digests(register) != before
    assert changed is answer.is_success, answer.text
    return changed


async def test_a_holding_moves_along_its_table_only(register: Register) -> None:
    await make.member(register)
    titles = (f"Diploma {place}" for place in count())
    granted = set()
    for status, event in product(HoldingStatus, HoldingEvent):
        holding_id = await holding_in(register, status, next(titles))

        async def ask(holding_id: int = holding_id, event: HoldingEvent = event) -> httpx.Response:
            return await happen(register, holding_id, event)

        if await moves(register, ask):
            granted.add((status, event))
    assert granted == set(TRANSITIONS)


async def application_in(register: Register, status: ApplicationStatus, member_id: str) -> int:
    """Make an application that stands so."""
    _, application_id = await applicant(register, member_id)
    if status is ApplicationStatus.WITHDRAWN:
        path = f"/v1/applications/{application_id}/withdrawal"
        assert (await register.http.post(path, json={}, headers=association())).is_success
    elif status is not ApplicationStatus.SUBMITTED:
        assert (await decide(register, application_id, status.value)).is_success
    return application_id


async def test_an_application_moves_along_its_table_only(register: Register) -> None:
    member_ids = (str(place) for place in count(1))
    granted = set()
    for status, event in product(ApplicationStatus, ApplicationEvent):
        application_id = await application_in(register, status, next(member_ids))

        async def ask(
            application_id: int = application_id, event: ApplicationEvent = event
        ) -> httpx.Response:
            if event is ApplicationEvent.WITHDRAW:
                path = f"/v1/applications/{application_id}/withdrawal"
                return await register.http.post(path, json={}, headers=association())
            return await decide(
                register, application_id, "admitted" if event is ApplicationEvent.ADMIT else "refused"
            )

        if await moves(register, ask):
            granted.add((status, event))
    assert granted == set(APPLICATION_TRANSITIONS)


async def test_a_sanction_moves_along_its_table_only(register: Register) -> None:
    number = await licensed(register)
    granted = set()
    for kind, status in product(SanctionKind, SanctionStatus):
        conditions = "Under supervision." if kind is SanctionKind.CONDITIONS else None
        sanction_id = (await impose(register, number, kind.value, conditions=conditions)).json()["id"]
        if status is SanctionStatus.LIFTED:
            lifted = await lift(register, sanction_id)
            assert lifted.is_success is (kind is not SanctionKind.REMOVAL)

        async def ask(sanction_id: int = sanction_id) -> httpx.Response:
            return await lift(register, sanction_id)

        if await moves(register, ask):
            granted.add((kind, status, SanctionEvent.LIFT))
    assert granted == set(SANCTION_TRANSITIONS)


async def test_a_rule_that_allows_one_move_too_many_would_be_seen(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that shows that the comparison above can fail."""
    await make.member(register)
    holding_id = await holding_in(register, HoldingStatus.REJECTED, "Diploma")
    again = {(HoldingStatus.REJECTED, HoldingEvent.AUTHENTICATE): HoldingStatus.AUTHENTICATED}
    monkeypatch.setattr(qualification, "TRANSITIONS", {**TRANSITIONS, **again})
    assert await moves(register, lambda: happen(register, holding_id, HoldingEvent.AUTHENTICATE))
    assert (HoldingStatus.REJECTED, HoldingEvent.AUTHENTICATE) not in TRANSITIONS
    found = await integrity.check(register.db, now=register.clock.now)
    assert {finding.name for finding in found} == {"a holding moved outside the written table"}
