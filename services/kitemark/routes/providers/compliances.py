"""Over HTTP: whether a provider, or many, has what is asked of it, and by which rules that is judged."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from services.kitemark.domain.providers.compliance import SENTENCES, Answer, ComplianceReason, Finding
from services.kitemark.domain.providers.rule import Binding, Severity
from services.kitemark.operations.providers import compliances
from services.kitemark.operations.providers.compliances import SeenCompliance
from services.kitemark.routes.axes import KnownAt, ValidAt, only_these_parameters, parse_instant
from services.kitemark.routes.fields import Body, Day
from services.kitemark.routes.providers.bodies import AccreditationOut, UkprnInPath, UkprnText
from shared.web import Db, Now, guarded_router

router = guarded_router("providers")
MOST_UKPRNS = 1_000


class ReasonOut(BaseModel):
    """Why: a stable code, and a sentence that says what it means and what to do."""

    code: ComplianceReason
    detail: str

    @classmethod
    def of(cls, reason: ComplianceReason) -> "ReasonOut":
        """Return the reason with its sentence."""
        return cls(code=reason, detail=SENTENCES[reason])


class FindingOut(BaseModel):
    """What one rule in force comes to. `applies` and `held` are null where it is not known.

    `binding` says whose word the rule is, and `source` where it stands.
    """

    rule: str
    rule_version: str
    standard: str
    severity: Severity
    binding: Binding
    asks_of: str
    applies: bool | None
    held: bool | None
    answer: Answer
    reason: ReasonOut
    source: str
    note: str | None

    @classmethod
    def of(cls, found: Finding) -> "FindingOut":
        """Return the finding as it is shown."""
        rule = found.rule
        return cls(
            rule=rule.rule,
            rule_version=rule.version,
            standard=rule.standard,
            severity=rule.severity,
            binding=rule.binding,
            asks_of=rule.asks_of,
            applies=found.applies,
            held=found.held,
            answer=found.answer,
            reason=ReasonOut.of(found.reason),
            source=rule.source,
            note=rule.note,
        )


class BriefComplianceOut(BaseModel):
    """Whether a provider has on `valid_at` what is asked of it, by what was known at `known_at`.

    An answer that rests on something nobody told is `unknown`, never a guess.
    """

    ukprn: str
    name: str | None
    answer: Answer
    reasons: list[ReasonOut]
    rule_versions: list[str]
    successor: str | None
    valid_at: date
    known_at: datetime
    notes: list[str]


class ComplianceOut(BriefComplianceOut):
    """The same with what each rule comes to, and the accreditations that it rests on."""

    findings: list[FindingOut]
    accreditations: list[AccreditationOut]


class UkprnsIn(Body):
    """The providers asked about, up to 1,000, of one day and as known at one instant."""

    ukprns: Annotated[list[UkprnText], Field(min_length=1, max_length=MOST_UKPRNS)]
    valid_at: Day | None = None
    known_at: Annotated[datetime, BeforeValidator(parse_instant)] | None = None


class CompliancesOut(BaseModel):
    """One answer for each UKPRN, in the order asked."""

    items: list[BriefComplianceOut]


@router.get(
    "/v1/providers/{ukprn}/compliance", operation_id="getProviderCompliance", response_model=ComplianceOut
)
async def get_provider_compliance(
    ukprn: UkprnInPath,
    request: Request,
    db: Db,
    now: Now,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> ComplianceOut:
    """Tell whether a provider is accredited as it has to be, or ought to be, on a day, rule by rule."""
    only_these_parameters(request, "valid_at", "known_at")
    seen = await compliances.get(db, ukprn=ukprn, valid_at=valid_at, known_at=known_at, now=now)
    return ComplianceOut(
        **dict(_brief(seen)),
        findings=[FindingOut.of(each) for each in seen.compliance.findings],
        accreditations=[AccreditationOut.of(each) for each in seen.accreditations],
    )


@router.post(
    "/v1/providers/compliance", operation_id="lookUpProviderCompliance", response_model=CompliancesOut
)
async def look_up_provider_compliance(body: UkprnsIn, db: Db, now: Now) -> Response:
    """Tell the same of up to 1,000 providers, in the order asked, each with its reasons."""
    found = await compliances.batch(
        db, ukprns=body.ukprns, valid_at=body.valid_at, known_at=body.known_at, now=now
    )
    shown = CompliancesOut(items=[_brief(each) for each in found])
    return Response(shown.model_dump_json(), media_type="application/json")


def _brief(seen: SeenCompliance) -> BriefComplianceOut:
    return BriefComplianceOut(
        ukprn=seen.ukprn,
        name=seen.name,
        answer=seen.compliance.answer,
        reasons=[ReasonOut.of(each) for each in seen.compliance.reasons],
        rule_versions=list(seen.compliance.versions),
        successor=seen.successor,
        valid_at=seen.axes.valid_at,
        known_at=seen.axes.said_at,
        notes=list(seen.axes.notes),
    )
