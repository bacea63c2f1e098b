"""Credit as it is sent and shown."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, SkipValidation, ValidationError

from services.cpd.domain.credits.credit import CreditSource, Told
from services.cpd.operations.credits.bank import Item, Result, SeenCredit, Written
from services.cpd.routes.credits.module_bodies import Version
from services.cpd.routes.entry_bodies import MOST_ITEMS, EntryProblem, problem
from services.cpd.routes.fields import Body, Code, Day, EntryId, Line, NumberText, Sentence
from shared.errors import FieldError
from shared.problems import InputNotValid


class CreditIn(Body):
    """Credit that a member was awarded for a module, named by association and id such as `ICG/M-1`.

    Its credits, level and awarding body are those of the module's version on the day on which it is told.
    """

    number: NumberText
    module: Code
    module_version: Version
    awarded_on: Day
    reference: Annotated[Line, Field(min_length=1)] | None = None

    def told(self) -> Told:
        """Return the credit as it is told."""
        return Told(
            number=self.number,
            module=self.module,
            module_version=self.module_version,
            awarded_on=self.awarded_on,
            reference=self.reference,
        )


class CreditItemIn(CreditIn):
    """Credit of a batch, with the association's own id."""

    credit_id: EntryId


class CreditOut(BaseModel):
    """Credit on a day. `expires_on` is the first day on which it counts no more; null is never.

    `credit_id`, `reference` and `void_reason` are shown to the association that told it, and to those who
    speak for none.
    """

    id: int
    association: str
    credit_id: str | None
    recognition_id: int | None
    source: CreditSource
    number: str
    module: str
    module_version: str
    framework: str
    level: str
    credits: int
    awarding_body: str
    awarded_on: date
    expires_on: date | None
    counts: bool
    reference: str | None
    void_reason: str | None
    known_from: datetime

    @classmethod
    def of(cls, seen: SeenCredit) -> "CreditOut":
        """Return the credit as it is shown."""
        held, credit = seen.held, seen.held.credit
        return cls(
            id=held.id,
            association=held.association,
            credit_id=held.credit_id if seen.own else None,
            recognition_id=held.recognition,
            source=credit.source,
            number=credit.number,
            module=credit.module,
            module_version=credit.module_version,
            framework=credit.value.framework,
            level=credit.value.level,
            credits=credit.value.credits,
            awarding_body=credit.awarding_body,
            awarded_on=credit.awarded_on,
            expires_on=held.expires_on,
            counts=seen.counts,
            reference=credit.reference if seen.own else None,
            void_reason=held.void_reason if seen.own else None,
            known_from=held.known_from,
        )


class CreditPage(BaseModel):
    """Some credit, and the cursor of the next page."""

    items: list[CreditOut]
    next: str | None


class CreditVersions(BaseModel):
    """Every version of credit, the oldest first."""

    items: list[CreditOut]


class CreditVoidingIn(Body):
    """Why credit is voided."""

    reason: Annotated[Sentence, Field(min_length=1)]


class CreditBatchIn(Body):
    """Credit to bring up to what is told, each as in the upsert of one with `credit_id` beside it."""

    items: Annotated[list[SkipValidation[CreditItemIn]], Field(min_length=1, max_length=MOST_ITEMS)]

    def read(self) -> list[Item]:
        """Return every item, each read by itself, so that a slip in one does not refuse the others."""
        return [_item(each) for each in self.items]


class CreditItemOut(BaseModel):
    """What one item came to: 201 new, 200 known, or the status of its problem."""

    credit_id: str
    status: int
    id: int | None
    changed: bool
    problem: EntryProblem | None


class CreditBatchOut(BaseModel):
    """One result for each item, in order."""

    results: list[CreditItemOut]

    @classmethod
    def of(cls, results: list[Result]) -> "CreditBatchOut":
        """Return the results as they are answered."""
        return cls(results=[_result(each) for each in results])


def _item(given: Any) -> Item:
    named = given.get("credit_id") if isinstance(given, dict) else None
    try:
        read = CreditItemIn.model_validate(given)
    except ValidationError as fault:
        errors = [
            FieldError("/" + "/".join(map(str, each["loc"])), each["type"].replace("_", "-"), each["msg"])
            for each in fault.errors()
        ]
        own_id = named[:64] if isinstance(named, str) else ""
        return Item(credit_id=own_id, credit=InputNotValid(errors=errors))
    return Item(credit_id=read.credit_id, credit=read.told())


def _result(result: Result) -> CreditItemOut:
    outcome = result.outcome
    if isinstance(outcome, Written):
        return CreditItemOut(
            credit_id=result.credit_id,
            status=201 if outcome.created else 200,
            id=outcome.seen.held.id,
            changed=outcome.changed,
            problem=None,
        )
    return CreditItemOut(
        credit_id=result.credit_id, status=outcome.status, id=None, changed=False, problem=problem(outcome)
    )
