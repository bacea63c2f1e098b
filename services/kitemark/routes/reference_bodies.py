"""Reference data as it is listed, each entry with where it comes from."""

from datetime import date
from typing import Generic, TypeVar

from pydantic import BaseModel

from services.kitemark.domain.awards.mark import Lapse
from services.kitemark.domain.awards.scheme import Reach

Item = TypeVar("Item")


class ListOut(BaseModel, Generic[Item]):
    """A page of a list, and the cursor of the next one where there is one."""

    items: list[Item]
    next: str | None


class Provenance(BaseModel):
    """Where an entry comes from: tags of `GET /v1/sources`, and what has to be said of them."""

    ref: str
    note: str | None = None


class SourceOut(BaseModel):
    """A document that reference data were taken from."""

    code: str
    title: str
    address: str | None


class Titled(BaseModel):
    """An entry with a title, its days, both included and null where not known, and its provenance."""

    code: str
    title: str
    effective_from: date | None
    effective_to: date | None
    source: Provenance


class BodyOut(Titled):
    """A body that gives awards, or keeps a scheme; `area` null is not known."""

    area: str | None


class StageOut(BaseModel):
    """A stage of a ladder, and what it means for the mark; null is not known."""

    code: str
    title: str
    reach: Reach | None


class SchemeOut(Titled):
    """A scheme of awards. `validity_years` null is not known, or the body's choice; the notes say which.

    `verified` says whether the scheme is one that sources name, and not one of the sample.
    """

    body: str
    owner: str
    ladder: list[StageOut]
    ladder_note: str | None
    validity_years: int | None
    validity_note: str | None
    verified: bool


class CriterionOut(BaseModel):
    """A national criterion."""

    code: str
    title: str


class CriteriaVersionOut(Titled):
    """An edition of the national criteria; `complete` says whether all of it is listed."""

    criteria: list[CriterionOut]
    complete: bool


class MarkPolicyOut(Titled):
    """A version of the rule for awards whose scheme or body lapses.

    `follows` are the kinds of link by which an award goes over into the school that replaces another.
    """

    lapse: Lapse
    follows: list[str]


class PolicingPolicyOut(Titled):
    """A version of the terms of policing; shares as decimal texts, days are calendar days."""

    sample_share: str
    sample_least: int
    period_days: int
    freeze_minutes_before: int
    response_days: int
    acknowledge_days: int
    answer_days: int
    confidence: str
    least_count: int
    reassessment_years: int


class BodyTieOut(Titled):
    """Two bodies that may not judge one another, beside what their schemes tie together."""

    one: str
    other: str
