"""An edition of the directory: awarding bodies, courses with their awards, and what sources state of them.

A statement is about one course, about several, about awarding bodies, or about the directory as a whole: as
its source speaks. So nothing is said of a course that its source says only of some.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.register.domain.directory.vocabulary import (
    BodyKind,
    CourseStatus,
    StatementKind,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AwardingBody:
    """An organisation that awards; a body without a region is national, or its place is not stated."""

    code: str
    kind: BodyKind
    region: str | None
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Award:
    """What a course can end with; a level stands in its framework or not at all."""

    title: str
    framework: str | None
    level: str | None
    level_note: str | None
    qualification: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """A titled course of one awarding body, with at least one award."""

    code: str
    awarding_body: str
    title: str
    status: CourseStatus
    awards: tuple[Award, ...]
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One thing that a source states, of these courses and bodies, or of the directory where there are none.

    ``body`` is the statement as it was sent, with the fields that its kind has.
    """

    kind: StatementKind
    courses: tuple[str, ...]
    awarding_bodies: tuple[str, ...]
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One edition: its code, the month in which it was published, and all that it holds."""

    code: str
    title: str
    revision: int
    published_in: date
    awarding_bodies: tuple[AwardingBody, ...]
    courses: tuple[Course, ...]
    statements: tuple[Statement, ...]
    document: Mapping[str, Any]


def parse_edition(document: Mapping[str, Any]) -> Edition:
    """Return the edition that a document of the right shape describes; its month is written as 2008-09."""
    return Edition(
        code=document["code"],
        title=document["title"],
        revision=document["revision"],
        published_in=month(document["published_in"]),
        awarding_bodies=tuple(_body(each) for each in document["awarding_bodies"]),
        courses=tuple(_course(each) for each in document["courses"]),
        statements=tuple(statement(each) for each in document["statements"]),
        document=document,
    )


def statement(body: Mapping[str, Any]) -> Statement:
    """Return the statement that its JSON describes."""
    return Statement(
        kind=StatementKind(body["kind"]),
        courses=tuple(body["courses"]),
        awarding_bodies=tuple(body["awarding_bodies"]),
        body=body,
    )


def month(text: str) -> date:
    """Return the first day of a month written as 2008-09."""
    return date.fromisoformat(f"{text}-01")


def based_on(
    document: Mapping[str, Any], *, code: str, revision: int, published_in: str
) -> Mapping[str, Any]:
    """Return the document of a next edition, which says what the last one said until somebody edits it."""
    return {**document, "code": code, "revision": revision, "published_in": published_in}


def _body(body: Mapping[str, Any]) -> AwardingBody:
    return AwardingBody(code=body["code"], kind=BodyKind(body["kind"]), region=body["region"], body=body)


def _course(body: Mapping[str, Any]) -> Course:
    return Course(
        code=body["code"],
        awarding_body=body["awarding_body"],
        title=body["title"],
        status=CourseStatus(body["status"]),
        awards=tuple(_award(each) for each in body["awards"]),
        body=body,
    )


def _award(body: Mapping[str, Any]) -> Award:
    names: Sequence[str] = ("title", "framework", "level", "level_note", "qualification")
    return Award(**{name: body[name] for name in names})
