"""How the JSON of a policy is read: field by field, and nothing that is not understood is passed over."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from shared.errors import Unprocessable

Choice = TypeVar("Choice", bound=StrEnum)


class PolicyNotUnderstood(Unprocessable):
    """The policy cannot be read: {reason}."""


def check_keys(data: object, expected: str, what: str, *, optional: str = "") -> None:
    """Refuse anything but an object with exactly these keys; those that are optional may be left out."""
    if not isinstance(data, Mapping):
        raise PolicyNotUnderstood(reason=f"{what} must be an object")
    names = set(expected.split())
    for key in sorted(names - set(data)):
        raise PolicyNotUnderstood(reason=f"{what} lacks “{key}”")
    for key in sorted(map(str, set(data) - names - set(optional.split()))):
        raise PolicyNotUnderstood(reason=f"{what} has “{key}”, which means nothing here")


def listed(data: Mapping[str, Any], key: str) -> list[Any]:
    """Return the list under a key."""
    value = data[key]
    if not isinstance(value, list):
        raise PolicyNotUnderstood(reason=f"“{key}” must be a list")
    return value


def text(data: Mapping[str, Any], key: str) -> str:
    """Return the text under a key, which may not be empty."""
    value = data[key]
    if not isinstance(value, str) or not value.strip():
        raise PolicyNotUnderstood(reason=f"“{key}” must be text")
    return value


def texts(data: Mapping[str, Any], key: str) -> frozenset[str]:
    """Return a set of strings; a level given as a bare number is refused with the rest."""
    values = listed(data, key)
    if not values or not all(isinstance(each, str) and each.strip() for each in values):
        raise PolicyNotUnderstood(reason=f"“{key}” must be a list of text, and not an empty one")
    return frozenset(values)


def whole(data: Mapping[str, Any], key: str, *, least: int) -> int:
    """Return the whole number under a key."""
    value = data[key]
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise PolicyNotUnderstood(reason=f"“{key}” must be a whole number, {least} or more")
    return value


def day(data: Mapping[str, Any], key: str) -> date:
    """Return the day under a key."""
    try:
        return date.fromisoformat(text(data, key))
    except ValueError:
        raise PolicyNotUnderstood(reason=f"“{key}” must be a day such as 2026-11-21") from None


def choice(data: Mapping[str, Any], key: str, choices: type[Choice]) -> Choice:
    """Return the one of the choices that stands under a key."""
    value = data[key]
    if value not in list(choices):
        raise PolicyNotUnderstood(reason=f"“{key}” must be one of {', '.join(choices)}")
    return choices(value)
