"""Which refusal each constraint of the database stands for."""

from services.register.domain.conduct.alert import AlertAlreadyAcknowledged
from services.register.domain.conduct.parts import NotYoursToJudge
from services.register.domain.cpd_outcomes.outcome import OutcomeNotProposed
from services.register.domain.directory.publication import DrafterMayNotPublish
from services.register.domain.entry_routes.refusals import (
    AssessorMayNotDecide,
    EntryRouteAlreadyOpen,
    NotYetAssessed,
    SuiteAlreadyPublished,
)
from services.register.domain.matching.joining import MergerMayNotUndo
from services.register.domain.qualification import SubmitterMayNotDecide
from services.register.domain.renewal.death import DeathAlreadyRecorded
from services.register.domain.renewal.death_correction import (
    DeathCorrectionAlreadyProposed,
    ProposerMayNotCorrect,
)
from services.register.domain.renewal.restoration import ProposerMayNotRestore
from services.register.domain.rights.erasure import (
    AlreadyErased,
    ErasureAlreadyProposed,
    ProposerMayNotDecide,
)
from shared.errors import Conflict, Refusal


class ChangedMeanwhile(Conflict):
    """Someone else changed this at the same moment: read it again and decide anew."""


class DatesOverlap(Conflict):
    """These days overlap with what is already recorded: correct that record instead."""


class ApplicationAlreadyOpen(Conflict):
    """An application for this person is waiting for a decision already."""


class EvidenceMissing(Conflict):
    """No authenticated qualification bears this licence."""


class RestorationAlreadyProposed(Conflict):
    """A restoration of this person is waiting for a decision already."""


class PolicyDayTaken(Conflict):
    """Another policy begins on this day already: choose another day."""


class AlreadyUnlisted(Conflict):
    """This entry is shown by its exact number only already."""


REFUSALS: dict[str, type[Refusal]] = {
    "fact_already_corrected": ChangedMeanwhile,
    "memberships_no_overlap": DatesOverlap,
    "organisations_ukprn_key": ChangedMeanwhile,
    "organisation_versions_pkey": ChangedMeanwhile,
    "posts_no_overlap": DatesOverlap,
    "merges_no_overlap": ChangedMeanwhile,
    "merges_undone_by_another": MergerMayNotUndo,
    "match_questions_answered_once": ChangedMeanwhile,
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
    "erasures_four_eyes": ProposerMayNotDecide,
    "erasures_one_open": ErasureAlreadyProposed,
    "erasures_decided_once": ChangedMeanwhile,
    "people_stay_erased": AlreadyErased,
    "entry_policies_effective_from_key": PolicyDayTaken,
    "licence_policies_effective_from_key": PolicyDayTaken,
    "match_policies_effective_from_key": PolicyDayTaken,
    "directory_editions_four_eyes": DrafterMayNotPublish,
    "directory_editions_pkey": ChangedMeanwhile,
    "directory_editions_revision_key": ChangedMeanwhile,
    "standards_suites_version": SuiteAlreadyPublished,
    "entry_routes_one_open_on_holding": EntryRouteAlreadyOpen,
    "entry_routes_one_open_by_policy": EntryRouteAlreadyOpen,
    "entry_routes_four_eyes": SubmitterMayNotDecide,
    "entry_routes_judged_by_another": AssessorMayNotDecide,
    "entry_routes_shown": NotYetAssessed,
    "entry_routes_decided_once": ChangedMeanwhile,
    "entry_route_judgements_once": ChangedMeanwhile,
    "entry_route_judgements_four_eyes": SubmitterMayNotDecide,
    "holdings_have_route": EvidenceMissing,
    "renewals_once": ChangedMeanwhile,
    "restorations_one_open": RestorationAlreadyProposed,
    "restorations_four_eyes": ProposerMayNotRestore,
    "restorations_decided_once": ChangedMeanwhile,
    "deaths_once": DeathAlreadyRecorded,
    "deaths_corrected_once": ChangedMeanwhile,
    "death_corrections_one_open": DeathCorrectionAlreadyProposed,
    "death_corrections_four_eyes": ProposerMayNotCorrect,
    "death_corrections_decided_once": ChangedMeanwhile,
    "conduct_policies_effective_from_key": PolicyDayTaken,
    "alerts_acknowledged_once": AlertAlreadyAcknowledged,
    "complaint_steps_in_order": ChangedMeanwhile,
    "complaint_parts_one_each": NotYoursToJudge,
    "complaint_parts_own_case": NotYoursToJudge,
    "complaint_decisions_once": ChangedMeanwhile,
    "complaint_decisions_by_the_panel": NotYoursToJudge,
    "unlistings_no_overlap": AlreadyUnlisted,
    "cpd_outcome_decisions_pkey": OutcomeNotProposed,
}
