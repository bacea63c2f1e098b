"""Which refusal each constraint of the database stands for."""

from services.register.domain.qualification import SubmitterMayNotDecide
from shared.errors import Conflict, Refusal


class ChangedMeanwhile(Conflict):
    """Someone else changed this at the same moment: read it again and decide anew."""


class DatesOverlap(Conflict):
    """These days overlap with what is already recorded: correct that record instead."""


class ApplicationAlreadyOpen(Conflict):
    """An application for this person is waiting for a decision already."""


class EvidenceMissing(Conflict):
    """No authenticated qualification bears this licence."""


class PolicyDayTaken(Conflict):
    """Another policy begins on this day already: choose another day."""


class AlreadyUnlisted(Conflict):
    """This entry is shown by its exact number only already."""


REFUSALS: dict[str, type[Refusal]] = {
    "fact_already_corrected": ChangedMeanwhile,
    "memberships_no_overlap": DatesOverlap,
    "merges_no_overlap": ChangedMeanwhile,
    "register_entries_no_overlap": ChangedMeanwhile,
    "licences_no_overlap": ChangedMeanwhile,
    "licence_scopes_no_overlap": ChangedMeanwhile,
    "holdings_four_eyes": SubmitterMayNotDecide,
    "applications_four_eyes": SubmitterMayNotDecide,
    "applications_one_open": ApplicationAlreadyOpen,
    "possible_duplicates_decided_once": ChangedMeanwhile,
    "applications_decided_once": ChangedMeanwhile,
    "licences_have_evidence": EvidenceMissing,
    "licences_were_admitted": EvidenceMissing,
    "entry_policies_effective_from_key": PolicyDayTaken,
    "licence_policies_effective_from_key": PolicyDayTaken,
    "unlistings_no_overlap": AlreadyUnlisted,
}
