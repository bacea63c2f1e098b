"""The rows of the table of measurements, and how they are printed and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEADER = ("what", "measured", "compared with", "ratio", "target")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: ``ratio`` is what counts, ``target`` what it has to reach, as words."""

    what: str
    measured: str
    compared_with: str = ""
    ratio: float | None = None
    target: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the row as text."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return self.what, self.measured, self.compared_with, ratio, self.target


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown, its columns aligned for the terminal."""
    cells = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADER))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def keep(text: str, page: Path = PAGE) -> None:
    """Put the table in its place on the page of measurements."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
