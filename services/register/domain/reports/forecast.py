"""Who falls below an entry policy, and what each lacks: the policy judges as if it were in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.register.domain.facts import LicenceFact
from services.register.domain.policy import EntryPolicy, Scope
from services.register.domain.qualification import Holding, HoldingStatus
from services.register.domain.renewal.evidence import judge, judge_by, lacking

ONE_DAY = timedelta(days=1)
UNKNOWN = "unknown"


class ForecastOutcome(StrEnum):
    """What becomes of a licence when the policy asks: borne, borne for a time, or not borne any more."""

    MEETS = "meets"
    GRANDFATHERED = "grandfathered"
    WORKING_TOWARDS = "working_towards"
    BELOW = "below"


class Readiness(StrEnum):
    """How near somebody is to what a policy asks."""

    READY = "ready"
    ON_THE_WAY = "on_the_way"
    NOT_YET = "not_yet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Who is licensed on the day of the forecast: their number, where, through whom, and until when.

    ``ends_on`` is the last day of the licence that is in force or to come.
    """

    number: str
    home_country: str | None
    associations: tuple[str, ...]
    scopes: tuple[Scope, ...]
    ends_on: date
    holdings: tuple[Holding, ...]
    licensed: tuple[LicenceFact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """What a policy makes of one licence.

    ``falls_on`` is the first day on which it is no longer borne; None where it is. ``lacks`` are the codes of
    what is missing, ``qualification`` that which bears the licence today.
    """

    holder: Holder
    outcome: ForecastOutcome
    falls_on: date | None
    lacks: tuple[str, ...]
    qualification: str


def forecast(holder: Holder, policy: EntryPolicy, known: Sequence[EntryPolicy], *, today: date) -> Forecast:
    """Return what a policy makes of a licence from the day on which it begins, or from today.

    A licence that runs is not touched: it falls at the first renewal that the policy judges, or when the
    transition that helped is over.
    """
    day = max(policy.effective_from, today)
    told = {"holdings": holder.holdings, "scopes": holder.scopes, "licensed": holder.licensed}
    judged = judge_by(policy, known, day=day, **told)  # type: ignore[arg-type]
    missing = lacking(holder.holdings, scopes=holder.scopes, policy=policy)
    outcome, falls_on = ForecastOutcome.MEETS, None
    if judged.transition is not None and judged.until is not None:
        outcome = ForecastOutcome(judged.transition.value)
        falls_on = max(judged.until, holder.ends_on) + ONE_DAY
    elif judged.holding_id is None:
        outcome, falls_on = ForecastOutcome.BELOW, max(day, holder.ends_on + ONE_DAY)
    return Forecast(
        holder=holder,
        outcome=outcome,
        falls_on=falls_on,
        lacks=tuple(sorted({each.code for each in missing})),
        qualification=_bearing(holder, known, today=today),
    )


def readiness(found: Forecast) -> Readiness:
    """Return how near a licence holder is to what the policy asks."""
    if not found.lacks:
        return Readiness.READY
    on_the_way = any(each.status is HoldingStatus.WORKING_TOWARDS for each in found.holder.holdings)
    return Readiness.ON_THE_WAY if on_the_way else Readiness.NOT_YET


def _bearing(holder: Holder, known: Sequence[EntryPolicy], *, today: date) -> str:
    """Return the code of the qualification that bears the licence today, where one is listed."""
    judged = judge(known, day=today, holdings=holder.holdings, scopes=holder.scopes, licensed=holder.licensed)
    bearer = next((each for each in holder.holdings if each.holding_id == judged.holding_id), None)
    return bearer.qualification if bearer and bearer.qualification else UNKNOWN
