"""Small counts kept from the public, so that none can be computed from what is shown beside it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of counts as the public sees it.

    A count of None is suppressed; ``counts`` None says that not even which counts there are is shown.
    """

    counts: tuple[int | None, ...] | None
    total: int | None


def with_total(counts: Sequence[int], *, smallest: int) -> Shown:
    """Return a line with its total: what is too small is hidden, and more where the total would betray it.

    Where no choice of hidden counts leaves them open, only the total is shown, if it is large enough.
    """
    total = sum(counts)
    hidden = {place for place, count in enumerate(counts) if 0 < count < smallest}
    if not hidden:
        return Shown(tuple(counts), total)
    if total < smallest:
        return Shown(None, None)
    while not _open([counts[place] for place in hidden], smallest=smallest):
        large = [count for place, count in enumerate(counts) if count and place not in hidden]
        if not large:
            return Shown(None, total)
        # All that are alike, for which of them was chosen would tell the counts apart.
        hidden |= {place for place, count in enumerate(counts) if count == min(large)}
    return Shown(tuple(None if place in hidden else count for place, count in enumerate(counts)), total)


def without_total(counts: Sequence[int], *, smallest: int) -> Shown:
    """Return a line that has no total: what is too small is hidden, and nothing betrays it."""
    return Shown(tuple(None if 0 < count < smallest else count for count in counts), None)


def together(counts: Sequence[int], *, smallest: int) -> Shown:
    """Return a line of counts whose difference is known elsewhere: if one is hidden, all are."""
    if any(0 < count < smallest for count in counts):
        return Shown(tuple(None for _ in counts), None)
    return Shown(tuple(counts), None)


def _open(hidden: Sequence[int], *, smallest: int) -> bool:
    """Tell whether whoever knows the sum of the hidden counts, and the rule, is left with several answers."""
    if len(hidden) < 2:
        return False
    if max(hidden) >= smallest:
        return True
    return len(hidden) < sum(hidden) < len(hidden) * (smallest - 1)
