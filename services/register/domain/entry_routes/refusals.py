"""What is refused on a route to entry, and of the suites and policies behind the competence route."""

from shared.errors import Conflict, Forbidden, NotFound, Unprocessable


class NoSuchEntryRoute(NotFound):
    """There is no such route to entry, or it is not one of yours."""


class NoSuchEvidence(NotFound):
    """There is no such evidence on this route to entry."""


class NoSuchPart(Unprocessable):
    """This route has no part {part}: its parts are {parts}."""


class PartNamedTwice(Unprocessable):
    """Each part is named once, and these are named more than once: {codes}."""


class EntryRouteNotOpen(Conflict):
    """This route to entry is already {status}, so nothing more can be done on it."""


class EntryRouteAlreadyOpen(Conflict):
    """The same route is open for this person already: go on with that one, or withdraw it first."""


class ModulesNotNamed(Conflict):
    """A registrar has not yet named the modules that are required, so there is nothing to show or grant."""


class ModulesAlreadyNamed(Conflict):
    """The parts of this route are known already, and they do not change while people work on them."""


class PartAlreadyMet(Conflict):
    """The part {part} has been found met: nothing more is needed on it."""


class EvidenceWaits(Conflict):
    """Evidence on the part {part} waits to be judged: add to it once it has been."""


class EvidenceAlreadyJudged(Conflict):
    """This evidence was judged {judgement} already: the association may submit further evidence."""


class NothingLeftToJudge(Conflict):
    """Every part has been found met: the route waits for a decision and takes no more evidence."""


class NotYetAssessed(Conflict):
    """Not every part has been found met, so this route cannot be granted yet: see what is missing."""


class AssessorMayNotDecide(Forbidden):
    """You judged evidence on this route, so another registrar has to decide it."""


class HoldingNotNeeded(Unprocessable):
    """A competence route rests on standards and not on a holding: leave the holding out."""


class HoldingNeeded(Unprocessable):
    """Name the holding that is to be found relevant: this route rests on one."""


class PolicyNeeded(Unprocessable):
    """Name the competence policy by which competence is to be shown: see the list of them."""


class PolicyNotNeeded(Unprocessable):
    """Only a competence route follows a competence policy: leave the policy out."""


class HoldingNotAuthenticatedYet(Conflict):
    """This holding is {status}: it has to be authenticated before its relevance is looked at."""


class HoldingAlreadyRelevant(Conflict):
    """This holding counts as relevant already, so it needs no further route."""


class HoldingNotRelated(Conflict):
    """This qualification is listed as {recognition}, and a top up is for related ones: take the alternative
    qualification route instead."""


class NoSuchSuite(NotFound):
    """There is no standards suite {code}."""


class SuiteAlreadyPublished(Conflict):
    """There is a suite with this code, or this name and version, already, and a published suite never
    changes: choose another version."""


class StandardNamedTwice(Unprocessable):
    """Each standard of a suite has a code of its own, and these stand more than once: {codes}."""


class StandardTitleMissing(Unprocessable):
    """A standard has a title, or says why its title is not known: see errors for each."""


class RelatedStandardUnknown(Unprocessable):
    """A standard is mapped to one that no published suite has: see errors for each."""


class NoSuchCompetencePolicy(NotFound):
    """There is no competence policy {code}."""


class CompetencePolicyNotInForce(Conflict):
    """The competence policy {code} is not in force today, so no route can begin under it."""


class CompetencePolicyAlreadyPublished(Conflict):
    """There is a competence policy {code} already, and a published policy never changes: choose another
    code."""


class CompetencePolicyNotUnderstood(Unprocessable):
    """The policy names what does not exist or asks what cannot be met: see errors for each."""
