"""Courses and awarding bodies as the directory shows them, every fact with its source."""

from typing import Any

from pydantic import BaseModel, Field

from services.register.domain.directory.vocabulary import BodyKind, CourseStatus
from services.register.operations.directory.courses import SeenCourse
from services.register.routes.directory.edition_bodies import Award, AwardingBody
from services.register.routes.directory.statement_bodies import Provenance, Statement


class CourseOut(BaseModel):
    """A course with all that the edition states of it, in the order in which it is stated.

    `statements` has one shape for each `kind`; of a kind that is not there no source says anything.
    `unknown` names what was searched for and no source says of this course; it is empty where all matches.
    """

    code: str
    edition: str
    title: str
    awarding_body: AwardingBody
    awards: list[Award]
    status: CourseStatus
    since: str | None
    until: str | None
    note: str | None
    source: Provenance
    statements: list[Statement]
    unknown: list[str] = Field(default_factory=list)

    @classmethod
    def of(cls, edition: str, seen: SeenCourse, unknown: tuple[str, ...] = ()) -> "CourseOut":
        """Return the course as it is shown."""
        return cls.model_validate(
            {
                **seen.body,
                "edition": edition,
                "awarding_body": seen.awarding_body,
                # Which others a statement is about stands in `GET /v1/directory/statements`.
                "statements": [{**each, "courses": [seen.code]} for each in seen.statements],
                "unknown": unknown,
            }
        )


class CoursePage(BaseModel):
    """Courses of an edition, nearest first.

    `possible` counts the courses that may match, and no source says so: `possible=true` lists them too.
    """

    edition: str
    items: list[CourseOut]
    possible: int
    next: str | None


class AwardingBodyOut(BaseModel):
    """An awarding body with the codes of its courses."""

    code: str
    title: str
    kind: BodyKind
    region: str | None
    basis: str
    note: str | None
    source: Provenance
    courses: list[str]

    @classmethod
    def of(cls, body: Any, courses: Any) -> "AwardingBodyOut":
        """Return the awarding body as it is shown."""
        return cls.model_validate({**body, "courses": courses})


class AwardingBodyPage(BaseModel):
    """Awarding bodies of an edition, in its order."""

    edition: str
    items: list[AwardingBodyOut]
    next: str | None
