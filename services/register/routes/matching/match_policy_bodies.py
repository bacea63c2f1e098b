"""The policies of matching as they are listed."""

from datetime import date

from pydantic import BaseModel

from services.register.domain.matching.policy import Aspect, Likeness
from services.register.routes.reference_bodies import Titled


class MatchRulesOut(BaseModel):
    """What each agreement is worth, from how many points on it is enough, and what is tried at most.

    `match_rests_on` says for each identifier with which likeness of the name, or with the date of birth alone
    where no name was sent, its agreement makes a match.
    """

    version: str
    effective_from: date
    points: dict[Aspect, dict[Likeness, int]]
    match_from: int
    possible_from: int
    match_rests_on: dict[Aspect, list[str]]
    near_from_letters: int
    most_candidates: int
    tries_per_identifier: int
    tries_per_name: int
    question_retention_days: int
    source: str


class MatchPolicyOut(Titled):
    """A version of the match policy."""

    status: str
    policy: MatchRulesOut
