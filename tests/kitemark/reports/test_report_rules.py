"""What reports count and how they are written."""

from datetime import date

from services.kitemark.domain.reports.coverage import Counted, coverage, month_ends
from services.kitemark.domain.reports.table import as_csv

WORDS = ("fully_meets", "committed", "none")


def test_whoever_has_no_award_is_counted_with_the_rest_and_nobody_twice() -> None:
    rows = coverage(
        {"H": 10, "A": 2},
        [("H", "fully_meets"), ("H", "fully_meets"), ("H", "committed"), ("B", "committed")],
        words=WORDS,
        rest="none",
        smallest=0,
    )
    assert rows == [
        Counted("A", "fully_meets", 0),
        Counted("A", "committed", 0),
        Counted("A", "none", 2),
        Counted("A", "total", 2),
        Counted("B", "fully_meets", 0),
        Counted("B", "committed", 1),
        Counted("B", "none", 0),
        Counted("B", "total", 1),
        Counted("H", "fully_meets", 2),
        Counted("H", "committed", 1),
        Counted("H", "none", 7),
        Counted("H", "total", 10),
    ]


def test_a_small_count_is_kept_back_and_so_is_what_would_betray_it() -> None:
    rows = coverage({"H": 30}, [("H", "committed")] * 2, words=WORDS, rest="none", smallest=5)
    assert [each.count for each in rows] == [0, None, None, 30]
    alone = coverage({"H": 2}, [("H", "committed")], words=WORDS, rest="none", smallest=5)
    assert alone == [Counted("H", "total", None)]


def test_months_end_on_their_last_day_and_the_present_one_on_the_day() -> None:
    ends = month_ends(date(2024, 3, 15))
    assert (len(ends), ends[0]) == (24, date(2022, 4, 30))
    assert ends[-3:] == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 15)]


def test_a_cell_that_a_spreadsheet_would_run_stands_behind_an_apostrophe() -> None:
    written = as_csv(["a", "b"], [["=1+1", 7], [" @x", None], ["safe", -1]])
    assert written == "\ufeffa,b\r\n'=1+1,7\r\n' @x,\r\nsafe,-1\r\n"
