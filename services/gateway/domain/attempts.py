"""Failed attempts, counted in this process: so many a minute for one client from one place, and no more."""

from collections import OrderedDict, deque

MOST = 10
SECONDS = 60.0
REMEMBERED = 10_000


class FailedAttempts:
    """Who failed lately, and how often.

    Secrets cannot be guessed; this keeps a client with a wrong one from filling the logs and the processor.
    The place is counted too, so that nobody can lock out another's client from elsewhere.
    """

    def __init__(self) -> None:
        self._failed: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def wait(self, client_id: str, place: str, *, now: float) -> int:
        """Return for how many seconds no further attempt is taken, 0 when one is."""
        failed = self._failed.get((client_id, place))
        if failed is None:
            return 0
        while failed and failed[0] <= now - SECONDS:
            failed.popleft()
        return int(failed[-MOST] + SECONDS - now) + 1 if len(failed) >= MOST else 0

    def note(self, client_id: str, place: str, *, now: float) -> None:
        """Count a failed attempt."""
        failed = self._failed.setdefault((client_id, place), deque(maxlen=MOST))
        failed.append(now)
        self._failed.move_to_end((client_id, place))
        if len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)
