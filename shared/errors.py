"""The kinds of refusal.

A refusal is an answer, not a fault: someone asked for what may not be. Each is a class beside the rule
that raises it, named as a sentence; its docstring is the message that the caller reads, its parent is
the kind. ``shared.web`` turns a kind into an HTTP status, ``shared.http`` turns the status back.

    Refusal
    ├── Malformed            400   the request cannot be read
    ├── Unauthenticated      401   who are you?
    ├── Forbidden            403   not you
    ├── NotFound             404   no such thing, or not yours to see
    ├── Conflict             409   not in the state that this is in
    ├── Gone                 410   was here, is not any more
    ├── Stale                412   changed since you read it
    ├── TooLarge             413   more than is accepted at once
    ├── Unprocessable        422   read, and wrong
    ├── TooManyRequests      429   later
    └── Unavailable          503   a part that is needed does not answer
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong in the input: ``pointer`` is a JSON pointer, ``detail`` says how to mend it."""

    pointer: str
    code: str
    detail: str


class Refusal(Exception):
    """The request was refused."""

    status: ClassVar[int]

    def __init__(self, *, errors: Sequence[FieldError] = (), **values: object) -> None:
        """Fill the placeholders of the docstring with ``values``."""
        self.code = code_of(type(self))
        self.detail = " ".join((type(self).__doc__ or "").split()).format(**values)
        self.errors = tuple(errors)
        self.values = values
        super().__init__(self.detail)


def code_of(refusal: type[Refusal]) -> str:
    """Return the stable code of a refusal: its class name in kebab-case."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", refusal.__name__).lower()


class Malformed(Refusal):
    """The request could not be read."""

    status = 400


class Unauthenticated(Refusal):
    """This needs an access token, and none that is valid was sent."""

    status = 401


class Forbidden(Refusal):
    """The caller may not do this."""

    status = 403


class NotFound(Refusal):
    """There is nothing here, or nothing that the caller may see."""

    status = 404


class Conflict(Refusal):
    """This cannot be done in the present state."""

    status = 409


class Gone(Refusal):
    """This was here and is not any more."""

    status = 410


class Stale(Refusal):
    """This has changed since it was read."""

    status = 412


class TooLarge(Refusal):
    """This is more than is accepted at once."""

    status = 413


class Unprocessable(Refusal):
    """The request was read and is wrong."""

    status = 422


class TooManyRequests(Refusal):
    """Too many requests: try again later."""

    status = 429
    retry_after: int = 10


class Unavailable(Refusal):
    """A part that is needed for this does not answer: try again shortly."""

    status = 503
    retry_after: int = 5


KINDS: tuple[type[Refusal], ...] = (
    Malformed,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    Gone,
    Stale,
    TooLarge,
    Unprocessable,
    TooManyRequests,
    Unavailable,
)
