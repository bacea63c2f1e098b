"""How a new entry policy treats those who came before it, and those who are on the way to it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.register.domain.policy_fields import PolicyNotUnderstood, check_keys, day, text


class TransitionKind(StrEnum):
    """Why somebody is still judged by an earlier policy."""

    GRANDFATHERED = "grandfathered"
    WORKING_TOWARDS = "working_towards"


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """Until when whom an earlier policy judges; all days are inclusive, None is for nobody.

    Whoever held a licence on the day before the new policy began is judged by `judged_by` to the end of
    `grandfathered_until`. Whoever is working towards a qualification that meets the new policy and is
    expected by `working_towards_until` is judged by it until that day.
    """

    judged_by: str
    grandfathered_until: date | None
    working_towards_until: date | None
    source: str

    def as_dict(self) -> dict[str, Any]:
        """Return the transition as JSON that `parse_transition` reads back unchanged."""
        return {
            "judged_by": self.judged_by,
            "grandfathered_until": _iso(self.grandfathered_until),
            "working_towards_until": _iso(self.working_towards_until),
            "source": self.source,
        }


def parse_transition(data: Any) -> Transition | None:
    """Return the transition that the JSON describes, None where there is none, or say what cannot be read."""
    if data is None:
        return None
    check_keys(data, "judged_by grandfathered_until working_towards_until source", "“transition”")
    grandfathered, working = (
        None if data[name] is None else day(data, name)
        for name in ("grandfathered_until", "working_towards_until")
    )
    if grandfathered is None and working is None:
        raise PolicyNotUnderstood(reason="a transition without any day is none: leave it out")
    return Transition(
        judged_by=text(data, "judged_by"),
        grandfathered_until=grandfathered,
        working_towards_until=working,
        source=text(data, "source"),
    )


def _iso(given: date | None) -> str | None:
    return None if given is None else given.isoformat()
