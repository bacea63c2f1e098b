"""Who may admit whom, and with which scopes: four eyes on the evidence as well as on the application."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.register.domain.licence import (
    Admission,
    NoAuthenticatedQualification,
    scopes_earned,
)
from services.register.domain.policy import EntryPolicy, Scope
from services.register.domain.qualification import Holding
from shared.errors import Conflict, Forbidden


class AuthenticatorMayNotAdmit(Forbidden):
    """You authenticated the qualification on which this rests, so another registrar has to admit."""


class PossibleDuplicateUndecided(Conflict):
    """This may be somebody whom the register knows already: decide the possible duplicate first."""


class ScopeNotEarned(Conflict):
    """The application asks for {wanted}, and the authenticated qualifications earn only {earned}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What is granted of what was asked for, and the holding that bears the licence."""

    admission: Admission
    bearing_holding_id: int


def grant(
    admit: Callable[[Sequence[Holding]], Admission],
    *,
    by: str,
    holdings: Sequence[Holding],
    wanted: Sequence[Scope],
    policy: EntryPolicy,
) -> Grant:
    """Return what ``admit`` grants on holdings that somebody other than the decider authenticated.

    Nobody is given less than they asked for without being told: a scope that was asked for and not
    earned refuses the whole. Where it rests on the decider's own work, the decider may not admit.
    """
    whole = _limited(admit(holdings), wanted, holdings=holdings, policy=policy)
    others = [holding for holding in holdings if holding.decided_by != by]
    if len(others) == len(holdings):
        return whole
    try:
        return _limited(admit(others), wanted, holdings=others, policy=policy)
    except (NoAuthenticatedQualification, ScopeNotEarned):
        raise AuthenticatorMayNotAdmit from None


def codes_in_force(codes: Sequence[Mapping[str, Any]], *, day: date) -> frozenset[str]:
    """Return the versions of the code of ethics in force on the day; one without a first day never is."""
    return frozenset(
        each["code"]
        for each in codes
        if each["effective_from"] is not None
        and date.fromisoformat(each["effective_from"]) <= day
        and (each["effective_to"] is None or day <= date.fromisoformat(each["effective_to"]))
    )


def _limited(
    admission: Admission, wanted: Sequence[Scope], *, holdings: Sequence[Holding], policy: EntryPolicy
) -> Grant:
    """Return the admission with only the scopes asked for."""
    granted = tuple(scope for scope in admission.scopes if scope in wanted)
    if len(granted) != len(set(wanted)):
        raise ScopeNotEarned(wanted=_listed(wanted), earned=_listed(admission.scopes))
    borne_by = {each.scope: each.holding_id for each in scopes_earned(holdings, policy=policy)}
    return Grant(admission=replace(admission, scopes=granted), bearing_holding_id=borne_by[granted[0]])


def _listed(scopes: Sequence[Scope]) -> str:
    return " and ".join(scope.replace("_", " ") for scope in Scope if scope in scopes)
