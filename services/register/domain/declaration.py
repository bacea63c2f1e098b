"""A qualification as it is declared: by its place on the list, or by title, framework and level together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.register.domain.policy import EntryPolicy, MembershipLevel, Scope
from services.register.domain.qualification import Holding, check_declaration
from shared.errors import FieldError, NotFound, Unprocessable

RECOGNISED = "recognised"
_LISTED = ("title", "framework", "level", "credits", "subject")


class NoSuchHolding(NotFound):
    """There is no such holding, or it is not one of yours."""


class QualificationNotDescribed(Unprocessable):
    """The qualification is not described as it has to be: see errors for each field."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """What an association declares of one of its members."""

    qualification: str | None = None
    title: str | None = None
    awarding_body: str | None = None
    framework: str | None = None
    level: str | None = None
    credits: int | None = None
    subject: str | None = None
    awarded_on: date | None = None
    expected_on: date | None = None
    evidence_reference: str | None = None


def declare(
    declaration: Declaration,
    *,
    listed: Mapping[str, Mapping[str, Any]],
    frameworks: Mapping[str, Sequence[str]],
    by: str,
    today: date,
) -> Holding:
    """Return the holding that is declared, or refuse it with everything that is wrong in it.

    What the list says of a qualification holds; what it leaves open, the declaration says.
    """
    errors: list[FieldError] = []
    entry = _entry(declaration, listed, errors)
    described = {name: _agreed(name, declaration, entry, errors) for name in _LISTED}
    _check_title(declaration, described, errors)
    _check_level(described, frameworks, errors)
    if declaration.awarded_on is not None and declaration.expected_on is not None:
        detail = "Give the day of the award or the day on which it is expected, not both."
        errors.append(FieldError("/expected_on", "not-both", detail))
    if errors:
        raise QualificationNotDescribed(errors=errors)
    status = check_declaration(
        awarded_on=declaration.awarded_on,
        credits=described["credits"],
        working_towards=declaration.expected_on is not None,
        today=today,
    )
    return Holding(
        holding_id=0,
        qualification=None if entry is None else entry["code"],
        relevant=entry is not None and entry["recognition"] == RECOGNISED,
        status=status,
        submitted_by=by,
        awarded_on=declaration.awarded_on,
        expected_on=declaration.expected_on,
        **described,
    )


def bearer_of(earned: Mapping[Scope, int], *, level: MembershipLevel, scopes: Sequence[Scope]) -> int | None:
    """Return the holding that can bear a licence for these scopes, or None when some scope is not earned."""
    if level is not MembershipLevel.PROFESSIONAL or not scopes or not set(scopes) <= set(earned):
        return None
    return earned[scopes[0]]


def policy_of(policies: Sequence[EntryPolicy], version: str) -> EntryPolicy:
    """Return the policy of a version that a licence names."""
    return next(policy for policy in policies if policy.version == version)


def _entry(
    declaration: Declaration, listed: Mapping[str, Mapping[str, Any]], errors: list[FieldError]
) -> Mapping[str, Any] | None:
    if declaration.qualification is None:
        return None
    entry = listed.get(declaration.qualification)
    if entry is None:
        detail = f"This is not one of: {', '.join(sorted(listed))}."
        errors.append(FieldError("/qualification", "not-known", detail))
    return entry


def _agreed(
    name: str, declaration: Declaration, entry: Mapping[str, Any] | None, errors: list[FieldError]
) -> Any:
    """Return what the list says, or else the declaration; a declaration that differs is an error."""
    given = getattr(declaration, name)
    said = None if entry is None else entry[name]
    if said is None:
        return given
    if given is not None and given != said:
        errors.append(FieldError(f"/{name}", "differs-from-list", f"The list says {said}: leave this out."))
    return said


def _check_title(declaration: Declaration, described: Mapping[str, Any], errors: list[FieldError]) -> None:
    if declaration.qualification is None and not (described["title"] or "").strip():
        detail = "Give the code of a listed qualification, or a title."
        errors.append(FieldError("/title", "missing", detail))


def _check_level(
    described: Mapping[str, Any], frameworks: Mapping[str, Sequence[str]], errors: list[FieldError]
) -> None:
    """A level means something inside its framework only, so both are given or neither."""
    framework, level = described["framework"], described["level"]
    if framework is None and level is None:
        return
    if framework is None:
        errors.append(FieldError("/framework", "missing", "A level is given with its framework."))
    elif framework not in frameworks:
        detail = f"This is not one of: {', '.join(sorted(frameworks))}."
        errors.append(FieldError("/framework", "not-known", detail))
    elif level is None:
        errors.append(FieldError("/level", "missing", "A framework is given with its level."))
    elif level not in frameworks[framework]:
        detail = f"The levels of {framework} are: {', '.join(frameworks[framework])}."
        errors.append(FieldError("/level", "not-known", detail))
