"""The texts and days that requests are made of: what cannot be stored or shown is refused with its field."""

import re
import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

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

ExternalId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(_one_line),
    AfterValidator(_unpadded),
]
"""A body's own id of something."""
