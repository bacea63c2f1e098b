"""Accreditations sent in a batch, each item read and answered by itself."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, SkipValidation, StrictBool, ValidationError

from services.kitemark.operations.providers.accreditations import Item, Result
from services.kitemark.routes.fields import Body, Code, ExternalId
from services.kitemark.routes.providers.bodies import AccreditationIn
from shared.errors import FieldError, Refusal
from shared.openapi import FieldProblem
from shared.problems import InputNotValid

MOST_ITEMS = 200


class AccreditationItemIn(AccreditationIn):
    """An item of a batch, with the keeper's own id."""

    accreditation_id: ExternalId


class AccreditationBatchIn(Body):
    """Accreditations of one keeper, each as in the upsert of one with `accreditation_id` beside it."""

    keeper: Code
    all_or_nothing: StrictBool = False
    items: Annotated[list[SkipValidation[AccreditationItemIn]], Field(min_length=1, max_length=MOST_ITEMS)]

    def read(self) -> list[Item]:
        """Return every item, each read by itself."""
        return [_item(each) for each in self.items]


class ItemProblem(BaseModel):
    """Why an item was refused."""

    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []

    @classmethod
    def of(cls, refusal: Refusal) -> "ItemProblem":
        """Return the refusal as an item of a batch shows it."""
        return cls(
            status=refusal.status,
            code=refusal.code,
            detail=refusal.detail,
            errors=[
                FieldProblem(pointer=each.pointer, code=each.code, detail=each.detail)
                for each in refusal.errors
            ],
        )


class AccreditationItemOut(BaseModel):
    """What one item came to: 201 new, 200 known, or the status of its problem."""

    accreditation_id: str
    status: int
    changed: bool
    problem: ItemProblem | None


class AccreditationBatchOut(BaseModel):
    """One result for each item, in order."""

    results: list[AccreditationItemOut]

    @classmethod
    def of(cls, results: list[Result]) -> "AccreditationBatchOut":
        """Return the results as they are answered."""
        return cls(results=[_result(each) for each in results])


def _item(given: Any) -> Item:
    """Read one item by itself, so that a slip in one does not refuse the others."""
    named = given.get("accreditation_id") if isinstance(given, dict) else None
    own_id = named if isinstance(named, str) else ""
    try:
        read = AccreditationItemIn.model_validate(given)
    except ValidationError as fault:
        errors = [
            FieldError("/" + "/".join(map(str, each["loc"])), each["type"].replace("_", "-"), each["msg"])
            for each in fault.errors()
        ]
        return Item(own_id=own_id[:64], told=InputNotValid(errors=errors))
    return Item(own_id=read.accreditation_id, told=read.told())


def _result(result: Result) -> AccreditationItemOut:
    outcome = result.outcome
    if isinstance(outcome, Refusal):
        return AccreditationItemOut(
            accreditation_id=result.own_id,
            status=outcome.status,
            changed=False,
            problem=ItemProblem.of(outcome),
        )
    status = 201 if outcome.created else 200
    return AccreditationItemOut(
        accreditation_id=result.own_id, status=status, changed=outcome.changed, problem=None
    )
