"""Batches of members as they are sent and as they are answered."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, SkipValidation, StrictBool, ValidationError

from services.register.operations.member_batches import Item, Result
from services.register.routes.fields import Body
from services.register.routes.member_bodies import MemberItemIn
from shared.errors import FieldError, Refusal
from shared.openapi import FieldProblem
from shared.problems import InputNotValid

MOST_ITEMS = 200


class MemberBatchIn(Body):
    """Members to bring up to what is told, each as in the upsert of one."""

    items: Annotated[list[SkipValidation[MemberItemIn]], Field(min_length=1, max_length=MOST_ITEMS)]
    all_or_nothing: StrictBool = False

    def read(self) -> list[Item]:
        """Return every item, each read by itself."""
        return [_item(each) for each in self.items]


class ItemProblem(BaseModel):
    """Why an item was refused."""

    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []


class ItemOut(BaseModel):
    """What one item came to: 201 new, 200 known, or the status of its problem."""

    member_id: str | None
    status: int
    registration_number: str | None
    changed: bool
    problem: ItemProblem | None


class MemberBatchOut(BaseModel):
    """One result for each item, in order."""

    results: list[ItemOut]

    @classmethod
    def of(cls, results: list[Result]) -> "MemberBatchOut":
        """Return the results as they are answered."""
        return cls(results=[_result(each) for each in results])


def _item(given: Any) -> Item:
    """Read one item by itself, so that a slip in one does not refuse the others."""
    try:
        read = MemberItemIn.model_validate(given)
    except ValidationError as fault:
        return Item(member_id=_named(given), telling=InputNotValid(errors=_errors(fault)))
    return Item(member_id=read.member_id, telling=read.telling())


def _named(given: Any) -> str:
    name = given.get("member_id") if isinstance(given, dict) else None
    return name if isinstance(name, str) and name.isprintable() and len(name) <= 64 else ""


def _errors(fault: ValidationError) -> list[FieldError]:
    found = fault.errors(include_url=False, include_context=False, include_input=False)
    return [
        FieldError(
            "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error["loc"]),
            error["type"].replace("_", "-"),
            error["msg"],
        )
        for error in found
    ]


def _result(result: Result) -> ItemOut:
    outcome = result.outcome
    if isinstance(outcome, Refusal):
        errors = [FieldProblem(pointer=e.pointer, code=e.code, detail=e.detail) for e in outcome.errors]
        problem = ItemProblem(status=outcome.status, code=outcome.code, detail=outcome.detail, errors=errors)
        return ItemOut(
            member_id=result.member_id or None,
            status=outcome.status,
            registration_number=None,
            changed=False,
            problem=problem,
        )
    return ItemOut(
        member_id=result.member_id,
        status=201 if outcome.created else 200,
        registration_number=outcome.number,
        changed=outcome.changed,
        problem=None,
    )
