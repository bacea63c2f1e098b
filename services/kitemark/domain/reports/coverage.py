"""Coverage of the mark: how many schools there are in each group, and how many of them have which answer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.kitemark.domain.reports.suppression import with_total

MONTHS = 24
NOT_KNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Counted:
    """A group, an answer, and how many schools of the group have it; None is suppressed."""

    group: str
    answer: str
    count: int | None


def coverage(
    schools: Mapping[str, int],
    answers: Iterable[tuple[str, str]],
    *,
    words: Sequence[str],
    rest: str,
    smallest: int,
) -> list[Counted]:
    """Return for each group how many schools have each answer, and ``total``.

    ``schools`` are all schools by group, ``answers`` group and word of those with any award; whoever is not
    among them has ``rest``. Counts from 1 to below ``smallest`` are suppressed, and more where the total
    would betray one.
    """
    told: dict[str, Counter[str]] = {}
    for group, word in answers:
        told.setdefault(group, Counter())[word] += 1
    rows: list[Counted] = []
    for group in sorted(schools.keys() | told.keys()):
        counts = told.get(group, Counter())
        counts[rest] += max(0, schools.get(group, 0) - counts.total())
        shown = with_total([counts[word] for word in words], smallest=smallest)
        if shown.counts is None:
            rows.append(Counted(group, "total", shown.total))
            continue
        rows += [Counted(group, word, count) for word, count in zip(words, shown.counts, strict=True)]
        rows.append(Counted(group, "total", shown.total))
    return rows


def month_ends(day: date) -> list[date]:
    """Return the last days of the months before a day's own, and the day itself: 24 in all, oldest first."""
    ends = [day]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]
