"""What a receipt says, how one is known for what it is, and what has changed since.

A receipt is a JWS (RFC 7515) in compact form, signed with ES256. Its ``typ`` keeps it apart from an access
token: neither can be taken for the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.gateway.domain.checks.check import Checker, CheckKind

TYPE = "check-receipt+jwt"
ALGORITHM = "ES256"
LONGEST = 16_384
"""Characters of a receipt; none of ours comes near."""
COMPARED = (
    "verdict",
    "may_give_personal_guidance",
    "scopes",
    "membership_level",
    "conditions",
    "sanctions",
    "valid_from",
    "valid_to",
    "kept_number",
)


class ReceiptState(StrEnum):
    """What can be said of a receipt, worst last.

    ``recorded_only``: its key is no longer trusted, and the gateway's own record holds the very same receipt.
    """

    GENUINE = "genuine"
    RECORDED_ONLY = "recorded_only"
    KEY_DISTRUSTED = "key_distrusted"
    KEY_NOT_KNOWN = "key_not_known"
    SIGNATURE_DOES_NOT_MATCH = "signature_does_not_match"
    NOT_A_RECEIPT = "not_a_receipt"


SENTENCES = {
    ReceiptState.GENUINE: "This receipt is genuine: it was signed here and nothing in it was changed.",
    ReceiptState.RECORDED_ONLY: (
        "The key of this receipt is no longer trusted, but the same receipt stands in our own record."
    ),
    ReceiptState.KEY_DISTRUSTED: (
        "The key of this receipt is no longer trusted and our record does not hold it: do not rely on it."
    ),
    ReceiptState.KEY_NOT_KNOWN: "This was signed with a key that is none of ours: do not rely on it.",
    ReceiptState.SIGNATURE_DOES_NOT_MATCH: "This was changed after it was signed: do not rely on it.",
    ReceiptState.NOT_A_RECEIPT: "This is not a receipt. Paste the whole text, which has two dots in it.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A fact that is no longer as the receipt says it."""

    fact: str
    then: Any
    now: Any


def claims_of(
    *,
    issuer: str,
    reference: str,
    kind: CheckKind,
    checker: Checker,
    purpose: str,
    subjects: Sequence[str],
    made_at: datetime,
    asked: Mapping[str, Any],
    said: Mapping[str, Any],
    positions: Mapping[str, int],
) -> dict[str, Any]:
    """Return what is signed. It never expires: it says what was so, not what is."""
    about = {"sub": subjects[0]} if kind is CheckKind.ADVISER else {}
    return {
        "iss": issuer,
        "jti": reference,
        "iat": int(made_at.timestamp()),
        **about,
        "kind": kind.value,
        "purpose": purpose,
        "checked_by": checker.as_claims(),
        "asked": dict(asked),
        "said": dict(said),
        "journal_positions": dict(positions),
    }


def differences(said: Mapping[str, Any], now: Mapping[str, Any]) -> Sequence[Difference]:
    """Return which facts of a licence are no longer as they were said."""
    return [
        Difference(fact=fact, then=said.get(fact), now=now.get(fact))
        for fact in COMPARED
        if said.get(fact) != now.get(fact)
    ]
