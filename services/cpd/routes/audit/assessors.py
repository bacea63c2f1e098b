"""Assessors and their conflicts over HTTP."""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, Field

from services.cpd.domain.audit.assigning import Assessor
from services.cpd.operations.audit import assessors
from services.cpd.operations.audit.assessors import NewConflict
from services.cpd.routes.fields import Body, Code, Line, NumberText, Sentence
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, said

router = guarded_router("assessors")
AUDITOR = needs("cpd:audit")
Subject = Annotated[Line, Field(min_length=1)]


class AssessorIn(Body):
    """Somebody who assesses, by the subject of their access token."""

    subject: Subject
    association: Code | None = None
    number: NumberText | None = None


class ConflictIn(Body):
    """What stands between an assessor and one person, or everybody of an association."""

    subject: Subject
    association: Code | None = None
    number: NumberText | None = None
    nature: Annotated[Sentence, Field(min_length=1)]


class AssessorOut(BaseModel):
    """An assessor, whose cases they may not have, and how many they have to find in."""

    subject: str
    not_of_associations: list[str]
    not_of_numbers: list[str]
    open_cases: int

    @classmethod
    def of(cls, assessor: Assessor) -> "AssessorOut":
        """Return the assessor as it is shown."""
        return cls(
            subject=assessor.subject,
            not_of_associations=sorted(assessor.associations),
            not_of_numbers=sorted(assessor.numbers),
            open_cases=assessor.open_cases,
        )


class AssessorList(BaseModel):
    """Everybody who assesses."""

    items: list[AssessorOut]


@router.post(
    "/v1/audit-assessors",
    operation_id="nameAssessor",
    status_code=201,
    response_model=AssessorOut,
    openapi_extra=AUDITOR,
)
async def name_assessor(body: AssessorIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Name an assessor; whoever belongs to an association is never given a case of its members."""
    once = maker.rendering(AssessorOut.of)
    await assessors.name(
        db,
        once,
        subject=body.subject,
        association=body.association,
        number=body.number,
        actor=who,
        now=now,
    )
    return said(once)


@router.get(
    "/v1/audit-assessors",
    operation_id="listAssessors",
    response_model=AssessorList,
    openapi_extra=AUDITOR,
)
async def list_assessors(db: Db, who: Who) -> AssessorList:
    """List everybody who assesses, with their conflicts and their open cases."""
    return AssessorList(items=[AssessorOut.of(each) for each in await assessors.every(db, actor=who)])


@router.post(
    "/v1/audit-conflicts",
    operation_id="declareConflict",
    status_code=201,
    response_model=AssessorOut,
    openapi_extra=AUDITOR,
)
async def declare_conflict(body: ConflictIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Record a conflict of interest of an assessor."""
    once = maker.rendering(AssessorOut.of)
    conflict = NewConflict(
        subject=body.subject, association=body.association, number=body.number, nature=body.nature
    )
    await assessors.declare(db, once, conflict=conflict, actor=who, now=now)
    return said(once)
