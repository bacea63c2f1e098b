"""A completed award offered to the register: declared there by the association, and authenticated there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.cpd.domain.credits.progress import Progress
from shared.errors import Conflict, FieldError, NotFound, Unprocessable


class NoSuchAwardOffer(NotFound):
    """There is no such offer of an award, or it is not one of yours."""


class AwardNotComplete(Conflict):
    """This award is not complete on {day}: see errors for what is missing."""


class AwardOfferedAlready(Conflict):
    """This award of this person is offered already: withdraw that offer first, if it was wrong."""


class AwardOfferWithdrawn(Conflict):
    """This offer was withdrawn before."""


class AwardedInTheFuture(Unprocessable):
    """An award is offered when it was awarded: `awarded_on` lies in the future."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AwardOffer:
    """What was complete on a day, and the credit on which it rests, by id."""

    number: str
    programme: str
    programme_version: str
    award: str
    awarding_body: str
    framework: str
    level: str
    credits: int
    awarded_on: date
    rests_on: tuple[int, ...]


def check_complete(found: Progress, *, day: date) -> None:
    """Refuse an award of which anything is missing, and say what; raises AwardNotComplete."""
    errors = [
        FieldError(
            "/award",
            "core" if part.name is None else "group",
            _missing(part.name or "core", part.modules_missing, part.credits_missing, part.open),
        )
        for part in found.parts
        if not part.met
    ]
    if found.credits_missing:
        errors.append(FieldError("/award", "credits", f"{found.credits_missing} credits are missing."))
    if errors:
        raise AwardNotComplete(day=day.isoformat(), errors=errors)


def _missing(name: str, modules: int, credits: int, open_: Sequence[str]) -> str:
    return f"{name}: {modules} modules and {credits} credits are missing, of {', '.join(open_) or 'none'}."
