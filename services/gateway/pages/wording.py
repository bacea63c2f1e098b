"""The words of the page around the register's own sentence, for a headteacher who has never heard of us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.gateway.clients.answers import LicenceAnswer, SanctionAnswer
from shared.clock import LONDON

Tone = Literal["good", "caution", "stop", "unknown"]


@dataclass(frozen=True, slots=True)
class Heading:
    """How a verdict is headed, and how it is coloured; the colour never says what the words do not."""

    words: str
    tone: Tone


_HEADINGS = {
    "licensed": Heading("Licensed", "good"),
    "licensed_with_conditions": Heading("Licensed, with conditions", "caution"),
    "not_licensed": Heading("Not licensed", "stop"),
    "lapsed": Heading("The licence has ended", "stop"),
    "suspended": Heading("Suspended", "stop"),
    "removed": Heading("Removed from the register", "stop"),
    "retired": Heading("Retired from the register", "stop"),
    "merged": Heading("This number was joined to another", "unknown"),
    "never_issued": Heading("Nobody has this number", "stop"),
    "malformed": Heading("This is not a registration number", "unknown"),
    "details_do_not_match": Heading("The details do not match", "stop"),
}
_SCOPES = {"personal_guidance": "Personal careers guidance", "careers_leadership": "Careers leadership"}
_SANCTIONS = {
    "conditions": "Conditions of practice",
    "interim_suspension": "Suspended while a concern is looked into",
    "suspension": "Suspended",
    "removal": "Removed from the register",
}
_LEVELS = {
    "professional": "Professional member",
    "associate": "Associate member",
    "affiliate": "Affiliate member",
}
_ABOUT_A_PERSON = frozenset(_HEADINGS) - {"merged", "never_issued", "malformed", "details_do_not_match"}


def heading(answer: LicenceAnswer) -> Heading:
    """Return how a verdict is headed."""
    if answer.verdict == "licensed" and not answer.may_give_personal_guidance:
        return Heading("Licensed, but not for personal guidance", "caution")
    return _HEADINGS[answer.verdict]


def facts(
    answer: LicenceAnswer, *, name: str | None, specialisms: Sequence[str] = ()
) -> list[tuple[str, list[str]]]:
    """Return what the register tells beyond its sentence, as rows of a label and its lines."""
    rows: list[tuple[str, list[str]]] = []
    if answer.number is not None:
        rows.append(("Registration number", [answer.number]))
    if not is_about_a_person(answer):
        return rows
    if name:
        rows.append(("Name", [name]))
    rows.append(
        ("May give personal careers guidance", ["Yes" if answer.may_give_personal_guidance else "No"])
    )
    rows.append(("Covers", [_SCOPES[scope] for scope in answer.scopes]))
    rows.append(("Dates of the licence", _term(answer)))
    rows.append(("Conditions", list(answer.conditions)))
    rows.append(("Decisions in force", [_sanction(each) for each in answer.sanctions]))
    rows.append(("Membership", [_LEVELS[answer.membership_level]] if answer.membership_level else []))
    rows.append(("Specialisms", list(specialisms)))
    return [(label, lines) for label, lines in rows if lines]


def next_steps(answer: LicenceAnswer) -> list[str]:
    """Return what a careful reader does now, beside what the register's sentence says."""
    if answer.may_give_personal_guidance:
        return [
            "Make sure that the number belongs to the person in front of you: ask for proof of who they are.",
            "Print or save this page for your records.",
            "Check again before each new engagement: what is true today may change tomorrow.",
        ]
    if answer.verdict == "never_issued":
        return [
            "Compare each character with the person’s card or letter: a 0 may look like an O, a 1 like an I."
        ]
    if answer.verdict == "merged" or answer.verdict in ("licensed", "licensed_with_conditions"):
        return []
    return ["If you think that this is wrong, ask the person’s professional association."]


def day(value: date) -> str:
    """Return a day as people write it, such as 21 November 2026."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """Return an instant as people in London write it, such as 9:30am on 21 November 2026."""
    local = value.astimezone(LONDON)
    hour = local.hour % 12 or 12
    return f"{hour}:{local:%M}{'am' if local.hour < 12 else 'pm'} on {day(local.date())}"


def scope(code: str) -> str:
    """Return a scope of practice in words; one without words here by its code."""
    return _SCOPES.get(code, code.replace("_", " ").capitalize())


def is_about_a_person(answer: LicenceAnswer) -> bool:
    """Say whether somebody has the number."""
    return answer.verdict in _ABOUT_A_PERSON


def _term(answer: LicenceAnswer) -> list[str]:
    if answer.valid_from is None:
        return []
    if answer.valid_to is None:
        return [f"From {day(answer.valid_from)}"]
    return [f"{day(answer.valid_from)} to {day(answer.valid_to)}"]


def _sanction(sanction: SanctionAnswer) -> str:
    until = f" until {day(sanction.valid_to)}" if sanction.valid_to else ""
    reason = f": {sanction.public_reason}" if sanction.public_reason else ""
    return f"{_SANCTIONS[sanction.kind]} from {day(sanction.valid_from)}{until}{reason}"
