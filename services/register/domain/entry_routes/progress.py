"""What is still missing on a route to entry, and whose turn it is, at every step."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.register.domain.entry_routes.route import (
    OPEN,
    EntryRoute,
    Judgement,
    Mover,
    Part,
    RouteStatus,
)
from services.register.domain.membership import Missing


class PartStatus(StrEnum):
    """Where one part of a route stands."""

    EVIDENCE_MISSING = "evidence_missing"
    WAITING = "waiting_for_judgement"
    MORE_EVIDENCE = "more_evidence"
    NOT_MET = "not_met"
    MET = "met"


_AFTER = {Judgement.NOT_MET: PartStatus.NOT_MET, Judgement.MORE_EVIDENCE: PartStatus.MORE_EVIDENCE}
_SAID = {
    PartStatus.EVIDENCE_MISSING: "no evidence has been submitted",
    PartStatus.WAITING: "the evidence waits for an assessor’s judgement",
    PartStatus.MORE_EVIDENCE: "the assessor asks for more evidence",
    PartStatus.NOT_MET: "the evidence did not meet it, and further evidence may be submitted",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a route has come; ``waits_for`` is nobody once it is over."""

    parts: tuple[tuple[Part, PartStatus], ...]
    optional_credits_met: int
    missing: tuple[Missing, ...]
    waits_for: tuple[Mover, ...]


def progress_of(route: EntryRoute) -> Progress:
    """Return how far a route has come, what is missing for it to be granted, and who has to act."""
    parts = tuple((part, status_of(route, part)) for part in route.parts)
    return Progress(
        parts=parts,
        optional_credits_met=route.optional_credits_met,
        missing=tuple(_missing(route)),
        waits_for=_waits_for(route),
    )


def status_of(route: EntryRoute, part: Part) -> PartStatus:
    """Return where a part stands: what was found of its newest evidence, and met once it was met."""
    if route.met(part):
        return PartStatus.MET
    newest = max(
        (each for each in route.evidence if each.part == part.code),
        key=lambda each: each.evidence_id,
        default=None,
    )
    if newest is None:
        return PartStatus.EVIDENCE_MISSING
    return PartStatus.WAITING if newest.judgement is None else _AFTER[newest.judgement]


def _missing(route: EntryRoute) -> Iterator[Missing]:
    if route.status is RouteStatus.REQUESTED:
        yield Missing(code="modules-not-named", detail="A registrar has to name the modules required.")
    elif route.status is RouteStatus.GATHERING:
        yield from _missing_parts(route)
    elif route.status is RouteStatus.ASSESSED:
        detail = "A registrar who submitted and judged nothing of it has to decide."
        yield Missing(code="decision-waits", detail=detail)


def _missing_parts(route: EntryRoute) -> Iterator[Missing]:
    for part in route.parts:
        status = status_of(route, part)
        if part.required and status is not PartStatus.MET:
            detail = f"“{part.title}” ({part.code}): {_SAID[status]}."
            yield Missing(code=status.replace("_", "-"), detail=detail)
    lacking = route.optional_credits - route.optional_credits_met
    if lacking > 0:
        detail = (
            f"Optional parts have to give {route.optional_credits} credits; "
            f"{route.optional_credits_met} are met and {lacking} are missing."
        )
        yield Missing(code="optional-credits-missing", detail=detail)


def _waits_for(route: EntryRoute) -> tuple[Mover, ...]:
    if route.status not in OPEN:
        return ()
    if route.status is not RouteStatus.GATHERING:
        return (Mover.REGISTRAR,)
    statuses = {status_of(route, part) for part in route.parts}
    waits = [Mover.REGISTRAR] if PartStatus.WAITING in statuses else []
    if statuses - {PartStatus.WAITING, PartStatus.MET}:
        waits.insert(0, Mover.ASSOCIATION)
    return tuple(waits)
