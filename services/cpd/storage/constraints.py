"""Which refusal each constraint of the database stands for."""

from shared.errors import Conflict, Refusal


class ChangedMeanwhile(Conflict):
    """Someone else changed this at the same moment: read it again and decide anew."""


class PolicyDayTaken(Conflict):
    """Another policy begins on this day already: choose another day."""


class PausesOverlap(Conflict):
    """A deferral or an exemption is recorded for some of these days: end that one first."""


class AlreadyCommitted(Conflict):
    """This person has declared this commitment to your association already."""


REFUSALS: dict[str, type[Refusal]] = {
    "fact_already_corrected": ChangedMeanwhile,
    "policies_one_a_day": PolicyDayTaken,
    "entries_own_id": ChangedMeanwhile,
    "pauses_no_overlap": PausesOverlap,
    "returns_one_a_year": ChangedMeanwhile,
    "commitments_once": AlreadyCommitted,
}
