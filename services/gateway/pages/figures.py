"""The profession in figures: what the services count for everybody, drawn as bars beside their tables."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response

from services.gateway.clients import public
from services.gateway.clients.caller import Caller
from services.gateway.clients.public import Report, TableReport
from services.gateway.clients.upstream import Service
from services.gateway.pages import wording
from services.gateway.pages.rendering import page
from shared.clock import Clock, london_day
from shared.errors import Refusal

router = APIRouter(tags=["pages"], include_in_schema=False)

WIDTH = 100.0
MONTHS = 12
_MEASURES = {
    "on_the_register": "The register",
    "licences": "The register",
    "scopes": "Licences by what they cover",
    "members": "Members of each association",
    "sanctions": "Decisions in force",
}
_WORDS = {"people": "People on the register", "in_force": "Licences in force"}
_MARKS = ("fully_meets", "progressing", "committed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A row of a chart: its words, its count where it may be told, and the length of its bar in per cent."""

    label: str
    count: int | None
    width: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A chart with its table; no bars where the service does not answer."""

    title: str
    first: str
    second: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]
    csv: str
    known: bool = True


@router.get("/figures")
async def figures(request: Request) -> Response:
    """How many there are of whom, today; a service that is away costs its own charts alone."""
    clock: Clock = request.app.state.clock
    caller = Caller(request_id=request.scope.get("state", {}).get("request_id"))
    services: dict[str, Service] = request.app.state.services
    register, kitemark = services["register"], services["kitemark"]
    found = await asyncio.gather(
        public.report(register, "register-in-numbers", caller=caller),
        public.report(register, "licences-by-month", caller=caller),
        public.coverage(kitemark, by="region", caller=caller),
        return_exceptions=True,
    )
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, Refusal):
            raise each
    numbers, months, coverage = found
    shown = [
        *(_in_numbers(numbers) if isinstance(numbers, Report) else [_unknown("The register in numbers")]),
        _by_month(months) if isinstance(months, Report) else _unknown("Licences issued in each month"),
        _by_region(coverage) if isinstance(coverage, TableReport) else _unknown("Schools with the mark"),
    ]
    now = clock()
    return page("figures.html", figures=shown, day=wording.day(london_day(now)), checked=wording.moment(now))


def _in_numbers(report: Report) -> list[Figure]:
    rows: defaultdict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for row in report.rows:
        measure, of = row.codes
        if measure in _MEASURES:
            rows[_MEASURES[measure]].append((_worded(of), row.count))
    csv = _csv("register", "register-in-numbers")
    return [
        Figure(title=title, first="Of", second="Count", bars=_bars(rows[title]), notes=report.notes, csv=csv)
        for title in dict.fromkeys(_MEASURES.values())
        if rows[title]
    ]


def _by_month(report: Report) -> Figure:
    issued = sorted((row.codes[0], row.count) for row in report.rows if row.codes[1] == "issued")[-MONTHS:]
    return Figure(
        title="Licences issued in each of the last twelve months",
        first="Month",
        second="Licences",
        bars=_bars([(_month(month), count) for month, count in issued]),
        notes=report.notes,
        csv=_csv("register", "licences-by-month"),
    )


def _by_region(report: TableReport) -> Figure:
    places = [report.columns.index(mark) for mark in _MARKS if mark in report.columns]
    rows = [
        (str(row[0] or "Not known"), sum(cell for place in places if isinstance(cell := row[place], int)))
        for row in report.rows
    ]
    return Figure(
        title="Schools that hold the mark or are on the way to it, by region",
        first="Region",
        second="Schools",
        bars=_bars(rows),
        notes=report.notes,
        csv=_csv("kitemark", "mark-coverage"),
    )


def _bars(rows: Sequence[tuple[str, int | None]]) -> tuple[Bar, ...]:
    most = max((count for _, count in rows if count), default=1)
    return tuple(
        Bar(label=label, count=count, width=round(WIDTH * (count or 0) / most, 1)) for label, count in rows
    )


def _unknown(title: str) -> Figure:
    return Figure(title=title, first="", second="", bars=(), notes=(), csv="", known=False)


def _csv(service: str, name: str) -> str:
    return f"/docs/{service}/v1/reports/{name}?format=csv"


def _worded(code: str) -> str:
    return _WORDS.get(code) or (code.replace("_", " ").capitalize() if code.islower() else code)


def _month(code: str) -> str:
    """Return 2026-11 as November 2026."""
    return date.fromisoformat(f"{code}-01").strftime("%B %Y")
