"""How far somebody's credit leads towards an award: one pure function, explained credit by credit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.cpd.domain.credits.credit import CreditSource
from services.cpd.domain.credits.module import CreditValue
from services.cpd.domain.credits.programme import Award, Group


class Why(StrEnum):
    """What credit comes to: its module and its credits, its module alone, or nothing and why."""

    COUNTED = "counted"
    EXEMPTION = "exemption"
    NOT_IN_AWARD = "not_in_award"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    OTHER_FRAMEWORK = "other_framework"
    OTHER_LEVEL = "other_level"
    MODULE_COUNTED_ALREADY = "module_counted_already"


MEETS = frozenset({Why.COUNTED, Why.EXEMPTION})


@dataclass(frozen=True, kw_only=True, slots=True)
class Banked:
    """Credit as progress looks at it; on ``expires_on`` it counts no more."""

    id: int
    module: str
    source: CreditSource
    value: CreditValue
    awarded_on: date
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What one credit comes to."""

    banked: Banked
    why: Why


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The core, whose ``name`` is None, or a group; ``open`` are modules of it that are not met.

    Of the core every module is needed. ``modules_missing`` and ``credits_missing`` are what is still asked.
    """

    name: str | None
    met_by: Sequence[Judged]
    open: Sequence[str]
    modules_missing: int
    credits_missing: int

    @property
    def met(self) -> bool:
        """Tell whether nothing is missing."""
        return not (self.modules_missing or self.credits_missing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Where somebody stands on a day; ``expires_first`` is when the first counted credit counts no more."""

    award: Award
    parts: Sequence[Part]
    credits: int
    credits_missing: int
    judged: Sequence[Judged]
    expires_first: date | None

    @property
    def complete(self) -> bool:
        """Tell whether every rule of the award is met."""
        return not self.credits_missing and all(part.met for part in self.parts)

    @property
    def counted(self) -> Sequence[Judged]:
        """The credit on which it rests, each module once."""
        return [each for each in self.judged if each.why in MEETS]


def progress(award: Award, credit: Sequence[Banked], *, day: date) -> Progress:
    """Return how far credit leads towards an award on a day.

    Each module counts once, by the credit that brings most and then lasts longest, so that the order of
    credit does not matter and more of it never leads less far.
    """
    judged = _judged(award, credit, day)
    by_module = {each.banked.module: each for each in judged if each.why in MEETS}
    total = sum(_credits(each) for each in by_module.values())
    return Progress(
        award=award,
        parts=[_core(award, by_module), *(_group(group, by_module) for group in award.groups)],
        credits=total,
        credits_missing=max(0, (award.minimum_credits or 0) - total),
        judged=judged,
        expires_first=min(
            (each.banked.expires_on for each in by_module.values() if each.banked.expires_on), default=None
        ),
    )


def _judged(award: Award, credit: Sequence[Banked], day: date) -> list[Judged]:
    found = {each.id: _alone(award, each, day) for each in credit}
    same: defaultdict[str, list[Banked]] = defaultdict(list)
    for each in credit:
        if found[each.id] in MEETS:
            same[each.module].append(each)
    for rivals in same.values():
        for other in sorted(rivals, key=_worth)[1:]:
            found[other.id] = Why.MODULE_COUNTED_ALREADY
    return [Judged(each, found[each.id]) for each in sorted(credit, key=lambda each: each.id)]


def _alone(award: Award, each: Banked, day: date) -> Why:
    """Return what credit comes to when nothing else is looked at."""
    outside = (
        (each.module not in award.modules, Why.NOT_IN_AWARD),
        (each.awarded_on > day, Why.NOT_YET),
        (each.expires_on is not None and each.expires_on <= day, Why.EXPIRED),
        (each.value.framework != award.framework, Why.OTHER_FRAMEWORK),
        (each.value.level not in award.accepts, Why.OTHER_LEVEL),
        (each.source is CreditSource.EXEMPTED, Why.EXEMPTION),
    )
    return next((why for is_so, why in outside if is_so), Why.COUNTED)


def _worth(each: Banked) -> tuple[bool, int, int, int]:
    """Return the place among credit of one module, that which brings most and lasts longest first."""
    lasts = (each.expires_on or date.max).toordinal()
    return each.source is CreditSource.EXEMPTED, -each.value.credits, -lasts, each.id


def _core(award: Award, by_module: Mapping[str, Judged]) -> Part:
    missing = [module for module in award.core if module not in by_module]
    return Part(
        name=None,
        met_by=[by_module[module] for module in award.core if module in by_module],
        open=missing,
        modules_missing=len(missing),
        credits_missing=0,
    )


def _group(group: Group, by_module: Mapping[str, Judged]) -> Part:
    met_by = [by_module[module] for module in group.modules if module in by_module]
    credits = sum(map(_credits, met_by))
    return Part(
        name=group.name,
        met_by=met_by,
        open=[module for module in group.modules if module not in by_module],
        modules_missing=max(0, (group.minimum_modules or 0) - len(met_by)),
        credits_missing=max(0, (group.minimum_credits or 0) - credits),
    )


def _credits(each: Judged) -> int:
    return each.banked.value.credits if each.why is Why.COUNTED else 0
