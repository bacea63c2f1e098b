"""Small counts kept from the public, so that nobody is found behind a number."""

from collections.abc import Sequence


def shown(counts: Sequence[int], *, least: int) -> tuple[int | None, ...]:
    """Return a line of counts of which each is as large as ``least`` or nought, else none of them.

    Counts of one line add up to a sample whose size is published, so one hidden alone could be computed.
    """
    if any(0 < each < least for each in counts):
        return tuple(None for _ in counts)
    return tuple(counts)
