"""Which lines of the journal are changes for which follower, and what of their facts is shown.

Whoever follows everybody, as the careers service does, is told what changes what the public may see of
a number. An association is told that of its own members, and besides everything that it has told itself or
that was decided on what it told.
"""

from collections.abc import Mapping
from typing import Any

PUBLIC = frozenset(
    {
        "code.accepted",
        "death.correction-decided",
        "decision.published",
        "entry.listed",
        "licence.evidence-changed",
        "licence.issued",
        "licence.lapsed",
        "licence.renewed",
        "member.changed",
        "membership.changed",
        "membership.ended",
        "membership.recorded",
        "name.changed",
        "people.merged",
        "people.parted",
        "person.erased",
        "post.attested",
        "post.disputed",
        "post.ended",
        "post.visibility-changed",
        "register.deceased",
        "register.entered",
        "register.retired",
        "restoration.decided",
        "sanction.imposed",
        "sanction.lifted",
    }
)
"""Events after which a look-up of the number may give another answer than before."""

OWN = PUBLIC | {
    "application.admitted",
    "application.refused",
    "application.submitted",
    "application.withdrawn",
    "entry-route.evidence-submitted",
    "entry-route.granted",
    "entry-route.judged",
    "entry-route.modules-named",
    "entry-route.refused",
    "entry-route.submitted",
    "entry-route.withdrawn",
    "holding.authenticated",
    "holding.authentication-withdrawn",
    "holding.completed",
    "holding.declared",
    "holding.found-relevant",
    "holding.rejected",
    "holding.withdrawn",
    "member.recorded",
    "renewal.reminder-due",
}
"""Events of which the associations of the person are told."""

UNTOLD = frozenset(
    {
        "death.correction-proposed",
        "entry.unlisted",
        "erasure.declined",
        "erasure.proposed",
        "member.join-refused",
        "post.told",
        "restoration.proposed",
    }
)
"""Events of a number that no follower is told: nothing has been decided, or telling would do harm."""

_OF_AN_ASSOCIATION = frozenset({"association", "category"})


def shown(facts: Mapping[str, Any], *, association: str | None) -> dict[str, Any]:
    """Return the facts of a line as a follower reads them.

    Which association somebody belongs to, and what that association calls it, is told to that one only.
    """
    if association is not None and facts.get("association", association) == association:
        return dict(facts)
    return {name: value for name, value in facts.items() if name not in _OF_AN_ASSOCIATION}
