"""Days and instants, read strictly: what is not written as agreed is refused with how to write it."""

import re
from datetime import UTC, date, datetime
from typing import Any

from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition, scalar

from shared.clock import rfc3339

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def read_day(value: Any) -> date:
    """Return the day that is written as 2026-11-21."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise GraphQLError("A day is written as 2026-11-21, and it must exist.")


def read_instant(value: Any) -> datetime:
    """Return the instant, in UTC, that is written as 2026-11-21T09:30:00Z."""
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise GraphQLError("An instant is written as 2026-11-21T09:30:00Z, with Z or an offset, and must exist.")


SCALARS: dict[object, ScalarDefinition] = {
    date: scalar(
        name="Date",
        description="A day, in London, written as `2026-11-21`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=date.isoformat,
        parse_value=read_day,
    ),
    datetime: scalar(
        name="DateTime",
        description="An instant, written as `2026-11-21T09:30:00Z`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=rfc3339,
        parse_value=read_instant,
    ),
}
