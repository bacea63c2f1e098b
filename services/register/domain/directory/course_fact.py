"""What statements come to for one course: facts by which courses are searched."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.register.domain.directory.edition import Edition, Statement
from services.register.domain.directory.vocabulary import (
    TAUGHT_MODELS,
    Availability,
    ContentCoverage,
    DeliveryModel,
    EntryRequirement,
    Fit,
    StatementBasis,
    StatementKind,
)

BEST, SECOND = 0, 1
NEEDED, NOT_NEEDED = "needed", "not_needed"


class FactKind(StrEnum):
    """What a course can be searched by."""

    DELIVERY = "delivery"
    AVAILABILITY = "availability"
    DEGREE = "degree"
    CONTENT = "content"
    SETTING = "setting"
    AUDIENCE = "audience"


CLOSED = frozenset({FactKind.DELIVERY, FactKind.AVAILABILITY, FactKind.DEGREE})
"""The kinds of which a source that says anything says all: a course that is work-based is not by e-learning.

Of the others silence means nothing: a course made for careers co-ordinators may take youth workers.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseFact:
    """One fact of a course.

    ``closeness`` is 0 where it is the very thing and 1 where it will do; a fact that does not hold denies.
    One that is not firm leaves open what else may be: its source speaks of the awarding body.
    """

    course: str
    kind: FactKind
    value: str
    region: str | None = None
    closeness: int = BEST
    holds: bool = True
    firm: bool = True


def facts_of(edition: Edition) -> frozenset[CourseFact]:
    """Return the facts of every course of an edition, those that are stated twice once."""
    return frozenset(
        fact
        for statement in edition.statements
        for course in statement.courses
        for fact in _of(statement, course)
    )


def _of(statement: Statement, course: str) -> Iterator[CourseFact]:
    body = statement.body
    if statement.kind is StatementKind.DELIVERY:
        yield from _delivery(course, DeliveryModel(body["model"]), StatementBasis(body["basis"]))
    elif statement.kind is StatementKind.AVAILABILITY:
        yield _availability(course, Availability(body["how"]), body["region"])
    elif statement.kind is StatementKind.ENTRY:
        yield from _degree(course, frozenset(body["one_of"]))
    elif statement.kind is StatementKind.CONTENT:
        yield from _content(course, ContentCoverage(body["coverage"]), body["elements"])
    elif statement.kind is StatementKind.SETTING:
        yield from _fitting(course, FactKind.SETTING, Fit(body["fit"]), body["settings"])
    elif statement.kind is StatementKind.AUDIENCE:
        yield from _fitting(course, FactKind.AUDIENCE, Fit(body["fit"]), body["audiences"])


def _delivery(course: str, model: DeliveryModel, basis: StatementBasis) -> Iterator[CourseFact]:
    firm = basis is not StatementBasis.OF_PROVIDER
    values = {model, DeliveryModel.TAUGHT} if model in TAUGHT_MODELS else {model}
    for value in values:
        yield CourseFact(
            course=course,
            kind=FactKind.DELIVERY,
            value=value,
            closeness=BEST if firm else SECOND,
            firm=firm,
        )


def _availability(course: str, how: Availability, region: str | None) -> CourseFact:
    closeness = SECOND if region is None else BEST
    return CourseFact(
        course=course, kind=FactKind.AVAILABILITY, value=how, region=region, closeness=closeness
    )


def _degree(course: str, one_of: frozenset[str]) -> Iterator[CourseFact]:
    """Say whether a degree is needed, where every requirement that may be meant agrees on it."""
    if EntryRequirement.DEGREE not in one_of:
        yield CourseFact(course=course, kind=FactKind.DEGREE, value=NOT_NEEDED)
    elif one_of == {EntryRequirement.DEGREE}:
        yield CourseFact(course=course, kind=FactKind.DEGREE, value=NEEDED)


def _content(course: str, coverage: ContentCoverage, elements: list[str]) -> Iterator[CourseFact]:
    for element in elements:
        yield CourseFact(
            course=course,
            kind=FactKind.CONTENT,
            value=element,
            closeness=BEST if coverage is ContentCoverage.COVERED else SECOND,
            holds=coverage is not ContentCoverage.NOT_COVERED,
        )


def _fitting(course: str, kind: FactKind, fit: Fit, values: list[str]) -> Iterator[CourseFact]:
    closeness = BEST if fit is Fit.DESIGNED_FOR else SECOND
    for value in values:
        yield CourseFact(course=course, kind=kind, value=value, closeness=closeness)
