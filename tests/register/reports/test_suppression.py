"""No suppressed count can be computed, even by somebody who knows the rule."""

from collections import defaultdict
from itertools import product

import pytest

from services.register.domain.reports.suppression import Shown, together, with_total, without_total

SMALLEST = 3


@pytest.mark.parametrize("cells", [1, 2, 3, 4])
def test_no_suppressed_count_follows_from_the_total_and_the_rule(cells: int) -> None:
    tables: dict[Shown, list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(8), repeat=cells):
        tables[with_total(counts, smallest=SMALLEST)].append(counts)
    for shown, possible in tables.items():
        for place in range(cells):
            if shown.counts is not None and shown.counts[place] is None:
                assert len({counts[place] for counts in possible}) > 1, (shown, possible)


@pytest.mark.parametrize("counts", list(product(range(6), repeat=3)))
def test_what_is_shown_is_true_and_never_small(counts: tuple[int, ...]) -> None:
    for rule in (with_total, without_total, together):
        shown = rule(counts, smallest=SMALLEST)
        for count, said in zip(counts, shown.counts or (), strict=shown.counts is not None):
            assert said in (None, count)
            assert said is None or not 0 < said < SMALLEST
        assert shown.total in (None, sum(counts))
