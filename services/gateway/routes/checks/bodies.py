"""Checks and receipts as they are sent and shown."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.gateway.clients.register import SecondFact
from services.gateway.domain.checks.check import Check, CheckKind
from services.gateway.domain.checks.policy import CheckPolicy
from services.gateway.domain.checks.receipt import SENTENCES, Difference, ReceiptState
from services.gateway.operations.checks.checks import AdviserQuestion
from services.gateway.operations.checks.receipts import Since, Verified

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


class Body(BaseModel):
    """A body or a part of one: a field that is not known is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


def _one_line(text: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
        raise PydanticCustomError("control_character", "This may not contain control characters.")
    return text


def _written_as_day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "A day is written as 2026-11-21.")
    return value


def _written_as_instant(value: Any) -> Any:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise PydanticCustomError(
            "instant", "An instant is written as 2026-11-21T09:30:00Z, or with an offset."
        )
    return value


NumberText = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_one_line)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)]
Day = Annotated[date, BeforeValidator(_written_as_day), Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]
Instant = Annotated[datetime, BeforeValidator(_written_as_instant)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40), AfterValidator(_one_line)]


class SecondFactIn(Body):
    """What is known besides the number; it is compared and not kept."""

    family_name: Name | None = None
    date_of_birth: Day | None = None


class CheckIn(Body):
    """An adviser to be checked, and what for: one of the purposes of `GET /v1/check-policies`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"number": "CR12345672", "purpose": "visit"}]},
    )

    kind: Literal[CheckKind.ADVISER] = CheckKind.ADVISER
    number: NumberText
    purpose: Code
    second_fact: SecondFactIn | None = None
    valid_at: Day | None = None
    known_at: Instant | None = None

    def question(self) -> AdviserQuestion:
        """Return what is asked."""
        given = self.second_fact.model_dump() if self.second_fact else {}
        return AdviserQuestion(
            number=self.number,
            purpose=self.purpose,
            second_fact=SecondFact(**given) if any(given.values()) else None,
            valid_at=self.valid_at,
            known_at=self.known_at,
        )


class CheckOut(BaseModel):
    """A check as it is kept, with the receipt that proves it.

    `page` is where anybody who is given this address reads and prints it, `qr` the picture of that address.
    """

    reference: str
    kind: CheckKind
    purpose: str
    number: str | None
    made_at: datetime
    told_from: datetime
    asked: dict[str, Any]
    said: dict[str, Any]
    journal_positions: dict[str, int]
    receipt: str
    page: str
    qr: str

    @classmethod
    def of(cls, check: Check, *, issuer: str) -> "CheckOut":
        """Return the check as it is shown to who made it."""
        page = f"{issuer}/receipts/{check.reference}"
        return cls(
            reference=check.reference,
            kind=check.kind,
            purpose=check.purpose,
            number=check.subjects[0] if check.kind is CheckKind.ADVISER else None,
            made_at=check.made_at,
            told_from=check.told_from,
            asked=dict(check.asked),
            said=dict(check.said),
            journal_positions=dict(check.positions),
            receipt=check.receipt,
            page=page,
            qr=f"{page}/qr.svg",
        )


class RowOut(BaseModel):
    """What was said of one row of a batch, under the caller's own reference."""

    model_config = ConfigDict(extra="allow")

    reference: str | None
    asked: str
    number: str | None
    verdict: str
    sentence: str


class BatchOut(CheckOut):
    """A batch as it is kept. `said` is what the receipt holds of it: counts, and a digest of `rows`."""

    rows: list[RowOut]

    @classmethod
    def of(cls, check: Check, *, issuer: str) -> "BatchOut":
        """Return the batch as it is shown to who made it."""
        one = CheckOut.of(check, issuer=issuer)
        return cls(**one.model_dump(), rows=[RowOut(**row) for row in check.rows or ()])


class MadeOut(BaseModel):
    """A check as the person is told of it: who checked them, when, and what for."""

    made_at: datetime
    kind: CheckKind
    purpose: str
    client_id: str
    urn: str | None
    association: str | None

    @classmethod
    def of(cls, check: Check) -> "MadeOut":
        """Return the check as the person is told of it."""
        by = check.checker
        return cls(
            made_at=check.made_at,
            kind=check.kind,
            purpose=check.purpose,
            client_id=by.client_id,
            urn=by.urn,
            association=by.association,
        )


class MadePage(BaseModel):
    """Some checks of a person, and the cursor of the next page."""

    items: list[MadeOut]
    next: str | None


class CheckPage(BaseModel):
    """Some checks, and the cursor of the next page."""

    items: list[CheckOut]
    next: str | None


class ReceiptIn(Body):
    """A receipt, whole; spaces and line breaks in it do no harm."""

    receipt: Annotated[str, StringConstraints(min_length=1, max_length=20_000)] = Field(
        examples=["the text of a receipt, three parts with a full stop between them"]
    )


class DifferenceOut(BaseModel):
    """A fact that is no longer as the receipt says it."""

    fact: str
    then: Any
    now: Any

    @classmethod
    def of(cls, difference: Difference) -> "DifferenceOut":
        """Return the difference as it is shown."""
        return cls(fact=difference.fact, then=difference.then, now=difference.now)


class VerifiedOut(BaseModel):
    """What can be said of a receipt.

    `content` is what it says, where it can be relied on. `now` is what the services say today and
    `differences` what has changed; both are null where that is unknown, or does not apply. `unknown` names
    the strands of which nothing is known today, so that none of them is read as unchanged.
    """

    state: ReceiptState
    sentence: str
    content: dict[str, Any] | None
    now: dict[str, Any] | None
    differences: list[DifferenceOut] | None
    unknown: list[str]

    @classmethod
    def of(cls, verified: Verified, since: Since | None) -> "VerifiedOut":
        """Return what can be said as it is shown."""
        changed = None if since is None or since.differences is None else since.differences
        return cls(
            state=verified.state,
            sentence=SENTENCES[verified.state],
            content=None if verified.claims is None else dict(verified.claims),
            now=None if since is None or since.now is None else dict(since.now),
            differences=None if changed is None else [DifferenceOut.of(each) for each in changed],
            unknown=[] if since is None else list(since.unknown),
        )


class PurposeOut(BaseModel):
    """A purpose, and after how many days the person is told of a check for it."""

    code: str
    title: str
    told_after_days: int


class CheckPolicyOut(BaseModel):
    """A version of the purposes; `source` says where it comes from."""

    version: str
    effective_from: date
    source: str
    purposes: list[PurposeOut]

    @classmethod
    def of(cls, policy: CheckPolicy) -> "CheckPolicyOut":
        """Return the policy as it is shown."""
        purposes = [
            PurposeOut(code=each.code, title=each.title, told_after_days=each.told_after_days)
            for each in policy.purposes
        ]
        return cls(
            version=policy.version,
            effective_from=policy.effective_from,
            source=policy.source,
            purposes=purposes,
        )


class CheckPoliciesOut(BaseModel):
    """Every version of the purposes."""

    items: list[CheckPolicyOut]


class ReceiptKeysOut(BaseModel):
    """Every public key that signed a receipt (RFC 7517), and the names of those no longer trusted."""

    keys: list[Mapping[str, Any]]
    distrusted: list[str]
