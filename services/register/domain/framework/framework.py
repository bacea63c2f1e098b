"""A version of the career progression framework: roles with what they require, and moves between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.register.domain.policy import Scope
from shared.errors import NotFound


class NoFrameworkInForce(NotFound):
    """No version of the career progression framework was in force on that day: ask for a later day."""


class NoSuchFramework(NotFound):
    """There is no version {version} of the career progression framework."""


class NoSuchRole(NotFound):
    """The career progression framework {version} has no role {role}."""


class RequirementKind(StrEnum):
    """What a role can require."""

    LEVEL = "level"
    SCOPE = "scope"
    QUALIFICATION = "qualification"
    COMPETENCE = "competence"


class RequirementStatus(StrEnum):
    """Whether a source requires it, or somebody has only proposed that it be required."""

    REQUIRED = "required"
    PROPOSED = "proposed"


class MoveKind(StrEnum):
    """Upwards, or from one kind of work to another."""

    VERTICAL = "vertical"
    HORIZONTAL = "horizontal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """One thing that a role requires; of ``levels``, by framework, one framework is enough."""

    kind: RequirementKind
    status: RequirementStatus
    source: str
    levels: tuple[tuple[str, frozenset[str]], ...] = ()
    scope: Scope | None = None
    qualification: str | None = None
    suite: str | None = None
    standard: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A role with what is known of its requirements, and in words what is not."""

    code: str
    title: str
    requirements: tuple[Requirement, ...]
    unknown: tuple[str, ...]


def version_on(versions: Iterable[Mapping[str, Any]], day: date) -> Mapping[str, Any]:
    """Return the version that holds on a day: the last adopted one that has begun and not ended."""
    holding = [each for each in versions if each["status"] == "adopted" and _holds(each, day)]
    if not holding:
        raise NoFrameworkInForce
    return max(holding, key=lambda each: str(each["effective_from"]))


def version_named(versions: Iterable[Mapping[str, Any]], code: str) -> Mapping[str, Any]:
    """Return the version of a code."""
    for each in versions:
        if each["code"] == code:
            return each
    raise NoSuchFramework(version=code)


def role_body(document: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    """Return a role of a version as it is written down."""
    for each in document["roles"]:
        if each["code"] == code:
            found: Mapping[str, Any] = each
            return found
    raise NoSuchRole(version=document["code"], role=code)


def role_of(document: Mapping[str, Any], code: str) -> Role:
    """Return a role of a version, for the rules to judge."""
    body = role_body(document, code)
    return Role(
        code=body["code"],
        title=body["title"],
        requirements=tuple(_requirement(each) for each in body["requirements"]),
        unknown=tuple(body["unknown"]),
    )


def moves(
    document: Mapping[str, Any],
    *,
    start: str | None = None,
    end: str | None = None,
    kind: MoveKind | None = None,
) -> Sequence[Mapping[str, Any]]:
    """Return the moves of a version that begin at, end at, or are of what is asked for."""
    return [
        each
        for each in document["moves"]
        if start in (None, each["from"]) and end in (None, each["to"]) and kind in (None, each["kind"])
    ]


def pathways(document: Mapping[str, Any], role: str) -> Sequence[Mapping[str, Any]]:
    """Return the pathways of specialisms that lead from a role or to it."""
    return [each for each in document["pathways"] if role in (each["from"], each["to"])]


def _holds(version: Mapping[str, Any], day: date) -> bool:
    first, last = version["effective_from"], version["effective_to"]
    return (
        first is not None
        and date.fromisoformat(first) <= day
        and (last is None or day <= date.fromisoformat(last))
    )


def _requirement(body: Mapping[str, Any]) -> Requirement:
    return Requirement(
        kind=RequirementKind(body["kind"]),
        status=RequirementStatus(body["status"]),
        source=body["source"]["ref"],
        levels=tuple((each["framework"], frozenset(each["levels"])) for each in body["levels"]),
        scope=None if body["scope"] is None else Scope(body["scope"]),
        qualification=body["qualification"],
        suite=body["suite"],
        standard=body["standard"],
    )
