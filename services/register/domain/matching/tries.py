"""How often one request tries: facts are compared to confirm who somebody is, not to be guessed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from services.register.domain.matching.names import within_one_slip
from services.register.domain.matching.policy import MatchPolicy
from services.register.domain.matching.scoring import (
    Asked,
    Judged,
    KnownPerson,
    MatchOutcome,
    MatchReason,
    SentField,
)

# Whoever knows one of these has no need to guess who is meant.
_FIRM = frozenset({SentField.NUMBER, SentField.MEMBER_ID})


class Tries:
    """The dates of birth and e-mail addresses that a request gives beside each identifier and each name.

    A name one slip away from another counts with it, since such names are matched with one another.
    """

    def __init__(self, rows: Sequence[Asked], policy: MatchPolicy) -> None:
        self._policy = policy
        self._rows = rows
        self._beside_identifier: defaultdict[object, set[date]] = defaultdict(set)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            if row.date_of_birth is not None:
                for key in _identifiers(row):
                    self._beside_identifier[key].add(row.date_of_birth)
            if row.name.given and row.name.family:
                for form in within_one_slip(row.name.whole):
                    self._places[form].append(place)

    def most_beside_a_number(self) -> int:
        """Return how many different dates of birth the number has that was given with the most."""
        return max(
            (len(born) for key, born in self._beside_identifier.items() if type(key) is str), default=0
        )

    def allowed(self, asked: Asked, judged: Judged) -> Judged:
        """Return what was judged of a row, or that it was not compared, where the request tries too often."""
        if any(
            len(self._beside_identifier[key]) > self._policy.tries_per_identifier
            for key in _identifiers(asked)
            if key in self._beside_identifier
        ):
            return _NOT_COMPARED
        if judged.person is None or _FIRM & set(judged.agreed) or not self._guessed(judged.person):
            return judged
        return _NOT_COMPARED

    def _guessed(self, person: KnownPerson) -> bool:
        """Tell whether more dates or addresses stand beside this person's names than namesakes would have."""
        keys = {key for name in (*person.current, *person.previous) for key in (name.whole, name.swapped)}
        forms = {form for key in keys for form in within_one_slip(key)}
        beside = [
            self._rows[place] for place in {each for form in forms for each in self._places.get(form, ())}
        ]
        births = {row.date_of_birth for row in beside} - {None}
        emails = {row.email for row in beside} - {None}
        return max(len(births), len(emails)) > self._policy.tries_per_name


_NOT_COMPARED = Judged(outcome=MatchOutcome.NONE, reason=MatchReason.TOO_MANY_TRIES)


def _identifiers(row: Asked) -> Iterable[object]:
    """Yield what is one person's alone: the number as text, others as pairs."""
    if row.number is not None:
        yield row.number
    if row.member_id is not None:
        yield row.association, row.member_id
    if row.email is not None:
        yield "e-mail", row.email
