"""How often somebody may be told that a number, a name and a date of birth do not belong together.

Whoever is told so learns that a guess was wrong. A few such answers a day help with slips; more would be a
search for a stranger's date of birth.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.register.domain.rights.policy import JoiningPolicy
from shared.errors import TooManyRequests


class TooManyRefusedJoins(TooManyRequests):
    """Registration numbers were given too often today that did not belong to the name and date of birth.
    Leave the number out, or ask a registrar; from tomorrow on it can be tried again."""

    def __init__(self, *, seconds: int) -> None:
        super().__init__()
        self.retry_after = seconds


@dataclass(slots=True)
class Attempts:
    """The attempts of one request. ``made`` are those that were refused today, by counter.

    ``reserved`` are the numbers that may be tried where the count was raised beforehand, so that it stands
    whatever becomes of the request; None counts each as it is refused.
    """

    association: str
    policy: JoiningPolicy
    seconds: int
    made: Counter[str]
    reserved: Counter[str] | None = None
    refused: list[str] = field(default_factory=list)

    def reserve(self, numbers: Iterable[str]) -> None:
        """Count every one of these as refused already, as far as the day's count reaches."""
        reserved: Counter[str] = Counter()
        for number in numbers:
            if self._may_try(number):
                reserved[number] += 1
                self._count(number)
        self.reserved = reserved

    def begin(self, number: str) -> None:
        """Let a number be tried, or raise TooManyRefusedJoins."""
        allowed = self._may_try(number) if self.reserved is None else self.reserved[number] > 0
        if not allowed:
            raise TooManyRefusedJoins(seconds=self.seconds)

    def refuse(self, number: str) -> None:
        """Note that a number was tried in vain."""
        self.refused.append(number)
        if self.reserved is None:
            self._count(number)

    def left_over(self) -> Mapping[str, int]:
        """Return by counter what was counted beforehand and came to nothing."""
        unused = (self.reserved or Counter()) - Counter(self.refused)
        return self.counts(unused.elements())

    def counts(self, numbers: Iterable[str]) -> Mapping[str, int]:
        """Return by counter how much these numbers count."""
        return Counter(counter for number in numbers for counter in counters(self.association, number))

    def _may_try(self, number: str) -> bool:
        own, of_number = counters(self.association, number)
        return (
            self.made[own] < self.policy.refused_per_association_and_day
            and self.made[of_number] < self.policy.refused_per_number_and_day
        )

    def _count(self, number: str) -> None:
        self.made.update(counters(self.association, number))


def counters(association: str, number: str) -> tuple[str, str]:
    """Return what counts an attempt: the association that makes it, and the number that is tried."""
    return f"association:{association}", f"number:{number}"
