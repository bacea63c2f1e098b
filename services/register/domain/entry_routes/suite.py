"""Standards suites, named and versioned, and the dated policies that say what showing them counts for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.register.domain.entry_routes import refusals
from services.register.domain.qualification import Subject
from shared.errors import FieldError


@dataclass(frozen=True, kw_only=True, slots=True)
class Standard:
    """One standard; ``title`` is None where it could not be read, and ``unknown_because`` says why.

    ``related`` are the (suite, standard) pairs that it is mapped to.
    """

    code: str
    title: str | None
    unknown_because: str | None = None
    credits: int | None = None
    related: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """A suite of standards in one version, as far as it is known."""

    code: str
    name: str
    version: str
    owner: str
    approved: str | None
    standards: tuple[Standard, ...]
    complete: bool
    incomplete_because: str | None
    source: str
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CompetencePolicy:
    """What is to be shown against a suite, and which level that equals; None from is a mere proposal.

    ``optional_credits`` is how many credits the optional standards have to give together.
    """

    code: str
    title: str
    suite: str
    required: frozenset[str]
    optional: frozenset[str]
    optional_credits: int
    framework: str
    level: str
    credits: int | None
    subject: str
    effective_from: date | None
    effective_to: date | None
    source: str
    note: str | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether a route may begin under the policy on a day."""
        return (
            self.effective_from is not None
            and self.effective_from <= day
            and (self.effective_to is None or day <= self.effective_to)
        )


def check_suite(suite: Suite, *, known: Collection[tuple[str, str]]) -> None:
    """Refuse a suite whose standards are not told apart, or are mapped to ones that nobody knows.

    ``known`` are the (suite, standard) pairs of the suites published so far.
    """
    codes = [each.code for each in suite.standards]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise refusals.StandardNamedTwice(codes=", ".join(twice))
    untold = [
        FieldError(f"/standards/{place}/title", "missing", "Give the title, or say why it is not known.")
        for place, each in enumerate(suite.standards)
        if each.title is None and each.unknown_because is None
    ]
    if untold:
        raise refusals.StandardTitleMissing(errors=untold)
    known_now = {*known, *((suite.code, code) for code in codes)}
    strange = [
        FieldError(f"/standards/{place}/related/{number}", "not-known", "No published suite has this.")
        for place, each in enumerate(suite.standards)
        for number, pair in enumerate(each.related)
        if pair not in known_now
    ]
    if strange:
        raise refusals.RelatedStandardUnknown(errors=strange)


def check_policy(policy: CompetencePolicy, *, suite: Suite, frameworks: Mapping[str, Sequence[str]]) -> None:
    """Refuse a policy that names standards or a level that there are not, or that nobody could meet."""
    errors = [
        *_unknown_standards(policy, suite),
        *_unknown_level(policy, frameworks),
        *_unmeetable(policy, suite),
        *_backwards(policy),
    ]
    if errors:
        raise refusals.CompetencePolicyNotUnderstood(errors=errors)


def _unknown_standards(policy: CompetencePolicy, suite: Suite) -> list[FieldError]:
    codes = {each.code for each in suite.standards}
    errors = [
        FieldError(
            f"/{name}", "not-known", f"The suite {suite.code} has no {', '.join(sorted(given - codes))}."
        )
        for name, given in (("required", policy.required), ("optional", policy.optional))
        if given - codes
    ]
    both = policy.required & policy.optional
    if both:
        detail = f"These are required already: {', '.join(sorted(both))}."
        errors.append(FieldError("/optional", "required-already", detail))
    return errors


def _unknown_level(policy: CompetencePolicy, frameworks: Mapping[str, Sequence[str]]) -> list[FieldError]:
    """A level means something inside its framework only."""
    if policy.framework not in frameworks:
        detail = f"The frameworks are {', '.join(sorted(frameworks))}."
        return [FieldError("/framework", "not-known", detail)]
    if policy.level not in frameworks[policy.framework]:
        detail = f"The levels of {policy.framework} are {', '.join(frameworks[policy.framework])}."
        return [FieldError("/level", "not-known", detail)]
    return []


def _unmeetable(policy: CompetencePolicy, suite: Suite) -> list[FieldError]:
    most = sum(each.credits or 0 for each in suite.standards if each.code in policy.optional)
    if policy.optional_credits > most:
        detail = f"The optional standards give {most} credits together, as far as their sizes are known."
        return [FieldError("/optional_credits", "never-met", detail)]
    if not policy.required and not policy.optional_credits:
        return [FieldError("/required", "nothing-asked", "A policy asks for some standard at least.")]
    return []


def _backwards(policy: CompetencePolicy) -> list[FieldError]:
    first, last = policy.effective_from, policy.effective_to
    if first is None or last is None or first <= last:
        return []
    return [FieldError("/effective_to", "before-it-begins", "The last day lies before the first.")]


def suite_of(body: Mapping[str, Any]) -> Suite:
    """Return the suite that stored or shipped JSON describes."""
    return Suite(
        code=body["code"],
        name=body["name"],
        version=body["version"],
        owner=body["owner"],
        approved=body["approved"],
        standards=tuple(
            Standard(
                code=each["code"],
                title=each["title"],
                unknown_because=each["unknown_because"],
                credits=each["credits"],
                related=tuple((pair["suite"], pair["standard"]) for pair in each["related"]),
            )
            for each in body["standards"]
        ),
        complete=body["complete"],
        incomplete_because=body["incomplete_because"],
        source=body["source"]["ref"],
        note=body["source"].get("note"),
    )


def policy_of(body: Mapping[str, Any]) -> CompetencePolicy:
    """Return the policy that stored or shipped JSON describes."""
    return CompetencePolicy(
        code=body["code"],
        title=body["title"],
        suite=body["suite"],
        required=frozenset(body["required"]),
        optional=frozenset(body["optional"]),
        optional_credits=body["optional_credits"],
        framework=body["framework"],
        level=body["level"],
        credits=body["credits"],
        subject=Subject(body["subject"]).value,
        effective_from=_day(body["effective_from"]),
        effective_to=_day(body["effective_to"]),
        source=body["source"]["ref"],
        note=body["source"].get("note"),
    )


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
