"""The verdict: dated facts in, one answer out, the same wherever it is asked.

Nothing here waits for a job to have run: a licence that has ended has ended.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.register.domain import wording
from services.register.domain.facts import (
    FIRST_DAY,
    EntryFact,
    Facts,
    LicenceFact,
    MembershipFact,
    SanctionFact,
    ScopeFact,
    highest_membership,
    holds,
    in_force,
    iso,
    latest_begun,
    rests,
    scopes_held,
    turning_days,
)
from services.register.domain.licence import EntryStatus
from services.register.domain.person import MalformedNumber, parse_number
from services.register.domain.policy import MembershipLevel, Scope
from services.register.domain.reasons import Reason
from services.register.domain.sanction import SanctionKind

__all__ = [
    "FIRST_DAY",
    "EntryFact",
    "Facts",
    "LicenceFact",
    "MembershipFact",
    "Reason",
    "SanctionFact",
    "ScopeFact",
    "Verdict",
    "VerdictCode",
    "decide",
    "details_do_not_match",
    "malformed",
    "never_issued",
    "sentence_for",
    "timeline",
]


class VerdictCode(StrEnum):
    """The closed vocabulary of answers."""

    LICENSED = "licensed"
    LICENSED_WITH_CONDITIONS = "licensed_with_conditions"
    NOT_LICENSED = "not_licensed"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    REMOVED = "removed"
    RETIRED = "retired"
    MERGED = "merged"
    NEVER_ISSUED = "never_issued"
    MALFORMED = "malformed"
    DETAILS_DO_NOT_MATCH = "details_do_not_match"


_LICENSED = frozenset({VerdictCode.LICENSED, VerdictCode.LICENSED_WITH_CONDITIONS})
_SPEAKS_OF_LICENCE = _LICENSED | {VerdictCode.SUSPENDED, VerdictCode.LAPSED}
_SUSPENSIONS = {
    SanctionKind.SUSPENSION: Reason.SUSPENSION_IN_FORCE,
    SanctionKind.INTERIM_SUSPENSION: Reason.INTERIM_SUSPENSION_IN_FORCE,
}
_FIXED_SENTENCES = {
    VerdictCode.NOT_LICENSED: wording.not_licensed(),
    VerdictCode.REMOVED: wording.removed(),
    VerdictCode.RETIRED: wording.retired(),
    VerdictCode.NEVER_ISSUED: wording.never_issued(),
    VerdictCode.MALFORMED: wording.malformed(),
    VerdictCode.DETAILS_DO_NOT_MATCH: wording.details_do_not_match(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """One answer about one number; `valid_from` and `valid_to` are those of the licence.

    For a lapsed licence they are those of its last term; they are None where no licence is
    spoken of: never admitted, retired, removed, merged.
    """

    number: str | None
    verdict: VerdictCode
    may_give_personal_guidance: bool = False
    scopes: tuple[Scope, ...] = ()
    membership_level: MembershipLevel | None = None
    specialisms: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    sanctions: tuple[SanctionFact, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    kept_number: str | None = None
    reasons: tuple[Reason, ...] = ()
    sentence: str = ""

    def as_public_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON, in the order in which it is always written."""
        return {
            "number": self.number,
            "verdict": self.verdict.value,
            "may_give_personal_guidance": self.may_give_personal_guidance,
            "scopes": [scope.value for scope in self.scopes],
            "membership_level": None if self.membership_level is None else self.membership_level.value,
            "specialisms": list(self.specialisms),
            "conditions": list(self.conditions),
            "sanctions": [sanction.as_public_dict() for sanction in self.sanctions],
            "valid_from": iso(self.valid_from),
            "valid_to": iso(self.valid_to),
            "kept_number": self.kept_number,
            "reasons": [reason.value for reason in self.reasons],
            "sentence": self.sentence,
        }


def decide(facts: Facts, *, day: date) -> Verdict:
    """Return the one verdict that the facts give for the day."""
    if facts.kept_number is not None and (facts.merged_on or FIRST_DAY) <= day:
        return _worded(
            Verdict(
                number=facts.number,
                verdict=VerdictCode.MERGED,
                kept_number=facts.kept_number,
                reasons=(Reason.MERGED_INTO_KEPT_NUMBER,),
            )
        )
    sanctions = in_force(facts.sanctions, day)
    code, reasons = _standing(facts, {each.kind for each in sanctions}, day)
    licensed = code in _LICENSED
    # Scopes are shown only while they may be used, so that no reader takes them for a licence.
    scopes = scopes_held(facts, day) if licensed else ()
    guidance = Scope.PERSONAL_GUIDANCE in scopes
    if licensed and not guidance:
        reasons += (Reason.SCOPE_EXCLUDES_PERSONAL_GUIDANCE,)
    licence = latest_begun(facts.licences, day) if code in _SPEAKS_OF_LICENCE else None
    return _worded(
        Verdict(
            number=facts.number,
            verdict=code,
            may_give_personal_guidance=guidance,
            scopes=scopes,
            membership_level=highest_membership(facts, day),
            specialisms=facts.specialisms if code in _SPEAKS_OF_LICENCE else (),
            conditions=tuple(each.conditions for each in sanctions if each.conditions),
            sanctions=sanctions,
            valid_from=None if licence is None else licence.valid_from,
            valid_to=None if licence is None else licence.valid_to,
            reasons=reasons,
        )
    )


