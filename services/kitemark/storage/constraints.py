"""Which refusal each constraint of the database stands for."""

from services.kitemark.domain.awards.proposal import OwnCase, ProposerMayNotDecide
from services.kitemark.domain.joined.reuse import ReuseAskedAlready
from services.kitemark.domain.policing.case import NotTheModerator
from services.kitemark.domain.policing.moderation import ModeratedAlready
from shared.draw import SeedDrawnByWhoEnteredIt, SeedNotAfterTheFreeze
from shared.errors import Conflict, Refusal


class ChangedMeanwhile(Conflict):
    """Someone else changed this at the same moment: read it again and decide anew."""


class ValidationsOverlap(Conflict):
    """A validation of this scheme is recorded for some of these days: end that one first."""


class AuthoritiesOverlap(Conflict):
    """The body is authorised for this scheme on some of these days already: end that authority first."""


REFUSALS: dict[str, type[Refusal]] = {
    "fact_already_corrected": ChangedMeanwhile,
    "validations_no_overlap": ValidationsOverlap,
    "authorities_no_overlap": AuthoritiesOverlap,
    "decided_by_two": ProposerMayNotDecide,
    "standing_proposals_four_eyes": ProposerMayNotDecide,
    "standing_proposals_own_case": OwnCase,
    "moderations_once_a_year": ModeratedAlready,
    "moderations_seed_after_freeze": SeedNotAfterTheFreeze,
    "moderations_two_draw": SeedDrawnByWhoEnteredIt,
    "moderation_cases_of_the_moderator": NotTheModerator,
    "awards_own_id": ChangedMeanwhile,
    "providers_one_a_ukprn": ChangedMeanwhile,
    "provider_closings_once": ChangedMeanwhile,
    "accreditations_own_id": ChangedMeanwhile,
    "award_reuses_once": ReuseAskedAlready,
}
