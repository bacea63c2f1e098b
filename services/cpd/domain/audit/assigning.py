"""Who assesses a case: nobody with a conflict, nobody of the person’s associations; who has least to do."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from services.cpd.domain.audit.case import Step
from shared.errors import Conflict, Forbidden, Unprocessable


class NobodyMayAssess(Conflict):
    """No assessor may take this case: all of them belong to the person’s associations, have declared
    a conflict, or had a part in it. Name another assessor first."""


class MayNotAssessThis(Forbidden):
    """You may not assess this case: you belong to an association of the person, have declared a conflict, or
    had another part in it."""


class NotAnAssessor(Unprocessable):
    """{subject} is not named as an assessor."""


class ConflictWithoutAnybody(Unprocessable):
    """Say with whom the conflict is: a registration number or an association."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessor:
    """Somebody who assesses, with the associations and numbers that are a conflict, and the open cases."""

    subject: str
    associations: frozenset[str]
    numbers: frozenset[str]
    open_cases: int

    def may_assess(self, *, associations: Collection[str], numbers: Collection[str]) -> bool:
        """Tell whether nothing that was recorded stands between this assessor and a person."""
        return self.associations.isdisjoint(associations) and self.numbers.isdisjoint(numbers)


def choose(
    assessors: Iterable[Assessor],
    *,
    associations: Collection[str],
    numbers: Collection[str],
    taken_part: Collection[str],
) -> Assessor:
    """Return who assesses: of those who may and had no part that bars them, who has fewest open cases."""
    able = [
        each
        for each in assessors
        if each.subject not in taken_part and each.may_assess(associations=associations, numbers=numbers)
    ]
    if not able:
        raise NobodyMayAssess
    return min(able, key=lambda each: (each.open_cases, each.subject))


def barred(
    found: Iterable[tuple[str, Step]], *, rulers: Iterable[str], assigned: str | None, second: bool
) -> frozenset[str]:
    """Return who is not given a case, by what they did in it so far.

    A second opinion is of somebody who found nothing in the case before. Whoever asked for more may look at
    what came; whoever refused, decided an appeal, or has the case now and is to be relieved, may not.
    """
    finders = {subject for subject, outcome in found if second or outcome is Step.FIND_NOT_MET}
    return frozenset({*finders, *rulers, *((assigned,) if assigned else ())})
