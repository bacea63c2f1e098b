"""Rounds in turn: what is compared is measured alternately, so that a slow minute hits both."""

import statistics
from collections.abc import Awaitable, Callable, Mapping

Measure = Callable[[], Awaitable[float]]


async def in_turn(measures: Mapping[str, Measure], *, rounds: int) -> dict[str, float]:
    """Return the median of each measure over so many rounds; the first round only warms up."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(rounds + 1):
        for name, measure in measures.items():
            value = await measure()
            if turn:
                found[name].append(value)
    return {name: statistics.median(values) for name, values in found.items()}
