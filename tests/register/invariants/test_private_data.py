"""I10: what is private about somebody is in no public answer, journal line, measurement or log line."""

from collections.abc import Callable
from typing import Any

import pytest
import structlog

from services.register.operations import members
from services.register.routes import practitioner_bodies, practitioners
from tests.callers import association, bearer, registrar
from tests.register import make
from tests.register.conftest import Register
from tests.register.make_licences import applicant, decide, impose, lift

BORN, EMAIL, TELEPHONE = "1951-07-13", "canary-email@zz.test", "07700 900417"
PREVIOUS, MEMBER, EVIDENCE = "Canarinaprevious", "canary-member", "canary-evidence"
WORDS = ("authentication", "rejection", "refusal", "internal", "lifting", "duplicate", "withdrawal")
REASON = {each: f"Canary-{each}-reason." for each in WORDS}
SPOKEN = ("13 July 1951", "13/07/1951", "07700900417")
CANARIES = (BORN, EMAIL, TELEPHONE, PREVIOUS, MEMBER, EVIDENCE, *REASON.values(), *SPOKEN)
WHO: dict[str, Any] = {"given_names": "Nia", "family_name": "Public", "date_of_birth": BORN}
CALLERS = ({}, association("ACEG"), bearer("checks:write", "people:match", subject="crm"))


def canaries_in(pages: dict[str, str]) -> set[tuple[str, str]]:
    """Return where each canary is found: the page's name and the canary."""
    return {(name, each) for name, text in pages.items() for each in CANARIES if each.lower() in text.lower()}


async def plant(register: Register) -> str:
    """Make a licensed person with a canary in every private field; return the number."""
    private = {"email": EMAIL, "telephone": TELEPHONE}
    before = [{"given_names": PREVIOUS, "family_name": PREVIOUS}]
    number, application = await applicant(register, MEMBER, **WHO, **private, previous_names=before)
    assert (await decide(register, application)).status_code == 201
    evidence = {"method": "original_certificate", "evidence_reference": EVIDENCE, "relevant": True}
    decisions = (("authentications", "authentication", evidence), ("rejections", "rejection", {}))
    for path, word, more in decisions:
        title = f"Diploma of {word}"
        held = await make.holding(register, "ICG", MEMBER, title=title, evidence_reference=EVIDENCE)
        await sent(register, f"/v1/holdings/{held}/{path}", {"reason": REASON[word]} | more)
        if path == "authentications":
            path = f"/v1/holdings/{held}/authentication-withdrawals"
            await sent(register, path, {"reason": REASON["withdrawal"]})
    for kind in ("suspension", "conditions"):
        more = {"conditions": "Works supervised."} if kind == "conditions" else {}
        answer = await impose(register, number, kind, internal_reason=REASON["internal"], **more)
        if kind == "suspension":
            await lift(register, answer.json()["id"], reason=REASON["lifting"])
    _, second = await applicant(register, f"{MEMBER}-refused")
    assert (await decide(register, second, "refused", reasons=(REASON["refusal"],))).status_code == 201
    await make.member(register, "ACEG", f"{MEMBER}-of-aceg", **WHO)
    (twin,) = await register.db.fetch("SELECT id FROM possible_duplicates")
    body = {"outcome": "different_people", "reason": REASON["duplicate"]}
    await sent(register, f"/v1/possible-duplicates/{twin['id']}/decisions", body)
    return number


async def sent(register: Register, path: str, body: dict[str, Any]) -> None:
    """Send what a registrar decides, which has to be taken."""
    answer = await register.http.post(path, json=body, headers=registrar("registrar-two"))
    assert answer.status_code == 201, answer.text


def bodies(number: str) -> tuple[dict[str, Any], ...]:
    """Return what is posted everywhere: proper questions, guesses at the private facts, and nonsense."""
    return (
        {"rows": [{"number": number}, {"number": number, "family_name": "Public", "date_of_birth": BORN}]},
        {"rows": [{"number": MEMBER, "family_name": PREVIOUS, "date_of_birth": SPOKEN[1]}]},
        {"rows": [{"number": number, "family_name": "Public", "date_of_birth": "1951-07-14"}]},
        {"numbers": [number, EMAIL, TELEPHONE]},
        {"numbers": [[EMAIL]], "member_id": [MEMBER], "reason": {"x": BORN}, "number": {"x": EVIDENCE}},
    )


async def crawl(register: Register, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Plant, ask for everything in every way, and return what came back, by where it came from."""
    number = await plant(register)
    pages: dict[str, str] = {}
    for path, methods in register.app.openapi()["paths"].items():
        for known in (number, MEMBER):
            place = path.replace("{number}", known).replace("{association}", "ICG")
            place = place.replace("{member_id}", MEMBER).replace("{member_id:path}", MEMBER)
            place = "/".join("1" if part.startswith("{") else part for part in place.split("/"))
            queries = [{}, {"valid_at": BORN}, {"valid_at": EMAIL, "known_at": TELEPHONE, "after": MEMBER}]
            for who, headers in enumerate(CALLERS):
                if who and "{number}" not in path and not path.endswith(("batch", "verifications")):
                    continue
                asked = [("GET", {"params": each}) for each in queries] if "get" in methods else []
                asked += [("POST", {"json": each}) for each in bodies(number)] if "post" in methods else []
                for ask, (method, more) in enumerate(asked):
                    answer = await register.http.request(method, place, headers=headers, **more)
                    text = answer.text
                    if answer.is_success and more.get("params", {}).get("valid_at") == BORN:
                        text = text.replace(f'"valid_at":"{BORN}"', "")  # the caller's own question
                    pages[f"{method} {path} {known} {who} {ask}"] = f"{text} {answer.headers}"
    neighbour = bearer("internal", subject="cpd")
    journal = await register.http.get("/v1/journal", params={"limit": 1000}, headers=neighbour)
    assert journal.status_code == 200, journal.text
    pages |= {"journal": journal.text, "metrics": (await register.http.get("/metrics")).text}
    pages["log"] = "".join(capsys.readouterr())
    assert '"answered"' in pages["log"]
    assert "sanction.imposed" in pages["journal"]
    return pages


async def test_no_canary_comes_out(register: Register, capsys: pytest.CaptureFixture[str]) -> None:
    assert canaries_in(await crawl(register, capsys)) == set()


def leak_in_view(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the public view say, and a log line too, when somebody was born."""
    shown = practitioner_bodies.public_view

    def leaky(practitioner: Any) -> Any:
        view = shown(practitioner)
        if practitioner.person is None:
            return view
        born = practitioner.person.details.date_of_birth
        structlog.get_logger().warning("seen", day=str(born))
        return view.model_copy(update={"given_names": str(born)})

    for module in (practitioner_bodies, practitioners):
        monkeypatch.setattr(module, "public_view", leaky)


def leak_in_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let journal lines say where a member is reached."""
    record = members.Told.record
    monkeypatch.setattr(members.Told, "record", lambda *a, **facts: record(*a, **facts, email=EMAIL))


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (leak_in_view, {("POST /v1/practitioners/batch", BORN), ("log", BORN)}),
        (leak_in_journal, {("journal", EMAIL)}),
    ],
)
async def test_a_canary_that_came_out_would_be_found(
    register: Register, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[pytest.MonkeyPatch], None], found: set[tuple[str, str]],
) -> None:  # fmt: skip
    """The faults that show that the crawl above can fail."""
    fault(monkeypatch)
    seen = {(" ".join(name.split()[:2]), each) for name, each in canaries_in(await crawl(register, capsys))}
    assert found <= seen
