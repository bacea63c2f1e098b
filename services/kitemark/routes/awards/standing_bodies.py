"""Validations and authorities as they are sent and shown."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from services.kitemark.domain.awards.mark import Span
from services.kitemark.operations.awards.standings import NewSpan, SeenSpan
from services.kitemark.routes.fields import Body, Code, Day, Line


class SpanIn(Body):
    """Days on which a scheme is validated; `conditions` each say what is to be done by when."""

    scheme: Code
    valid_from: Day
    valid_to: Day | None = None
    conditions: Annotated[list[Line], Field(default_factory=list, max_length=50)]
    source: Annotated[Line, Field(min_length=1)]

    def wanted(self) -> NewSpan:
        """Return the validation that is recorded."""
        decision = "validated_with_conditions" if self.conditions else "validated"
        return NewSpan(
            scheme=self.scheme,
            body=None,
            first=self.valid_from,
            last=self.valid_to,
            decision=decision,
            conditions=self.conditions,
            source=self.source,
        )


class AuthorityIn(Body):
    """Days on which a body may give the awards of a scheme; `source` says what that rests on."""

    body: Code
    scheme: Code
    valid_from: Day
    valid_to: Day | None = None
    source: Annotated[Line, Field(min_length=1)]

    def wanted(self) -> NewSpan:
        """Return the authority that is recorded."""
        return NewSpan(
            scheme=self.scheme,
            body=self.body,
            first=self.valid_from,
            last=self.valid_to,
            decision="licence",
            conditions=(),
            source=self.source,
        )


class AnnulmentIn(Body):
    """Why it never held, such as that it was withdrawn on its very first day."""

    reason: Annotated[Line, Field(min_length=1)]


class EndingIn(Body):
    """The last day on which it holds; today where none is said."""

    last_day: Day | None = None


class SpanOut(BaseModel):
    """A validation of a scheme, or with `body` an authority for it; `valid_to` null is without end."""

    id: int
    scheme: str
    body: str | None
    valid_from: date
    valid_to: date | None
    source: str

    @classmethod
    def of(cls, span: Span) -> "SpanOut":
        """Return the days as they are shown."""
        return cls(
            id=span.fact_id,
            scheme=span.scheme,
            body=span.body,
            valid_from=span.first,
            valid_to=span.last,
            source=span.source,
        )


class HeldSpanOut(SpanOut):
    """A validation or an authority with what was decided and by whom."""

    decision: str
    conditions: list[str]
    decided_by: str

    @classmethod
    def held(cls, held: SeenSpan) -> "HeldSpanOut":
        """Return it as it is shown."""
        return cls(
            decision=held.decision,
            conditions=list(held.conditions),
            decided_by=held.decided_by,
            **SpanOut.of(held.span).model_dump(),
        )


class SpansOut(BaseModel):
    """All of them, by scheme or body."""

    items: list[HeldSpanOut]
