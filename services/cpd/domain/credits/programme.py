"""A programme: the awards to which modules lead, and the rules of combination of each."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from services.cpd.domain.credits.module import is_reference
from shared.errors import FieldError, NotFound, Unprocessable


class NoSuchProgramme(NotFound):
    """There is no such programme or version of it, or it is not yours to change."""


class NoSuchProgrammeAward(NotFound):
    """The programme has no award of this title: its awards are {awards}."""


class ProgrammeNotPlausible(Unprocessable):
    """This programme cannot be right: see errors for what to mend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Optional modules of which so many are asked, or so many credits, or both."""

    name: str
    modules: tuple[str, ...]
    minimum_modules: int | None = None
    minimum_credits: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Award:
    """An award of a programme, and what has to be brought together for it.

    Modules are named by association and id, such as ``ICG/M-1``. Credit counts where it is of the award's
    own framework and at one of the levels that it ``accepts``; levels of two frameworks are never compared.
    ``minimum_credits`` are asked in all, beside what each part asks.
    """

    title: str
    framework: str
    level: str
    accepts: tuple[str, ...]
    core: tuple[str, ...]
    groups: tuple[Group, ...] = ()
    minimum_credits: int | None = None

    @property
    def modules(self) -> tuple[str, ...]:
        """Every module that counts towards the award."""
        return (*self.core, *(module for group in self.groups for module in group.modules))


@dataclass(frozen=True, kw_only=True, slots=True)
class Programme:
    """One version of a programme, in effect from a day until the next one takes effect."""

    version: str
    effective_from: date
    title: str
    awarding_body: str
    awards: tuple[Award, ...]
    withdrawn: bool = False

    def award(self, title: str) -> Award:
        """Return the award of this title; raises NoSuchProgrammeAward."""
        for each in self.awards:
            if each.title == title:
                return each
        raise NoSuchProgrammeAward(awards="; ".join(each.title for each in self.awards))

    def as_dict(self) -> dict[str, Any]:
        """Return the programme as JSON."""
        return asdict(self) | {"effective_from": self.effective_from.isoformat()}


def parse_programme(data: Mapping[str, Any]) -> Programme:
    """Return the programme that the JSON of ``as_dict`` describes."""
    awards = tuple(_award(each) for each in data["awards"])
    return Programme(
        **dict(data) | {"awards": awards, "effective_from": date.fromisoformat(data["effective_from"])}
    )


def check_programme(programme: Programme) -> None:
    """Refuse rules that nobody could meet or that count something twice; raises ProgrammeNotPlausible."""
    errors: list[FieldError] = []
    titles = [award.title for award in programme.awards]
    for place, award in enumerate(programme.awards):
        at = f"/awards/{place}"
        if award.title in titles[:place]:
            errors.append(FieldError(f"{at}/title", "twice", "Two awards cannot have the same title."))
        if award.level not in award.accepts:
            errors.append(FieldError(f"{at}/accepts", "own-level", "An award accepts credit at its level."))
        errors += _rules(award, at)
    if errors:
        raise ProgrammeNotPlausible(errors=errors)


def named_modules(programme: Programme) -> Iterator[tuple[str, str]]:
    """Return each module that a programme names, with the pointer to where it does."""
    for place, award in enumerate(programme.awards):
        at = f"/awards/{place}"
        yield from ((f"{at}/core/{i}", module) for i, module in enumerate(award.core))
        for number, group in enumerate(award.groups):
            yield from (
                (f"{at}/groups/{number}/modules/{i}", module) for i, module in enumerate(group.modules)
            )


def _rules(award: Award, at: str) -> Iterator[FieldError]:
    if not award.modules:
        yield FieldError(f"{at}/core", "no-modules", "An award needs at least one module.")
    for module in dict.fromkeys(award.modules):
        if not is_reference(module):
            yield FieldError(at, "not-a-reference", f"Name {module} by association and id: ICG/M-1.")
        if award.modules.count(module) > 1:
            yield FieldError(at, "twice", f"{module} can stand in one place only, so that it counts once.")
    for number, group in enumerate(award.groups):
        here = f"{at}/groups/{number}"
        if group.minimum_modules is None and group.minimum_credits is None:
            yield FieldError(here, "asks-nothing", "Ask for a number of modules, or of credits.")
        if (group.minimum_modules or 0) > len(group.modules):
            yield FieldError(
                f"{here}/minimum_modules", "too-many", "There are fewer modules in the group than it asks."
            )


def _award(data: Mapping[str, Any]) -> Award:
    groups = tuple(Group(**each | {"modules": tuple(each["modules"])}) for each in data["groups"])
    lists = {"accepts": tuple(data["accepts"]), "core": tuple(data["core"])}
    return Award(**dict(data) | lists | {"groups": groups})
