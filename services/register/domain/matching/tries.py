"""How often one request tries: facts are compared to confirm who somebody is, not to be guessed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from services.register.domain.matching.names import keys_to_look_up, shortened, within_one_slip
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

    A name one slip away from another counts with it, and so does a shortened one, since they are matched.
    """

    def __init__(self, rows: Sequence[Asked], policy: MatchPolicy) -> None:
        self._policy = policy
        self._beside_identifier: defaultdict[object, set[date]] = defaultdict(set)
        self._rows: defaultdict[str, list[Asked]] = defaultdict(list)
        self._initials: defaultdict[tuple[str, str], list[Asked]] = defaultdict(list)
        for row in rows:
            if row.date_of_birth is not None:
                for key in _identifiers(row):
                    self._beside_identifier[key].add(row.date_of_birth)
            if row.name.given and row.name.family:
                self._rows[row.name.whole].append(row)
                self._initials[row.name.first[:1], row.name.family].append(row)
        # Most forms are of one name only, and a list for each would cost more than all the rest.
        self._first: dict[str, str] = {}
        self._others: defaultdict[str, list[str]] = defaultdict(list)
        for name in self._rows:
            for form in within_one_slip(name):
                if self._first.setdefault(form, name) is not name:
                    self._others[form].append(name)

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
        names = (*person.current, *person.previous)
        forms = {form for key in keys_to_look_up(names) for form in within_one_slip(key)}
        near = {self._first[form] for form in forms if form in self._first}
        near |= {name for form in forms if form in self._others for name in self._others[form]}
        beside = [row for name in near for row in self._rows[name]]
        beside += [
            row
            for name in names
            for row in self._initials.get((name.first[:1], name.family), ())
            if shortened(row.name, name)
        ]
        if len(beside) <= self._policy.tries_per_name:
            return False
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
