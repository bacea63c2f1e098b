"""How a school is named: a reference inside its scheme, so that no other reference poses as a URN."""

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import Malformed


class SchoolReferenceMalformed(Malformed):
    """This is no reference of the scheme {scheme}: a URN has six digits, or five for a children's centre;
    the references of other schemes have up to 20 letters, digits, hyphens and strokes."""


class SchoolScheme(StrEnum):
    """Who gave the reference: a URN is of the English register of establishments."""

    URN = "urn"
    NORTHERN_IRELAND = "northern_ireland"
    SCOTLAND = "scotland"
    WALES = "wales"


_SHAPES = {SchoolScheme.URN: re.compile(r"[0-9]{5,6}")}
_OTHER_SHAPE = re.compile(r"[0-9A-Za-z][0-9A-Za-z/-]{0,19}")


@dataclass(frozen=True, slots=True)
class School:
    """A school, college or children's centre by its reference."""

    scheme: SchoolScheme
    value: str


def checked_school(scheme: SchoolScheme, value: str) -> School:
    """Return the school, or refuse a reference that its scheme cannot have."""
    if not _SHAPES.get(scheme, _OTHER_SHAPE).fullmatch(value):
        raise SchoolReferenceMalformed(scheme=scheme.value)
    return School(scheme, value)
