"""The texts and days that requests are made of: what cannot be stored or shown is refused with its field."""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.cpd.routes.axes import parse_instant

MOST_HOURS = 10_000  # more than a year has
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Body(BaseModel):
    """A body or a part of one: a field that is not known is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class NothingIn(Body):
    """An empty object, or no body at all: the path says it all."""


def _one_line(text: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
        raise PydanticCustomError("control_character", "This may not contain control characters.")
    if "\ufffd" in text:
        raise PydanticCustomError("damaged_text", "This was damaged on the way: send it as UTF-8.")
    return text


def _paragraphs(text: str) -> str:
    if any(
        unicodedata.category(character) in {"Cc", "Cs"} and character not in "\r\n\t" for character in text
    ):
        raise PydanticCustomError("control_character", "This may not contain control characters.")
    return text


def _unpadded(text: str) -> str:
    if text != text.strip():
        raise PydanticCustomError("padded", "This may not begin or end with a space.")
    return text


def _written_as_day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "A day is written as 2026-11-21.")
    return value


Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_one_line)]
"""One line of text."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_one_line)]
"""A code of the reference data, or another name of it."""

Sentence = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_paragraphs)]
"""Some sentences."""

NumberText = Annotated[str, StringConstraints(max_length=64), AfterValidator(_one_line)]
"""A registration number as people type it."""

# The bounds keep days that no calendar arithmetic can leave.
Day = Annotated[date, BeforeValidator(_written_as_day), Field(ge=date(1800, 1, 1), le=date(2999, 12, 31))]
"""A day such as 2026-11-21."""

MemberId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(_one_line),
    AfterValidator(_unpadded),
]
"""An association's own id of a member."""

MemberIdInPath = Annotated[MemberId, Path(description="The association's own id of the member.")]
AssociationCode = Annotated[
    str,
    Path(min_length=1, max_length=32, description="The association's code, such as ICG."),
    AfterValidator(_one_line),
]
Number = Annotated[
    NumberText, Path(description="A registration number; case, spaces and hyphens do not matter.")
]


def _written_as_hours(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("hours", "Hours are a number such as 1.5, not a text or a time of day.")
    hours = Decimal(str(value))
    if not hours.is_finite() or abs(hours) >= MOST_HOURS or hours != round(hours, 2):
        raise PydanticCustomError("hours", "Hours are fewer than 10,000 and have at most two decimals.")
    return hours


Hours = Annotated[Decimal, BeforeValidator(_written_as_hours), Field(gt=0)]
"""A number of hours, with at most two decimals."""

EntryId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(_one_line),
    AfterValidator(_unpadded),
]
"""An association's own id of an entry."""

EntryIdInPath = Annotated[EntryId, Path(description="The association's own id of the entry.")]


def _written_as_instant(value: Any) -> Any:
    try:
        return parse_instant(value)
    except ValueError as fault:
        raise PydanticCustomError("instant", "{why}", {"why": str(fault)}) from None


Instant = Annotated[
    datetime, BeforeValidator(_written_as_instant), Field(lt=datetime(3000, 1, 1, tzinfo=UTC))
]
"""An instant such as 2026-11-21T09:30:00Z."""
