"""Is a provider accredited as it has to be? One pure function over dated facts.

Three answers are possible to every question on the way, yes, no and unknown, and an unknown is never turned
into either of the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.kitemark.domain.providers.accreditation import Accreditation
from services.kitemark.domain.providers.provider import Closing, Provider
from services.kitemark.domain.providers.rule import Rule, Severity, in_force


class Answer(StrEnum):
    """Whether a provider has what is asked of it, the gravest first."""

    NOT_COMPLIANT = "not_compliant"
    UNKNOWN = "unknown"
    RECOMMENDED_AND_MISSING = "recommended_and_missing"
    COMPLIANT = "compliant"
    NOT_REQUIRED = "not_required"


class ComplianceReason(StrEnum):
    """Why a rule, or the whole, is answered as it is."""

    HELD = "held"
    REQUIRED_AND_MISSING = "required-and-missing"
    RECOMMENDED_AND_MISSING = "recommended-and-missing"
    DOES_NOT_APPLY = "does-not-apply"
    CIRCUMSTANCES_UNKNOWN = "circumstances-unknown"
    END_UNKNOWN = "accreditation-end-unknown"
    PREDECESSOR_ACCREDITED = "predecessor-accredited"
    CLOSED = "provider-closed"
    NO_RULE = "no-rule-in-force"
    NOT_KNOWN = "provider-not-known"
    UKPRN_MALFORMED = "ukprn-malformed"


SENTENCES = {
    ComplianceReason.HELD: "An accreditation to the standard is held on that day.",
    ComplianceReason.REQUIRED_AND_MISSING: (
        "The rule requires an accreditation, and none is held on that day."
    ),
    ComplianceReason.RECOMMENDED_AND_MISSING: (
        "The rule recommends an accreditation, and none is held on that day."
    ),
    ComplianceReason.DOES_NOT_APPLY: "The rule asks nothing of this provider on that day.",
    ComplianceReason.CIRCUMSTANCES_UNKNOWN: (
        "Whether the rule applies is not known: ask the provider what it does."
    ),
    ComplianceReason.END_UNKNOWN: (
        "The source gives no end of the accreditation: ask it whether it still holds."
    ),
    ComplianceReason.PREDECESSOR_ACCREDITED: (
        "A predecessor is accredited; whether that passed on is not known: ask the keeper of the"
        " standard's list."
    ),
    ComplianceReason.CLOSED: "The provider is closed on that day: ask about its successor, where it has one.",
    ComplianceReason.NO_RULE: "No requirement rule is known for that day.",
    ComplianceReason.NOT_KNOWN: "No provider with this UKPRN is recorded here.",
    ComplianceReason.UKPRN_MALFORMED: "This is no UKPRN: it has eight digits.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one rule comes to for one provider on one day; None is unknown."""

    rule: Rule
    applies: bool | None
    held: bool | None
    reason: ComplianceReason

    @property
    def answer(self) -> Answer:
        """Return what this rule alone would answer."""
        return _ANSWERS[self.reason]