def timeline(facts: Facts) -> tuple[tuple[date, Verdict], ...]:
    """Return every day on which the verdict changes, with the verdict from that day on.

    The first day is always `FIRST_DAY`, so that every day has a verdict.
    """
    changes: list[tuple[date, Verdict]] = []
    for day in sorted({FIRST_DAY, *turning_days(facts)}):
        verdict = decide(facts, day=day)
        if not changes or changes[-1][1] != verdict:
            changes.append((day, verdict))
    return tuple(changes)


def sentence_for(verdict: Verdict) -> str:
    """Return in plain words what the verdict means and what to do next."""
    match verdict.verdict:
        case VerdictCode.LICENSED | VerdictCode.LICENSED_WITH_CONDITIONS:
            return _licensed_sentence(verdict)
        case VerdictCode.LAPSED:
            return _lapsed_sentence(verdict)
        case VerdictCode.SUSPENDED:
            return _suspended_sentence(verdict)
        case VerdictCode.MERGED:
            return wording.merged(verdict.kept_number or "another number")
    return _FIXED_SENTENCES[verdict.verdict]


def never_issued(number: str) -> Verdict:
    """Return the verdict for a well-formed number that nobody was ever given."""
    reasons = (Reason.NUMBER_NEVER_ISSUED,)
    return _worded(Verdict(number=number, verdict=VerdictCode.NEVER_ISSUED, reasons=reasons))


def malformed(text: str) -> Verdict:
    """Return the verdict for text that cannot be a registration number; it is not repeated."""
    verdict = Verdict(number=None, verdict=VerdictCode.MALFORMED, reasons=(Reason.NUMBER_MALFORMED,))
    try:
        parse_number(text)
    except MalformedNumber as refusal:
        return replace(verdict, sentence=refusal.detail)
    return _worded(verdict)


def details_do_not_match(number: str) -> Verdict:
    """Return the verdict for a number whose second fact differs, for callers who may know."""
    code, reasons = VerdictCode.DETAILS_DO_NOT_MATCH, (Reason.DETAILS_DIFFER,)
    return _worded(Verdict(number=number, verdict=code, reasons=reasons))


def _standing(facts: Facts, kinds: set[SanctionKind], day: date) -> tuple[VerdictCode, tuple[Reason, ...]]:
    """Return the first answer, in order of precedence, that the facts give for the day."""
    # Of entries for the same days a death counts before the rest, in whatever order they are given.
    entry = latest_begun(sorted(facts.entries, key=lambda each: each.status), day)
    if entry is None:
        return VerdictCode.NOT_LICENSED, (Reason.NEVER_ADMITTED,)
    if SanctionKind.REMOVAL in kinds:
        return VerdictCode.REMOVED, (Reason.REMOVAL_IN_FORCE,)
    on_entry = holds(entry, day)
    if on_entry and entry.status is EntryStatus.RETIRED:
        return VerdictCode.RETIRED, (Reason.RETIRED_FROM_REGISTER,)
    if on_entry and entry.status is EntryStatus.DECEASED:
        return VerdictCode.LAPSED, (Reason.HOLDER_DECEASED,)
    suspensions = tuple(reason for kind, reason in _SUSPENSIONS.items() if kind in kinds)
    if suspensions:
        return VerdictCode.SUSPENDED, suspensions
    lapse = _lapse(facts, day, on_register=on_entry)
    if lapse is not None:
        return VerdictCode.LAPSED, (lapse,)
    if SanctionKind.CONDITIONS in kinds:
        return VerdictCode.LICENSED_WITH_CONDITIONS, (
            Reason.LICENCE_IN_FORCE,
            Reason.CONDITIONS_IN_FORCE,
        )
    return VerdictCode.LICENSED, (Reason.LICENCE_IN_FORCE,)


def _lapse(facts: Facts, day: date, *, on_register: bool) -> Reason | None:
    """Return why no licence is in force, or None when one is."""
    licence = latest_begun(facts.licences, day)
    if licence is None:
        return Reason.NO_LICENCE_ISSUED
    if licence.valid_to is None or day <= licence.valid_to:
        if not on_register:
            return Reason.NOT_ON_REGISTER
        return Reason.IN_NO_ASSOCIATION if rests(facts, licence, day) else None
    in_grace = (day - licence.valid_to).days <= facts.grace_days
    return Reason.IN_GRACE if in_grace else Reason.LICENCE_LAPSED


def _worded(verdict: Verdict) -> Verdict:
    return replace(verdict, sentence=sentence_for(verdict))


def _licensed_sentence(verdict: Verdict) -> str:
    conditional = verdict.verdict is VerdictCode.LICENSED_WITH_CONDITIONS
    say = wording.licensed_with_conditions if conditional else wording.licensed
    return say(verdict.valid_to, guidance=verdict.may_give_personal_guidance, scopes=verdict.scopes)


def _lapsed_sentence(verdict: Verdict) -> str:
    if Reason.HOLDER_DECEASED in verdict.reasons:
        return wording.deceased()
    if Reason.IN_NO_ASSOCIATION in verdict.reasons:
        return wording.in_no_association()
    ended = None if Reason.NOT_ON_REGISTER in verdict.reasons else verdict.valid_to
    if ended is not None and Reason.IN_GRACE in verdict.reasons:
        return wording.in_grace(ended)
    return wording.lapsed(ended)


def _suspended_sentence(verdict: Verdict) -> str:
    ends = [each.valid_to for each in verdict.sanctions if each.kind in _SUSPENSIONS]
    known = [end for end in ends if end is not None]
    return wording.suspended(
        max(known) if known and len(known) == len(ends) else None,
        interim=Reason.SUSPENSION_IN_FORCE not in verdict.reasons,
    )
