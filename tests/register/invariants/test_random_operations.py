"""I1, I2, I3 and I6 under random operations by random registrars, step by step beside a small model."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.register.app import create_app
from services.register.operations import applications, integrity
from services.register.operations.reference import load_reference
from services.register.settings import Settings
from shared.postgres.roles import ServiceUrls
from tests.callers import TRUSTED, association, issuer_transport, registrar
from tests.conftest import Clone
from tests.register import make, make_licences
from tests.register.conftest import Register, TestClock
from tests.register.invariants.model import Model
from tests.register.invariants.state import transactions

REGISTRARS = st.sampled_from(["registrar-one", "registrar-two"])
AUTHENTICATION = {
    "method": "certified_copy",
    "evidence_reference": "scan 1",
    "reason": "Seen.",
    "relevant": True,
}
# What random operations have to have come to, or they have proved little.
REACHED = {"holding.declared", "application.submitted", "licence.issued", "sanction.imposed"}
EVENTS = st.sampled_from(["authenticate", "reject", "falsify"])


class Operations(RuleBasedStateMachine):
    """One person, everything that can happen to them, and what the model expects of each step."""

    register: Register
    run: Callable[[Awaitable[Any]], Any]
    serial = 0

    @initialize(far=st.sampled_from(["member", "applicant", "licensed", "licensed long ago"]))
    def somebody_new(self, far: str) -> None:
        """Begin with a new member, with an applicant who lacks nothing, or with a licence."""
        type(self).serial += 1
        self.member_id = str(self.serial)
        self.register.clock.now = TestClock().now
        self.number = self.run(make.member(self.register, "ICG", self.member_id))
        self.model = Model(today=self.register.clock.now.date())
        self.lines = self.run(transactions(self.register))
        if far != "member":
            self.declare()
            self.decide_evidence(place=0, by="registrar-one", event="authenticate")
            self.accept_the_code()
            self.apply()
        if far.startswith("licensed"):
            self.decide_the_application(by="registrar-two", admit=True)
        if far == "licensed long ago":
            self.wait(days=100)

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
        answer: httpx.Response = self.run(self.register.http.post(path, json=body, headers=headers))
        return answer

    def _expect(self, answer: httpx.Response, granted: bool) -> None:
        """Compare a step with the model, and the journal with the step."""
        assert answer.is_success is granted, (answer.status_code, answer.text, self.model)
        assert answer.is_success or 400 <= answer.status_code < 500, answer.text
        lines = self.run(transactions(self.register))
        assert lines - self.lines == (1 if granted else 0)
        self.lines = lines

    @rule()
    def declare(self) -> None:
        """The association declares another qualification."""
        title = f"Diploma {len(self.model.holdings)}"
        body = {"member_id": self.member_id, **make.LISTED, "title": title, "awarded_on": "2015-07-01"}
        answer = self._post("/v1/holdings", body, association())
        self._expect(answer, granted=True)
        self.model.declare(answer.json()["id"])

    @rule(place=st.integers(0, 3), by=REGISTRARS, event=EVENTS)
    def decide_evidence(self, place: int, by: str, event: str) -> None:
        """A registrar decides a qualification, or finds that its evidence was false."""
        if not self.model.holdings:
            return
        holding = self.model.holdings[place % len(self.model.holdings)]
        path, body = {
            "authenticate": ("authentications", AUTHENTICATION),
            "reject": ("rejections", {"reason": "Not shown."}),
            "falsify": ("authentication-withdrawals", {"reason": "Forged."}),
        }[event]
        granted = self.model.may_decide(holding, event)
        self._expect(self._post(f"/v1/holdings/{holding.holding_id}/{path}", body, registrar(by)), granted)
        if granted:
            self.model.decide(holding, event, by)

    @rule()
    def accept_the_code(self) -> None:
        """The person accepts the code of ethics, once and for all."""
        if not self.model.code_accepted:
            self.run(make.code_acceptance(self.register, "ICG", self.member_id))
            self.lines += 1
            self.model.code_accepted = True

    @rule()
    def apply(self) -> None:
        """The association applies."""
        granted = self.model.may_apply()
        answer = self.run(make_licences.apply(self.register, self.member_id))
        self._expect(answer, granted)
        if granted:
            self.model.application = answer.json()["id"]

    @rule(by=REGISTRARS, admit=st.booleans())
    def decide_the_application(self, by: str, admit: bool) -> None:
        """A registrar admits or refuses."""
        if self.model.application is None:
            return
        granted = self.model.may_admit(by) if admit else True
        outcome = "admitted" if admit else "refused"
        answer = self.run(make_licences.decide(self.register, self.model.application, outcome, by=by))
        self._expect(answer, granted)
        if granted:
            self.model.application = None
            if admit:
                self.model.admit()

    @rule(kind=st.sampled_from(["interim_suspension", "suspension", "suspension", "removal"]))
    def impose(self, kind: str) -> None:
        """A registrar imposes a sanction."""
        answer = self.run(make_licences.impose(self.register, self.number, kind))
        self._expect(answer, granted=self.model.ever_entered)
        if self.model.ever_entered:
            self.model.sanctions[answer.json()["id"]] = kind

    @rule(place=st.integers(0, 3))
    def lift(self, place: int) -> None:
        """A registrar lifts a sanction."""
        if self.model.sanctions:
            sanction_id = sorted(self.model.sanctions)[place % len(self.model.sanctions)]
            granted = self.model.sanctions[sanction_id] != "removal"
            self._expect(self.run(make_licences.lift(self.register, sanction_id)), granted)
            if granted:
                del self.model.sanctions[sanction_id]

    @rule()
    def retire(self) -> None:
        """The person retires today."""
        granted = self.model.may_retire()
        day = self.model.today.isoformat()
        self._expect(self.run(make_licences.retire(self.register, self.number, day)), granted)
        if granted:
            self.model.retire()

    @rule(days=st.sampled_from([1, 30, 364, 400]))
    def wait(self, days: int) -> None:
        """Time goes by."""
        self.model.wait(days)
        self.register.clock.now += self.model.a_day * days

    @invariant()
    def the_verdict_is_the_models(self) -> None:
        """Ask for the verdict after every step."""
        seen = self.run(make_licences.verdict(self.register, self.number))
        assert seen == self.model.verdict(), self.model


@contextmanager
def running(urls: ServiceUrls) -> Iterator[type[Operations]]:
    """Give the machine a register of its own, in an event loop of its own."""
    clock = TestClock()
    with asyncio.Runner() as runner:
        app = create_app(
            Settings(
                database_url=urls.app,
                environment="development",
                trusted_issuers=[TRUSTED],
                errors_url="https://errors.test",
                token_url="https://issuer.test/oauth/token",
            ),
            clock=clock,
            transport=issuer_transport(),
        )
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://register.test")

        async def finish(work: Awaitable[Any]) -> Any:
            return await work

        def run(work: Awaitable[Any]) -> Any:
            return runner.run(finish(work))

        run(load_reference(app.state.db, now=clock()))
        register = Register(app, client, app.state.db, clock, urls)
        yield type("Machine", (Operations,), {"register": register, "run": staticmethod(run)})
        run(client.aclose())
        run(app.state.db.close())


QUICK = settings(
    max_examples=14,
    stateful_step_count=25,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_whatever_is_asked_in_whatever_order_the_register_agrees_with_the_model(clone: Clone) -> None:
    with clone("register") as urls, running(urls) as machine:
        run_state_machine_as_test(machine, settings=QUICK)
        reached = set(machine.run(make.events(machine.register)))
        now = machine.register.clock.now
        assert machine.run(integrity.check(machine.register.db, now=now, everybody=True)) == []
    assert reached >= REACHED


def test_a_register_that_forgot_to_publish_an_admission_would_disagree_with_the_model(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that shows that the comparison above can fail."""

    async def publish_nothing(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(applications, "republish", publish_nothing)
    with clone("register") as urls, running(urls) as machine, pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=QUICK)
