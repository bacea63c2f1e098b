"""How reports are written."""

from services.kitemark.domain.reports.table import as_csv


def test_a_cell_that_a_spreadsheet_would_run_stands_behind_an_apostrophe() -> None:
    written = as_csv(["a", "b"], [["=1+1", 7], [" @x", None], ["safe", -1]])
    assert written == "\ufeffa,b\r\n'=1+1,7\r\n' @x,\r\nsafe,-1\r\n"
