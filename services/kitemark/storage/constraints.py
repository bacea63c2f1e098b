"""Which refusal each constraint of the database stands for."""

from shared.errors import Conflict, Refusal


class ChangedMeanwhile(Conflict):
    """Someone else changed this at the same moment: read it again and decide anew."""


REFUSALS: dict[str, type[Refusal]] = {"fact_already_corrected": ChangedMeanwhile}
