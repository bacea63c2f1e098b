"""When a neighbour that does not answer is left in peace, so that nobody waits for it in vain."""

from dataclasses import dataclass

FAILURES = 5
REST_SECONDS = 5.0


@dataclass(slots=True)
class Breaker:
    """Opens after five failures in a row; while it rests nobody calls, and then one call tries again.

    Instants are seconds of a clock that only goes forward. An answer of any kind, a refusal too, closes it.
    """

    _failed: int = 0
    _rests_until: float | None = None

    def may_call(self, now: float) -> bool:
        """Say whether to call; the first to ask after the rest is the trial, and the others go on waiting."""
        if self._rests_until is None:
            return True
        if now < self._rests_until:
            return False
        self._rests_until = now + REST_SECONDS
        return True

    def answered(self) -> None:
        """Note that the neighbour answered."""
        self._failed, self._rests_until = 0, None

    def failed(self, now: float) -> None:
        """Note that the neighbour did not answer, or nothing that can be understood."""
        self._failed += 1
        if self._failed >= FAILURES:
            self._rests_until = now + REST_SECONDS

    @property
    def is_resting(self) -> bool:
        """Whether it has opened and no trial has been answered since."""
        return self._rests_until is not None

    @property
    def is_failing(self) -> bool:
        """Whether the last call was not answered."""
        return self._failed > 0
