"""Awards as they are sent and shown."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, SkipValidation, StringConstraints, ValidationError

from services.kitemark.domain.awards.award import Award
from services.kitemark.operations.awards.awards import Item, Result, SeenAward, Told, Written
from services.kitemark.routes.fields import Body, Code, Day, ExternalId, Line, Sentence
from shared.errors import FieldError, Refusal
from shared.openapi import FieldProblem
from shared.problems import InputNotValid

MOST_ITEMS = 200
SchoolText = Annotated[str, StringConstraints(min_length=1, max_length=20)]


class AwardIn(Body):
    """An award that was given. Without `valid_to` the scheme's own period holds, where one is known."""

    school: SchoolText
    scheme: Code
    stage: Code
    valid_from: Day
    valid_to: Day | None = None
    criteria_version: Code | None = None
    certificate: Line | None = None
    assessor: Line | None = None
    evidence: Line | None = None
    reassessment_of: ExternalId | None = None

    def told(self, external_id: str) -> Told:
        """Return what is told."""
        return Told(external_id=external_id, **{name: getattr(self, name) for name in AwardIn.model_fields})


class AwardItemIn(AwardIn):
    """An award in a batch, with the body's own id beside it."""

    award_id: ExternalId


class AwardBatchIn(Body):
    """Awards to bring up to what is told, each as in the upsert of one with `award_id` beside it."""

    items: Annotated[list[SkipValidation[AwardItemIn]], Field(min_length=1, max_length=MOST_ITEMS)]

    def read(self) -> list[Item]:
        """Return every item, each read by itself."""
        return [item(each) for each in self.items]


class WithdrawalIn(Body):
    """Why an award is withdrawn, and from which day on; today where none is said."""

    reason: Sentence
    withdrawn_on: Day | None = None


class AwardOut(BaseModel):
    """An award as it is known; the days are both included."""

    body: str
    award_id: str
    school: str
    scheme: str
    stage: str
    valid_from: date
    valid_to: date
    criteria_version: str | None
    certificate: str | None
    assessor: str | None
    evidence: str | None
    reassessment_of: str | None
    withdrawn_on: date | None
    withdrawn_reason: str | None

    @classmethod
    def of(cls, award: Award) -> "AwardOut":
        """Return the award as it is shown."""
        same = {name: getattr(award, name) for name in cls.model_fields if name != "award_id"}
        return cls(award_id=award.external_id, **same)


class HeldAwardOut(AwardOut):
    """An award with the instant from which this version of it was known."""

    known_from: datetime

    @classmethod
    def held(cls, held: SeenAward) -> "HeldAwardOut":
        """Return the version as it is shown."""
        return cls(known_from=held.known_from, **AwardOut.of(held.award).model_dump())


class AwardVersions(BaseModel):
    """Every version of an award, the oldest first."""

    items: list[HeldAwardOut]


class AwardPage(BaseModel):
    """Some awards, and the cursor of the next page."""

    items: list[AwardOut]
    next: str | None


class ProblemOut(BaseModel):
    """Why an item was refused."""

    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []

    @classmethod
    def of(cls, refusal: Refusal) -> "ProblemOut":
        """Return the refusal as it is shown."""
        errors = [FieldProblem(pointer=e.pointer, code=e.code, detail=e.detail) for e in refusal.errors]
        return cls(status=refusal.status, code=refusal.code, detail=refusal.detail, errors=errors)


class AwardItemOut(BaseModel):
    """What one item came to: 201 new, 200 known, or the status of its problem."""

    award_id: str
    status: int
    changed: bool
    problem: ProblemOut | None


class AwardBatchOut(BaseModel):
    """One result for each item, in order."""

    results: list[AwardItemOut]

    @classmethod
    def of(cls, results: list[Result]) -> "AwardBatchOut":
        """Return the results as they are answered."""
        return cls(results=[_result(each) for each in results])


def item(given: Any, *, award_id: str = "") -> Item:
    """Read one item by itself, so that a slip in one does not refuse the others.

    ``award_id`` is by which id it is told where its own cannot be read.
    """
    named = given.get("award_id") if isinstance(given, dict) else None
    award_id = named if isinstance(named, str) else award_id
    try:
        read = AwardItemIn.model_validate(given)
    except ValidationError as fault:
        errors = [
            FieldError("/" + "/".join(map(str, each["loc"])), each["type"].replace("_", "-"), each["msg"])
            for each in fault.errors()
        ]
        return Item(external_id=award_id[:64], told=InputNotValid(errors=errors))
    return Item(external_id=read.award_id, told=read.told(read.award_id))


def _result(result: Result) -> AwardItemOut:
    outcome = result.outcome
    if isinstance(outcome, Written):
        status = 201 if outcome.created else 200
        return AwardItemOut(award_id=result.external_id, status=status, changed=outcome.changed, problem=None)
    return AwardItemOut(
        award_id=result.external_id, status=outcome.status, changed=False, problem=ProblemOut.of(outcome)
    )
