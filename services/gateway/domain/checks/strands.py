"""What a receipt says of the strands of a school, an adviser or a provider that were checked together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.domain.assurance import Strand
from services.gateway.domain.checks.batch import digest_of
from services.gateway.domain.checks.receipt import Difference

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


def since(
    then: Sequence[Mapping[str, Any]],
    now: Sequence[Mapping[str, Any]],
    *,
    school: str | None,
    school_answered: bool,
) -> tuple[Sequence[Difference], Sequence[str]]:
    """Return what of the strands has changed, and of which of them nothing is known now.

    A difference names the strand and its subject; a side of it is None where the subject was not, or no
    longer is, one of those at the school. What is not known now has not changed: who was at a ``school`` of
    which the register gave no answer is unknown, and not gone.
    """
    before, after = _by_subject(then, school), _by_subject(now, school)
    unknown = [subject for subject, said in after.items() if said["word"] is None]
    if not school_answered:
        unknown += [*(subject for subject in before if subject not in after), f"advisers at {school}"]
    differences = [
        Difference(fact=subject, then=before.get(subject), now=after.get(subject))
        for subject in dict.fromkeys([*before, *after])
        if subject not in unknown and before.get(subject) != after.get(subject)
    ]
    return differences, unknown


def _by_subject(strands: Sequence[Mapping[str, Any]], school: str | None) -> dict[str, dict[str, Any]]:
    """Return what each subject came to; a strand that says that no adviser is known has no subject."""
    return {
        f"{each['strand']} {each['subject']}": {"holds": each["holds"], "word": each["word"]}
        for each in strands
        if not (each["strand"] == Strand.ADVISER and each["subject"] == school)
    }