_ANSWERS = {
    ComplianceReason.HELD: Answer.COMPLIANT,
    ComplianceReason.REQUIRED_AND_MISSING: Answer.NOT_COMPLIANT,
    ComplianceReason.RECOMMENDED_AND_MISSING: Answer.RECOMMENDED_AND_MISSING,
    ComplianceReason.DOES_NOT_APPLY: Answer.NOT_REQUIRED,
    ComplianceReason.CIRCUMSTANCES_UNKNOWN: Answer.UNKNOWN,
    ComplianceReason.END_UNKNOWN: Answer.UNKNOWN,
    ComplianceReason.PREDECESSOR_ACCREDITED: Answer.UNKNOWN,
}
# A requirement nobody can judge weighs more than a recommendation that is missing, which weighs more than a
# recommendation that nobody can judge.
_GRAVITY = (
    (Answer.NOT_COMPLIANT, Severity.REQUIRED),
    (Answer.UNKNOWN, Severity.REQUIRED),
    (Answer.RECOMMENDED_AND_MISSING, Severity.RECOMMENDED),
    (Answer.UNKNOWN, Severity.RECOMMENDED),
    (Answer.COMPLIANT, Severity.REQUIRED),
    (Answer.COMPLIANT, Severity.RECOMMENDED),
    (Answer.NOT_REQUIRED, Severity.REQUIRED),
    (Answer.NOT_REQUIRED, Severity.RECOMMENDED),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of a provider; ``inherited`` are the accreditations of those it took over from."""

    provider: Provider
    closing: Closing | None = None
    accreditations: tuple[Accreditation, ...] = ()
    inherited: tuple[Accreditation, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Compliance:
    """The answer, why, and what each rule in force comes to; ``versions`` names the rules."""

    answer: Answer
    reasons: tuple[ComplianceReason, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def versions(self) -> tuple[str, ...]:
        """Return the versions of the rules that were asked."""
        return tuple(each.rule.version for each in self.findings)


def compliance(facts: Facts | None, rules: Iterable[Rule], *, day: date) -> Compliance:
    """Return whether a provider has on a day what the rules of that day ask of it; None is nobody we know.

    The gravest finding is the answer: what is required and missing, then what is required and cannot be
    judged, then what is recommended and missing. Every rule's own finding stands beside it.
    """
    if facts is None:
        return Compliance(answer=Answer.UNKNOWN, reasons=(ComplianceReason.NOT_KNOWN,))
    if facts.closing is not None and facts.closing.closed_on < day:
        return Compliance(answer=Answer.UNKNOWN, reasons=(ComplianceReason.CLOSED,))
    findings = tuple(_finding(facts, rule, day=day) for rule in in_force(rules, day))
    if not findings:
        return Compliance(answer=Answer.UNKNOWN, reasons=(ComplianceReason.NO_RULE,))
    gravest = min(findings, key=lambda each: _GRAVITY.index((each.answer, each.rule.severity)))
    deciding = {
        each.reason
        for each in findings
        if each.answer is gravest.answer and each.rule.severity is gravest.rule.severity
    }
    reasons = tuple(reason for reason in ComplianceReason if reason in deciding)
    return Compliance(answer=gravest.answer, reasons=reasons, findings=findings)


def _finding(facts: Facts, rule: Rule, *, day: date) -> Finding:
    applies = _applies(facts.provider, rule, day=day)
    held = _held(facts.accreditations, rule.standard, day=day)
    return Finding(rule=rule, applies=applies, held=held, reason=_reason(facts, rule, applies, held, day=day))


def _reason(
    facts: Facts, rule: Rule, applies: bool | None, held: bool | None, *, day: date
) -> ComplianceReason:
    if applies is False:
        return ComplianceReason.DOES_NOT_APPLY
    if held:
        return ComplianceReason.HELD
    if applies is None:
        return ComplianceReason.CIRCUMSTANCES_UNKNOWN
    if held is None:
        return ComplianceReason.END_UNKNOWN
    if _held(facts.inherited, rule.standard, day=day) is not False:
        return ComplianceReason.PREDECESSOR_ACCREDITED
    if rule.severity is Severity.REQUIRED:
        return ComplianceReason.REQUIRED_AND_MISSING
    return ComplianceReason.RECOMMENDED_AND_MISSING


def _held(accreditations: Sequence[Accreditation], standard: str, *, day: date) -> bool | None:
    return _either(each.holds(day) for each in accreditations if each.standard == standard)


def _applies(provider: Provider, rule: Rule, *, day: date) -> bool | None:
    return _either(
        _all(_is_so(provider.claim(claim.name, day), claim.wanted) for claim in case) for case in rule.cases
    )


def _is_so(told: bool | None, wanted: bool) -> bool | None:
    return None if told is None else told is wanted


def _either(parts: Iterable[bool | None]) -> bool | None:
    """Return True where one part is, False where all are not, None where it cannot be said."""
    known = set(parts)
    return True if True in known else (None if None in known else False)


def _all(parts: Iterable[bool | None]) -> bool | None:
    """Return False where one part is not, True where all are, None where it cannot be said."""
    known = set(parts)
    return False if False in known else (None if None in known else True)
