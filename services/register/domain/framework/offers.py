"""What is on offer to whoever lacks something for a role: qualifications, courses, modules, standards."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.register.domain.framework.framework import Requirement, RequirementKind
from services.register.domain.policy import Threshold


class OfferKind(StrEnum):
    """What is offered."""

    QUALIFICATION = "qualification"
    COURSE = "course"
    CPD_MODULE = "cpd_module"
    COMPETENCE_POLICY = "competence_policy"


class Certainty(StrEnum):
    """Whether an offer closes a gap by what is known of it, or only may."""

    CLOSES = "closes"
    MAY_CLOSE = "may_close"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Something on offer, as far as it is known; None is not known, never none.

    ``qualification`` is the code of the listed qualification that it leads to, and ``pending`` tells that the
    list does not recognise it yet. ``standards`` are the (suite, standard) pairs that it shows.
    """

    kind: OfferKind
    code: str
    title: str
    qualification: str | None = None
    framework: str | None = None
    level: str | None = None
    credits: int | None = None
    subject: str | None = None
    pending: bool = False
    standards: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """An offer that closes a gap, or may; ``unknown`` says what has to be found out first."""

    offer: Offer
    certainty: Certainty
    unknown: tuple[str, ...]


def closings(
    requirement: Requirement,
    *,
    thresholds: Sequence[Threshold],
    subjects: Collection[str],
    offers: Sequence[Offer],
) -> tuple[Closing, ...]:
    """Return the offers that would close a gap, those that surely do first, each group in the order given."""
    found = []
    for offer in offers:
        unknown = _unknown_of(offer, requirement, thresholds, subjects)
        if unknown is not None:
            certainty = Certainty.MAY_CLOSE if unknown else Certainty.CLOSES
            found.append(Closing(offer=offer, certainty=certainty, unknown=unknown))
    return tuple(sorted(found, key=lambda each: each.certainty is Certainty.MAY_CLOSE))


def _unknown_of(
    offer: Offer, requirement: Requirement, thresholds: Sequence[Threshold], subjects: Collection[str]
) -> tuple[str, ...] | None:
    """Return what is not known of an offer that fits, nothing where all is; None where it does not fit."""
    if requirement.kind is RequirementKind.COMPETENCE:
        return () if (requirement.suite, requirement.standard) in offer.standards else None
    if requirement.kind is RequirementKind.QUALIFICATION:
        return () if requirement.qualification == offer.qualification else None
    if offer.kind is OfferKind.CPD_MODULE and offer.level is None:
        return None
    if subjects and offer.subject is not None and offer.subject not in subjects:
        return None
    if not _fits(offer, thresholds, subjects):
        return None
    return tuple(_open_points(offer, thresholds, subjects))


def _fits(offer: Offer, thresholds: Sequence[Threshold], subjects: Collection[str]) -> bool:
    """Tell whether what is known of an offer speaks for it and nothing against it.

    Of one whose level is not known only its subject can; a framework for which no level is set is against.
    """
    if offer.framework is None or offer.level is None:
        return bool(thresholds) and offer.subject in subjects
    return any(
        offer.framework == each.framework
        and offer.level in each.levels
        and (offer.credits is None or offer.credits >= (each.minimum_credits or 0))
        for each in thresholds
    )


def _open_points(offer: Offer, thresholds: Sequence[Threshold], subjects: Collection[str]) -> Iterator[str]:
    if offer.framework is None or offer.level is None:
        yield "Its framework and level are not known."
    if offer.credits is None and any(each.minimum_credits for each in thresholds):
        yield "Its size in credits is not known."
    if subjects and offer.subject is None:
        yield "Its subject is not known."
    if offer.pending:
        yield "It is not on the recognised list: a registrar decides whether it is relevant."
