"""A check: who asked what about whom, when and what for, and what the services said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.errors import NotFound, Unprocessable

MAY_CHECK = ("checks:write", "people:match", "members:write", "register:decide")
"""The scopes of which whoever checks needs one."""


class CheckKind(StrEnum):
    """What a check is about."""

    ADVISER = "adviser"
    BATCH = "batch"
    ASSURANCE = "assurance"


class NoSuchCheck(NotFound):
    """There is no check of this reference, or it is another caller's."""


class NumberNotReadable(Unprocessable):
    """This cannot be a registration number, so nothing was checked: {sentence}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checker:
    """On whose behalf a check is made: the client, and the school or association that it speaks for."""

    client_id: str
    urn: str | None = None
    association: str | None = None

    def as_claims(self) -> dict[str, str]:
        """Return who checked as the receipt says it, without what there is none of."""
        said = {"client_id": self.client_id, "urn": self.urn, "association": self.association}
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A check as it is kept for good.

    ``reference`` is random and names it to whoever holds the receipt. ``asked`` holds the question without
    any second fact itself, ``said`` what the services answered, ``positions`` how far the journal of each
    service went. ``subjects`` are the numbers that the answer is about.
    ``rows`` is what was said of each row of a batch, of which ``said`` then holds the digest; they are not
    among what a list of checks has.
    """

    reference: str
    kind: CheckKind
    checker: Checker
    purpose: str
    subjects: tuple[str, ...]
    made_at: datetime
    told_from: datetime
    asked: Mapping[str, Any] = field(repr=False)
    said: Mapping[str, Any] = field(repr=False)
    positions: Mapping[str, int]
    receipt: str = field(repr=False)
    rows: Sequence[Mapping[str, Any]] | None = field(default=None, repr=False)
