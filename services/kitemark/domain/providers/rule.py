"""Requirement rules: which providers have to be accredited to which standard, and which are encouraged to be.

A rule is dated data with a source. Nothing here knows a standard, an association or a kind of contract.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shared.errors import Unprocessable


class RuleNotUnderstood(Unprocessable):
    """This requirement rule cannot be read: {reason}."""


class Severity(StrEnum):
    """How strongly a rule asks."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"


class Binding(StrEnum):
    """Whose word a rule is, so that nobody takes a position of the profession for the law."""

    OWNER = "owner_of_the_standard"
    ASSOCIATION = "association"
    POSITION = "position_of_the_profession"


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that has to be so, or not so, of a provider."""

    name: str
    wanted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One version of a rule: it applies where every claim of one of its cases holds.

    ``effective_to`` is the last day, None where none is known. ``asks_of`` says it in a sentence.
    """

    rule: str
    version: str
    standard: str
    severity: Severity
    binding: Binding
    cases: tuple[tuple[Claim, ...], ...]
    effective_from: date
    effective_to: date | None
    asks_of: str
    source: str
    note: str | None


def read_rule(entry: Mapping[str, Any]) -> Rule:
    """Return the rule that an entry of the reference data describes, or say what cannot be read."""
    try:
        ends = entry["effective_to"]
        read = Rule(
            rule=entry["rule"],
            version=entry["code"],
            standard=entry["standard"],
            severity=Severity(entry["severity"]),
            binding=Binding(entry["binding"]),
            cases=tuple(
                tuple(Claim(claim["claim"], claim["is"]) for claim in case) for case in entry["applies_when"]
            ),
            effective_from=date.fromisoformat(entry["effective_from"]),
            effective_to=None if ends is None else date.fromisoformat(ends),
            asks_of=entry["asks_of"],
            source=entry["source"]["ref"],
            note=entry["source"].get("note"),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise RuleNotUnderstood(reason=str(fault)) from None
    if not read.cases or not all(read.cases):
        raise RuleNotUnderstood(reason="a rule needs cases, and each case a claim")
    if read.effective_to is not None and read.effective_to < read.effective_from:
        raise RuleNotUnderstood(reason="it ends before it begins")
    return read


def in_force(rules: Iterable[Rule], day: date) -> tuple[Rule, ...]:
    """Return the newest begun version of each rule, without those that have ended, by name."""
    newest: dict[str, Rule] = {}
    for each in sorted(rules, key=lambda rule: (rule.rule, rule.effective_from, rule.version)):
        if each.effective_from <= day:
            newest[each.rule] = each
    return tuple(each for each in newest.values() if each.effective_to is None or day <= each.effective_to)
