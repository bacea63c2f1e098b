"""Which refusal each constraint of the database stands for."""

from services.cpd.domain.audit.assigning import MayNotAssessThis
from services.cpd.domain.audit.case import AuditOpenAlready
from services.cpd.domain.catalogue.equivalence import EquivalenceOpenAlready
from services.cpd.domain.credits.award_offer import AwardOfferedAlready
from services.cpd.domain.credits.module import VersionDayTaken
from services.cpd.domain.credits.recognition import MayNotRecogniseOwnClaim, RecognitionOpenAlready
from shared.draw import SeedDrawnByWhoEnteredIt, SeedNotAfterTheFreeze
from shared.errors import Conflict, Refusal


class ChangedMeanwhile(Conflict):
    """Someone else changed this at the same moment: read it again and decide anew."""


class PolicyDayTaken(Conflict):
    """Another policy begins on this day already: choose another day."""


class PausesOverlap(Conflict):
    """A deferral or an exemption is recorded for some of these days: end that one first."""


class AlreadyCommitted(Conflict):
    """This person has declared this commitment to your association already."""


class AssessorNamedAlready(Conflict):
    """This assessor is named already: declare what is new as a conflict."""


REFUSALS: dict[str, type[Refusal]] = {
    "evidence_once_an_entry": ChangedMeanwhile,
    "offers_own_id": ChangedMeanwhile,
    "equivalences_one_open": EquivalenceOpenAlready,
    "modules_own_id": ChangedMeanwhile,
    "modules_one_a_day": VersionDayTaken,
    "programmes_own_id": ChangedMeanwhile,
    "programmes_one_a_day": VersionDayTaken,
    "credits_own_id": ChangedMeanwhile,
    "credits_once_a_recognition": ChangedMeanwhile,
    "recognitions_one_open": RecognitionOpenAlready,
    "award_offers_once": AwardOfferedAlready,
    "recognitions_by_two": MayNotRecogniseOwnClaim,
    "fact_already_corrected": ChangedMeanwhile,
    "policies_one_a_day": PolicyDayTaken,
    "entries_own_id": ChangedMeanwhile,
    "pauses_no_overlap": PausesOverlap,
    "returns_one_a_year": ChangedMeanwhile,
    "commitments_once": AlreadyCommitted,
    "audit_seeds_after_the_freeze": SeedNotAfterTheFreeze,
    "audit_draws_by_another": SeedDrawnByWhoEnteredIt,
    "audit_people_frozen": ChangedMeanwhile,
    "audit_cases_one_open": AuditOpenAlready,
    "audit_assessors_pkey": AssessorNamedAlready,
    "audit_findings_on_others": MayNotAssessThis,
    "audit_refusals_by_two": MayNotAssessThis,
}
