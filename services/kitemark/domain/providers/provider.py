"""Providers: organisations that give guidance, what they are and do, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shared.errors import Conflict, FieldError, NotFound, Unprocessable

PUBLICLY_FUNDED = "publicly_funded"
SOLE_TRADER = "sole_trader"
SECTOR = "sector:"


class UkprnMalformed(Unprocessable):
    """A UKPRN has eight digits."""


class NoSuchProvider(NotFound):
    """There is no provider with the UKPRN {ukprn}."""


class ProviderNotPlausible(Unprocessable):
    """This provider cannot be right: see errors for what to mend."""


class ProviderClosed(Conflict):
    """This provider closed on {closed_on}: what became of it is recorded already."""


class ProviderSuccessorNotPossible(Unprocessable):
    """A provider cannot follow itself, nor one that closed after it, and its own last day cannot come before
    it took over from another: check both days."""


class Sector(StrEnum):
    """Who owns it."""

    PUBLIC = "public"
    PRIVATE = "private"
    THIRD = "third"


class Outcome(StrEnum):
    """What became of a provider that is no more."""

    CLOSED = "closed"
    MERGED = "merged"
    SUCCEEDED = "succeeded"


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstance:
    """What a provider does or is, or surely does not, between two days; None is an open end."""

    code: str
    holds: bool
    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether anything is said of a day; both ends are included."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """A provider as it is told; None is unknown, and a circumstance that nobody told is unknown too.

    ``local_authorities`` are the three-digit codes of the areas that it serves.
    """

    name: str
    trade_name: str | None = None
    sector: Sector | None = None
    sole_trader: bool | None = None
    publicly_funded: bool | None = None
    local_authorities: tuple[str, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()

    def claim(self, name: str, day: date) -> bool | None:
        """Tell whether a claim of a requirement rule holds on a day; None is unknown."""
        if name == PUBLICLY_FUNDED:
            return self.publicly_funded
        if name == SOLE_TRADER:
            return self.sole_trader
        if name.startswith(SECTOR):
            return None if self.sector is None else self.sector.value == name.removeprefix(SECTOR)
        told = [each.holds for each in self.circumstances if each.code == name and each.covers(day)]
        # Told both ways of one day, nothing is known of it; check() lets no such telling in.
        return told[0] if told and len(set(told)) == 1 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """The last day of a provider, and which one it went over into where it did."""

    closed_on: date
    outcome: Outcome
    successor: str | None


def checked_ukprn(text: str) -> str:
    """Return a UKPRN, or refuse what is none."""
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        raise UkprnMalformed
    return text


def described(told: Provider, *, circumstances: Iterable[str]) -> Provider:
    """Return a provider tidied and in order, or refuse what cannot be; given the codes that are known."""
    name = " ".join(told.name.split())
    trade_name = " ".join((told.trade_name or "").split()) or None
    areas = tuple(sorted(set(told.local_authorities)))
    errors = [] if name else [FieldError("/name", "missing", "A provider needs a name.")]
    errors += [
        FieldError("/local_authorities", "not-a-code", f"“{code}” is no local authority: three digits.")
        for code in areas
        if not (len(code) == 3 and code.isascii() and code.isdigit())
    ]
    errors += _contradictions(told.circumstances, known=frozenset(circumstances))
    if errors:
        raise ProviderNotPlausible(errors=errors)
    ordered = sorted(told.circumstances, key=lambda each: (each.code, each.first or date.min, each.holds))
    return replace(
        told, name=name, trade_name=trade_name, local_authorities=areas, circumstances=tuple(ordered)
    )


def close(
    ukprn: str,
    closing: Closing,
    *,
    held: Closing | None,
    successor: Closing | None,
    took_over_on: date | None,
) -> Closing:
    """Return the closing of a provider, or refuse it.

    ``held`` is its closing as it is known, ``successor`` that of its successor, ``took_over_on`` the last day
    on which it took over from another provider.
    """
    if held is not None:
        raise ProviderClosed(closed_on=held.closed_on.isoformat())
    if (closing.successor is None) is not (closing.outcome is Outcome.CLOSED):
        detail = "A provider that merged or was succeeded has a successor, one that closed has none."
        raise ProviderNotPlausible(errors=[FieldError("/successor", "does-not-fit", detail)])
    gone = successor is not None and successor.closed_on <= closing.closed_on
    early = took_over_on is not None and closing.closed_on <= took_over_on
    if closing.successor == ukprn or gone or early:
        raise ProviderSuccessorNotPossible
    return closing


def _contradictions(told: Sequence[Circumstance], *, known: frozenset[str]) -> list[FieldError]:
    errors = []
    for place, each in enumerate(told):
        pointer = f"/circumstances/{place}"
        if each.code not in known:
            allowed = f"This is not one of: {', '.join(sorted(known))}."
            errors.append(FieldError(f"{pointer}/code", "not-known", allowed))
        if each.first and each.last and each.last < each.first:
            errors.append(FieldError(f"{pointer}/valid_to", "ends-early", "This ends before it begins."))
        if any(_collide(each, other) for other in told[:place]):
            errors.append(FieldError(pointer, "told-twice", "Some of these days are told already."))
    return errors


def _collide(one: Circumstance, other: Circumstance) -> bool:
    if one.code != other.code:
        return False
    begins = max(one.first or date.min, other.first or date.min)
    return begins <= min(one.last or date.max, other.last or date.max)
