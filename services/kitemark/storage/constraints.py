"""Which refusal each constraint of the database stands for."""

from services.kitemark.domain.joined.reuse import ReuseAskedAlready
from shared.errors import Conflict, Refusal


class ChangedMeanwhile(Conflict):
    """Someone else changed this at the same moment: read it again and decide anew."""


REFUSALS: dict[str, type[Refusal]] = {
    "fact_already_corrected": ChangedMeanwhile,
    "providers_one_a_ukprn": ChangedMeanwhile,
    "provider_closings_once": ChangedMeanwhile,
    "accreditations_own_id": ChangedMeanwhile,
    "award_reuses_once": ReuseAskedAlready,
}
