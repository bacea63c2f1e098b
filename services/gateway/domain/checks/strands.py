"""What a receipt says of the strands of a school, an adviser or a provider that were checked together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.domain.checks.batch import digest_of

# Of so many strands each stands in the receipt itself; of more, the digest speaks for them.
MOST_IN_A_RECEIPT = 20
SHORT = ("strand", "subject", "holds", "word")


def summary_of(strands: Sequence[Mapping[str, Any]], *, overall: str, policy: str) -> dict[str, Any]:
    """Return what the strands came to by which policy, how many hold, each in short, and their digest."""
    holds = Counter(str(each["holds"]) for each in strands)
    listed = strands if len(strands) <= MOST_IN_A_RECEIPT else ()
    return {
        "overall": overall,
        "assurance_policy": policy,
        "holds": dict(sorted(holds.items())),
        "strands": [{name: each[name] for name in SHORT} for each in listed],
        "sha256": digest_of(strands),
    }
