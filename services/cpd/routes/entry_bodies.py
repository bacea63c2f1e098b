"""Entries of the log as they are sent and as they are answered."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, SkipValidation, ValidationError

from services.cpd.domain.entry import Entry, EntryStatus
from services.cpd.operations.entries import Item, Result, SeenEntry, Written
from services.cpd.routes.fields import Body, Code, Day, EntryId, Hours, Line, NumberText, Sentence
from shared.errors import FieldError, Refusal
from shared.openapi import FieldProblem
from shared.problems import InputNotValid

MOST_ITEMS = 200

Title = Annotated[Line, Field(min_length=1)]
Codes = Annotated[list[Code], Field(default_factory=list, max_length=30)]
Text = Annotated[Sentence, Field(min_length=1)]


class EntryIn(Body):
    """What was done or is planned. Without `started_on` it was one day's work; both days are included.

    In order to count it states a learning outcome, names a competence standard and has a reflection.
    """

    number: NumberText
    status: Annotated[str, Field(pattern="^(planned|done)$")] = "done"
    title: Title
    kind: Code
    started_on: Day | None = None
    done_on: Day
    hours: Hours
    provider: Line | None = None
    approaches: Codes
    outcomes: Annotated[list[Text], Field(default_factory=list, max_length=20)]
    standards: Codes
    specialisms: Codes
    reflection: Text | None = None
    effect: Text | None = None

    def told(self) -> Entry:
        """Return the entry as it is told; a code named twice is named once."""
        return Entry(
            number=self.number,
            status=EntryStatus(self.status),
            title=self.title,
            kind=self.kind,
            started_on=self.started_on or self.done_on,
            done_on=self.done_on,
            hours=self.hours,
            provider=self.provider,
            approaches=tuple(dict.fromkeys(self.approaches)),
            outcomes=tuple(dict.fromkeys(self.outcomes)),
            standards=tuple(dict.fromkeys(self.standards)),
            specialisms=tuple(dict.fromkeys(self.specialisms)),
            reflection=self.reflection,
            effect=self.effect,
        )


class EntryItemIn(EntryIn):
    """An entry of a batch, with the association's own id."""

    entry_id: EntryId


class EntryOut(BaseModel):
    """An entry as its association reads it back; `known_from` is when this version began to be known."""

    id: int
    association: str
    entry_id: str
    number: str
    status: EntryStatus
    title: str
    kind: str
    started_on: date
    done_on: date
    hours: float
    provider: str | None
    approaches: tuple[str, ...]
    outcomes: tuple[str, ...]
    standards: tuple[str, ...]
    specialisms: tuple[str, ...]
    reflection: str | None
    effect: str | None
    void_reason: str | None
    known_from: datetime

    @classmethod
    def of(cls, held: SeenEntry) -> "EntryOut":
        """Return the entry as it is shown."""
        entry = held.entry
        return cls(
            id=held.id,
            association=held.association,
            entry_id=held.entry_id,
            number=entry.number,
            status=entry.status,
            title=entry.title,
            kind=entry.kind,
            started_on=entry.started_on,
            done_on=entry.done_on,
            hours=float(entry.hours),
            provider=entry.provider,
            approaches=entry.approaches,
            outcomes=entry.outcomes,
            standards=entry.standards,
            specialisms=entry.specialisms,
            reflection=entry.reflection,
            effect=entry.effect,
            void_reason=held.void_reason,
            known_from=held.known_from,
        )


class EntryPage(BaseModel):
    """Some entries, and the cursor of the next page."""

    items: list[EntryOut]
    next: str | None


class EntryVersions(BaseModel):
    """Every version of an entry, oldest first."""

    items: list[EntryOut]


class VoidingIn(Body):
    """Why an entry is voided."""

    reason: Text


class EntryBatchIn(Body):
    """Entries to bring up to what is told, each as in the upsert of one with `entry_id` beside it."""

    items: Annotated[list[SkipValidation[EntryItemIn]], Field(min_length=1, max_length=MOST_ITEMS)]

    def read(self) -> list[Item]:
        """Return every item, each read by itself."""
        return [item(each) for each in self.items]


class EntryProblem(BaseModel):
    """Why an item was refused."""

    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []


class EntryItemOut(BaseModel):
    """What one item came to: 201 new, 200 known, or the status of its problem."""

    entry_id: str
    status: int
    id: int | None
    changed: bool
    problem: EntryProblem | None


class EntryBatchOut(BaseModel):
    """One result for each item, in order."""

    results: list[EntryItemOut]

    @classmethod
    def of(cls, results: list[Result]) -> "EntryBatchOut":
        """Return the results as they are answered."""
        return cls(results=[_result(each) for each in results])


def item(given: Any, *, entry_id: str = "") -> Item:
    """Read one item by itself, so that a slip in one does not refuse the others.

    ``entry_id`` is by which id it is told where its own cannot be read.
    """
    named = given.get("entry_id") if isinstance(given, dict) else None
    entry_id = named if isinstance(named, str) else entry_id
    try:
        read = EntryItemIn.model_validate(given)
    except ValidationError as fault:
        errors = [
            FieldError("/" + "/".join(map(str, each["loc"])), each["type"].replace("_", "-"), each["msg"])
            for each in fault.errors()
        ]
        return Item(entry_id=entry_id[:64], entry=InputNotValid(errors=errors))
    return Item(entry_id=read.entry_id, entry=read.told())


def _result(result: Result) -> EntryItemOut:
    outcome = result.outcome
    if isinstance(outcome, Written):
        return EntryItemOut(
            entry_id=result.entry_id,
            status=201 if outcome.created else 200,
            id=outcome.held.id,
            changed=outcome.changed,
            problem=None,
        )
    return EntryItemOut(
        entry_id=result.entry_id, status=outcome.status, id=None, changed=False, problem=problem(outcome)
    )


def problem(refusal: Refusal) -> EntryProblem:
    """Return a refusal as the answer for one item shows it."""
    return EntryProblem(
        status=refusal.status,
        code=refusal.code,
        detail=refusal.detail,
        errors=[
            FieldProblem(pointer=each.pointer, code=each.code, detail=each.detail) for each in refusal.errors
        ],
    )
