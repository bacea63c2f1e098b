"""What is said of complaints, and what their complainants are told."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictInt

from services.register.domain.conduct.complaint import Step
from services.register.domain.conduct.deadlines import Progress
from services.register.domain.conduct.decision import AppealOutcome, ComplaintOutcome
from services.register.operations.conduct.receipts import Followed, Received
from services.register.routes.conduct.views import CitedOut
from services.register.routes.fields import Body, Code, Day, Line, MemberId, NumberText, Sentence

Subject = Annotated[Line, Field(min_length=1)]
Subjects = Annotated[list[Subject], Field(min_length=1, max_length=20)]
Reference = Annotated[Line, Field(min_length=1)]

SENTENCES = {
    Progress.RECEIVED: "The complaint was received. You will be told that it is being looked at.",
    Progress.BEING_EXAMINED: "It is being examined whether there is a case to answer.",
    Progress.BEFORE_A_PANEL: "There is a case to answer, and a panel has to decide it.",
    Progress.NOT_A_BREACH: "What was described cannot be a breach of the code. The case is closed.",
    Progress.NO_CASE_TO_ANSWER: "There is no real prospect of finding a breach. The case is closed.",
    Progress.NOT_UPHELD: "The complaint was not upheld. The case is closed.",
    Progress.UPHELD: "The complaint was upheld. What is published of it stands with the member’s entry.",
    Progress.WITHDRAWN: "The complaint was withdrawn.",
}
CODE_UNKNOWN = (
    "No version of the code is known to have been in force on that day: what you cite is taken as you wrote"
    " it."
)
LIST_NOT_WHOLE = (
    "Not every principle of this version is known: one that is not listed is taken as you wrote it."
)


class ComplaintIn(Body):
    """A complaint about somebody named by registration number, or described.

    `principles` are of the code of ethics in force on `conduct_on`. `member_id` is the complainant's, where
    an association passes on what another member of its own complains of.
    """

    number: NumberText | None = None
    described_person: Sentence | None = None
    conduct_on: Day
    principles: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    account: Sentence
    complainant_name: Line | None = None
    complainant_contact: Line | None = None
    relationship: Line | None = None
    member_id: MemberId | None = None


class ReceiptOut(BaseModel):
    """A receipt. `reference` is a secret shown once: with it you can ask how far the complaint is.

    When the request is sent again with its key, the reference is null: it is kept nowhere.
    """

    id: int | None
    reference: str | None
    received_at: datetime
    acknowledged_by: date
    code_version: str | None
    principles: list[CitedOut]
    note: str | None

    @classmethod
    def of(cls, received: Received) -> "ReceiptOut":
        """Return the receipt without its secret, as it may be kept."""
        citation = received.citation
        cited = zip(citation.principles, citation.listed, strict=True)
        unlisted = LIST_NOT_WHOLE if not all(citation.listed) else None
        return cls(
            id=received.complaint_id,
            reference=None,
            received_at=received.received_at,
            acknowledged_by=received.acknowledged_by,
            code_version=citation.code_version,
            principles=[CitedOut(title=title, listed=listed) for title, listed in cited],
            note=CODE_UNKNOWN if citation.code_version is None else unlisted,
        )


class ReferenceIn(Body):
    """The reference that was shown when the complaint was received."""

    reference: Reference


class WithdrawalIn(ReferenceIn):
    """The reference, and why the complaint is withdrawn if you wish to say."""

    reason: Sentence = ""


class ProgressOut(BaseModel):
    """How far a complaint is, in a word and in a sentence."""

    progress: Progress
    meaning: str
    received_on: date
    acknowledged_by: date | None

    @classmethod
    def of(cls, followed: Followed) -> "ProgressOut":
        """Return the progress as it is shown."""
        return cls(
            progress=followed.progress,
            meaning=SENTENCES[followed.progress],
            received_on=followed.received_on,
            acknowledged_by=followed.acknowledged_by,
        )


class StepIn(Body):
    """A step that needs no more than a reason, which stays internal."""

    step: Literal[
        Step.ACKNOWLEDGE,
        Step.FIND_CAPABLE,
        Step.FIND_NOT_CAPABLE,
        Step.FIND_CASE,
        Step.FIND_NO_CASE,
        Step.CLOSE,
    ]
    reason: Sentence


class IdentificationIn(Body):
    """Whom the complaint is about."""

    number: NumberText
    reason: Sentence


class AnswerRequestIn(Body):
    """The association through which the member is asked."""

    association: Code


class WordsIn(Body):
    """What the member says, in the member's words."""

    words: Sentence


class InterimSuspensionIn(Body):
    """Why the member is suspended for the time being; the public reason is public word for word."""

    public_reason: Sentence
    internal_reason: Sentence
    review_on: Day | None = None


class ConflictIn(Body):
    """Whose conflict of interest it is, and what it consists in."""

    subject: Subject
    nature: Sentence


class PanelIn(Body):
    """Who sits on the panel, by the subjects of their tokens."""

    members: Subjects


class ComplaintDecisionIn(Body):
    """What the panel decided, and which of its members took part.

    `public_summary` and `conditions` are public word for word; `reasons` are internal.
    """

    outcome: ComplaintOutcome
    reasons: Sentence
    public_summary: Sentence = ""
    conditions: Sentence | None = None
    sanction_days: Annotated[StrictInt, Field(ge=1, le=36_500)] | None = None
    review_on: Day | None = None
    members: Subjects


class AppealDecisionIn(Body):
    """What the appeal panel decided, and which of its members took part."""

    outcome: AppealOutcome
    reasons: Sentence
    members: Subjects
