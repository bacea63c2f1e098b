"""What a verdict means, in words for a headteacher: what is so, and what to do next."""

from collections.abc import Sequence
from datetime import date

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_CHOOSE_ANOTHER = "choose somebody whose licence is in force"


def written(day: date) -> str:
    """Return a day as people write it, such as 31 March 2027."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def licensed(until: date | None, *, guidance: bool, scopes: Sequence[str]) -> str:
    """Say that a licence is in force, and what it covers."""
    if guidance:
        return (
            f"This person is licensed to practise{_until(until)} and may give personal careers "
            f"guidance: nothing more is needed{_recheck(until)}."
        )
    return (
        f"This person is licensed to practise{_until(until)}{_only(scopes)}, but the licence does "
        f"not cover personal careers guidance: for guidance, choose somebody whose licence does."
    )


def licensed_with_conditions(until: date | None, *, guidance: bool, scopes: Sequence[str]) -> str:
    """Say that a licence is in force with conditions, and what it covers."""
    if guidance:
        return (
            f"This person is licensed to practise{_until(until)} with conditions, and may give "
            "personal careers guidance only while keeping to them: read the conditions and ask "
            "how they are being met."
        )
    return (
        f"This person is licensed to practise{_until(until)}{_only(scopes)} with conditions, and "
        "the licence does not cover personal careers guidance: read the conditions, and for "
        "guidance choose somebody whose licence covers it."
    )


def not_licensed() -> str:
    """Say that somebody has a number and no register entry."""
    return (
        "This person has a number but has not been admitted to the register, and is not licensed "
        f"to give careers guidance: {_CHOOSE_ANOTHER}, or ask this person to check again with you "
        "once they have been admitted."
    )


def in_grace(ended: date) -> str:
    """Say that a licence has ended and may still be renewed."""
    return (
        f"This person’s licence ended on {written(ended)} and has not been renewed, so they are "
        "not licensed to give careers guidance now: ask them to renew it, and check again before "
        "they start."
    )


def lapsed(ended: date | None) -> str:
    """Say that no licence is in force and that the time for renewing is over."""
    if ended is None:
        return (
            "This person has no licence in force and is not licensed to give careers guidance: "
            f"{_CHOOSE_ANOTHER}, or ask their association how they can be licensed."
        )
    return (
        f"This person’s licence ended on {written(ended)} and lapsed, so they are not licensed to "
        f"give careers guidance: {_CHOOSE_ANOTHER}, or check again once this person is licensed "
        "anew."
    )


def deceased() -> str:
    """Say that the holder of a number has died: of a person, and with what to do about the number."""
    return (
        "The register has been told that this person has died, and their licence ended with them. Nobody "
        "else may use this number: tell the register if somebody gives it as theirs."
    )


def in_no_association() -> str:
    """Say that a licence rests because its holder has left every association."""
    return (
        "This person has left every professional association, so their licence is not in force and they are "
        f"not licensed to give careers guidance: {_CHOOSE_ANOTHER}, or check again once this person has "
        "joined an association."
    )


def suspended(until: date | None, *, interim: bool) -> str:
    """Say that somebody is suspended, for the time being or until a day."""
    why = " while a concern is looked into" if interim else ""
    length = "" if until is None else f" until the end of {written(until)}"
    return (
        f"This person is suspended{why}{length} and is not licensed to give careers guidance: do "
        "not let them give guidance, and check again before they return."
    )


def removed() -> str:
    """Say that somebody was removed from the register."""
    return (
        "This person was removed from the register and is not licensed to give careers guidance: "
        "do not let them give guidance, and tell the register if they say that they are licensed."
    )


def retired() -> str:
    """Say that somebody has retired from the register."""
    return (
        "This person has retired from the register and is no longer licensed to give careers "
        f"guidance: {_CHOOSE_ANOTHER}."
    )


def merged(kept_number: str) -> str:
    """Say that another number now carries the record."""
    return f"This number was joined to {kept_number}: look that number up, it holds the record."


def never_issued() -> str:
    """Say that nobody has this number."""
    return (
        "This number has never been given to anybody: ask the person to show where they have it "
        "from, and do not rely on it."
    )


def malformed() -> str:
    """Say that this is no registration number."""
    return "This is not a registration number: compare it with the original and try again."


def details_do_not_match() -> str:
    """Say that a number is somebody else's, or a detail was mistyped."""
    return (
        "The number exists, but the name or date of birth given with it does not belong to it: "
        "check both with the person, and do not rely on the number until they agree."
    )


def _until(until: date | None) -> str:
    return "" if until is None else f" until the end of {written(until)}"


def _recheck(until: date | None) -> str:
    return "" if until is None else ", but check again after that day"


def _only(scopes: Sequence[str]) -> str:
    return f" in {' and '.join(scope.replace('_', ' ') for scope in scopes)}" if scopes else ""
