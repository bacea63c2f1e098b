"""Rules of combination: which modules together make a qualification."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.register.domain.directory.vocabulary import ModulePart


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """A module; its part and its credits are None where no source states them."""

    code: str
    part: ModulePart | None
    credits: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CombinationRule:
    """All core modules, and so many optional ones and credits; None where nothing is asked."""

    modules: tuple[Module, ...]
    minimum_optional: int | None
    minimum_credits: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """What is missing; ``credits_not_known`` names modules done whose credits no source states."""

    core: tuple[str, ...] = ()
    optional: int = 0
    credits: int = 0
    credits_not_known: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether nothing is missing."""
        return not (self.core or self.optional or self.credits)


def parse_rule(body: Mapping[str, Any]) -> CombinationRule | None:
    """Return the rule of a modular qualification as JSON gives it, or None where none is stated."""
    rule = body["combination"]
    if rule is None:
        return None
    return CombinationRule(
        modules=tuple(
            Module(
                code=module["code"],
                part=None if module["part"] is None else ModulePart(module["part"]),
                credits=module["credits"],
            )
            for module in body["modules"]
        ),
        minimum_optional=rule["minimum_optional"],
        minimum_credits=rule["minimum_credits"],
    )


def combination_complete(done: Collection[str], rule: CombinationRule) -> Missing:
    """Return what is missing of a qualification when these modules are done.

    A module counts once, however often it was done, and one that the rule does not know counts for nothing.
    A module whose part is not stated is neither core nor optional; one whose credits are not stated adds
    none, and is named.
    """
    counted = [module for module in rule.modules if module.code in done]
    optional = sum(module.part is ModulePart.OPTIONAL for module in counted)
    credits = sum(module.credits or 0 for module in counted)
    return Missing(
        core=tuple(
            module.code
            for module in rule.modules
            if module.part is ModulePart.CORE and module.code not in done
        ),
        optional=max(0, (rule.minimum_optional or 0) - optional),
        credits=max(0, (rule.minimum_credits or 0) - credits),
        credits_not_known=tuple(
            module.code for module in counted if rule.minimum_credits is not None and module.credits is None
        ),
    )
