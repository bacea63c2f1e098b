"""What may be searched for, and what is said of how somebody was found."""

from collections.abc import Sequence

from services.register.domain.finding.words import EXACT, Typed
from shared.errors import Conflict, NotFound, Unprocessable

MOST_WORDS_TYPED = 6


class NameTooShort(Unprocessable):
    """Type at least two letters of a name: too many people have the same initial."""


class NameTooLong(Unprocessable):
    """Type at most {most} words of a name."""


class FilterNotKnown(Unprocessable):
    """Some filters are not in the reference data: each error lists what is allowed."""


class NoSuchUnlisting(NotFound):
    """There is no unlisting {unlisting_id}."""


class UnlistingAlreadyLifted(Conflict):
    """This was lifted already: the entry is found by name again."""


class UnlistingReasonMissing(Unprocessable):
    """Say why: the reason is read by registrars only."""


def check_words(words: Sequence[Typed]) -> None:
    """Refuse what is too short or too long to search for."""
    if len(words) > MOST_WORDS_TYPED:
        raise NameTooLong(most=MOST_WORDS_TYPED)
    if all(len(word.exact) <= len(EXACT) + 1 for word in words):
        raise NameTooShort


def checked_reason(given: str) -> str:
    """Return the reason without spaces around it, or refuse an empty one."""
    reason = given.strip()
    if not reason:
        raise UnlistingReasonMissing
    return reason
