"""What is published of an awarding body over HTTP."""

from dataclasses import asdict
from datetime import date

from fastapi import Request, Response
from pydantic import BaseModel

from services.kitemark.domain.policing.concern import ConcernOutcome
from services.kitemark.operations.policing import quality
from services.kitemark.operations.policing.quality import Quality
from services.kitemark.routes.awards.awards import BodyInPath
from services.kitemark.routes.axes import only_these_parameters
from shared.web import Db, Now, guarded_router, with_etag

router = guarded_router("quality")


class AgreementOut(BaseModel):
    """What the moderation of a year found; null is suppressed, or nothing is decided.

    `least_rate` and `most_rate` bound the share of all awards of that year with which a moderator would
    agree, exact for a sample without replacement, each with the confidence of the terms by itself.
    """

    moderation: int
    year: int
    moderator: str
    population: int
    drawn: int
    agreed: int | None
    disagreed: int | None
    rate: float | None
    least_rate: float | None
    most_rate: float | None


class DaysOut(BaseModel):
    """How many days something took, and how often it came after its last day; null is suppressed or never."""

    median: float | None
    longest: int | None
    late: int | None


class ConcernsOut(BaseModel):
    """What the concerns came to that are closed. One that is open is not even counted here."""

    closed: int | None
    by_outcome: dict[ConcernOutcome, int | None]
    to_acknowledge: DaysOut
    to_answer: DaysOut
    to_close: DaysOut


class ReassessmentOut(BaseModel):
    """By which day an authority is to be assessed anew: counted from its first day as it is recorded here.

    An assessment that nobody recorded is not known here, so a day that has passed is no proof of neglect.
    """

    scheme: str
    authorised_from: date
    due_on: date


class QualityOut(BaseModel):
    """What is decided about a body, and published. A count below `least_count` and not nought is null."""

    body: str
    as_of: date
    policy_version: str
    confidence: float
    least_count: int
    moderations: list[AgreementOut]
    concerns: ConcernsOut
    reassessments: list[ReassessmentOut]

    @classmethod
    def of(cls, found: Quality) -> "QualityOut":
        """Return it as it is published."""
        return cls(
            body=found.body,
            as_of=found.day,
            policy_version=found.terms.version,
            confidence=float(found.terms.confidence),
            least_count=found.terms.least_count,
            moderations=[AgreementOut(**asdict(each)) for each in found.moderations],
            concerns=ConcernsOut(**asdict(found.concerns)),
            reassessments=[ReassessmentOut(**asdict(each)) for each in found.reassessments],
        )


@router.get("/v1/bodies/{body}/quality", operation_id="getBodyQuality", response_model=QualityOut)
async def get_body_quality(body: BodyInPath, request: Request, db: Db, now: Now) -> Response:
    """Say how the awards of a body were moderated, what concerns about it came to, and what is due."""
    only_these_parameters(request)
    return with_etag(request, QualityOut.of(await quality.get(db, body=body, now=now)))
