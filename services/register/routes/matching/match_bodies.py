"""The rows of a match as they are sent, and what is said of them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.register.domain.matching.scoring import Judged, MatchOutcome, MatchReason, SentField
from services.register.domain.verdict import VerdictCode
from services.register.operations.matching.matches import MatchedRow, Matches, SentRow
from services.register.routes.fields import Body, Code, Day, Line, MemberId, NumberText

Reference = Annotated[Line, Field(max_length=100)]
NamePart = Annotated[Line, Field(max_length=200)]
Email = Annotated[Line, Field(max_length=254)]


class MatchRowIn(Body):
    """What you hold of one person. Send what you have; nothing of it is kept."""

    reference: Reference | None = Field(None, description="Your own; it comes back with the outcome.")
    touchpoint_reference: Reference | None = Field(
        None, description="Where the person works in your own organisation; it comes back too."
    )
    number: NumberText | None = Field(None, description="A registration number as you were given it.")
    given_names: NamePart | None = None
    family_name: NamePart | None = Field(None, description="Previous names count.")
    date_of_birth: Day | None = None
    email: Email | None = None
    association: Code | None = Field(None, description="The association of the member id, such as ICG.")
    member_id: MemberId | None = Field(None, description="Compared only beside its association.")

    def as_sent(self) -> SentRow:
        """Return the row as operations take it."""
        return SentRow(
            reference=self.reference,
            touchpoint_reference=self.touchpoint_reference,
            number=self.number,
            given_names=self.given_names,
            family_name=self.family_name,
            date_of_birth=self.date_of_birth,
            email=self.email,
            association=self.association,
            member_id=self.member_id,
        )


class MatchesIn(Body):
    """The rows to match, at most 10,000."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rows": [
                        {
                            "reference": "4711",
                            "given_names": "Siân",
                            "family_name": "Example",
                            "date_of_birth": "1980-02-29",
                            "email": "sian@example.org",
                        }
                    ]
                }
            ]
        }
    )

    rows: Annotated[list[MatchRowIn], Field(min_length=1)]


class MatchOut(BaseModel):
    """What is said of one row: `match`, `possible` or `none`, and why.

    `agreed` and `disagreed` name fields that you sent, never what the register has in them; of a row that is
    `none` nothing is said of anybody. Number and verdict come with a match alone.
    """

    reference: str | None
    touchpoint_reference: str | None
    outcome: MatchOutcome
    reason: MatchReason
    score: int | None
    agreed: list[SentField]
    disagreed: list[SentField]
    number: str | None
    verdict: VerdictCode | None

    @classmethod
    def of(cls, matched: MatchedRow) -> "MatchOut":
        """Return what is said of a row as it is shown."""
        judged: Judged = matched.judged
        return cls.model_construct(
            reference=matched.row.reference,
            touchpoint_reference=matched.row.touchpoint_reference,
            outcome=judged.outcome,
            reason=judged.reason,
            score=judged.score,
            agreed=list(judged.agreed),
            disagreed=list(judged.disagreed),
            number=matched.number,
            verdict=None if matched.verdict is None else VerdictCode(matched.verdict),
        )


class MatchesOut(BaseModel):
    """One outcome for each row, in your order; `policy` is the match policy by which they were found."""

    items: list[MatchOut]
    policy: str
    valid_at: date
    known_at: datetime
    journal_position: int

    @classmethod
    def of(cls, matches: Matches) -> "MatchesOut":
        """Return the outcomes as they are shown."""
        return cls.model_construct(
            items=[MatchOut.of(each) for each in matches.rows],
            policy=matches.policy_version,
            valid_at=matches.axes.valid_at,
            known_at=matches.axes.said_at,
            journal_position=matches.head,
        )
