"""Checks in the graph: made and kept as by REST, each with a signed receipt; a refusal is a value."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from services.gateway.clients.answers import LicenceAnswer
from services.gateway.domain.checks.check import MAY_CHECK, Check
from services.gateway.graph.arguments import Key
from services.gateway.graph.assurance import AssuranceStrand, Holds, Overall, Strand
from services.gateway.graph.check_inputs import (
    AssuranceCheckInput,
    CheckInput,
    adviser_question,
    assurance_question,
)
from services.gateway.graph.context import Context
from services.gateway.graph.inputs import as_body
from services.gateway.graph.licence import Licence
from services.gateway.graph.problem import Problem
from services.gateway.loaders import OfOneDay
from services.gateway.operations.checks import assurances, checks
from shared.errors import Refusal
from shared.idempotency import Answer, Answered, Once, request_bytes

Info = strawberry.Info[Context, None]


@strawberry.type(description="How far the journal of a service went when it answered.")
class JournalPosition:
    """A place in a journal."""

    service: str = strawberry.field(description="The service.")
    position: int = strawberry.field(description="The position.")


@strawberry.type(description="The proof of a check, which anybody who is given it can verify years later.")
class Receipt:
    """A receipt and where it is."""

    reference: str = strawberry.field(description="Names the check to whoever holds the receipt.")
    jws: str = strawberry.field(description="The receipt itself: a compact JWS, signed with ES256.")
    purpose: str = strawberry.field(description="What was checked for, as a code.")
    made_at: datetime = strawberry.field(description="When it was made.")
    told_from: datetime = strawberry.field(description="From when whoever was checked is told of it.")
    journal_positions: list[JournalPosition] = strawberry.field(description="What each answer rests on.")
    page: str = strawberry.field(description="Where anybody who is given this address reads and prints it.")
    qr: str = strawberry.field(description="A picture of that address.")

    @classmethod
    def of(cls, check: Check, issuer: str) -> Self:
        """Return the receipt of a check."""
        page = f"{issuer}/receipts/{check.reference}"
        return cls(
            reference=check.reference,
            jws=check.receipt,
            purpose=check.purpose,
            made_at=check.made_at,
            told_from=check.told_from,
            journal_positions=[
                JournalPosition(service=service, position=position)
                for service, position in sorted(check.positions.items())
            ],
            page=page,
            qr=f"{page}/qr.svg",
        )


@strawberry.type(description="A check of an adviser as it is kept.")
class AdviserCheck:
    """What was said, and its proof."""

    licence: Licence = strawberry.field(description="What the register said then, word for word.")
    receipt: Receipt = strawberry.field(description="The proof of it.")

    @classmethod
    def of(cls, check: Check, issuer: str) -> Self:
        """Return the check as it was kept."""
        said = {**check.said, "journal_position": check.positions.get("register")}
        return cls(licence=Licence.of(LicenceAnswer.model_validate(said)), receipt=Receipt.of(check, issuer))


@strawberry.type(description="A check of the three strands as it is kept.")
class AssuranceCheck:
    """What was said of each strand, and its proof."""

    overall: Overall = strawberry.field(description="What the strands came to together.")
    strands: list[AssuranceStrand] = strawberry.field(
        description="Each strand; the receipt has their digest."
    )
    receipt: Receipt = strawberry.field(description="The proof of it.")

    @classmethod
    def of(cls, check: Check, issuer: str) -> Self:
        """Return the check as it was kept."""
        return cls(
            overall=Overall(check.said["overall"]),
            strands=[_strand(row, check.positions) for row in check.rows or ()],
            receipt=Receipt.of(check, issuer),
        )


CheckResult = Annotated[
    AdviserCheck | Problem, strawberry.union("CheckResult", description="The check, or why there is none.")
]
AssuranceCheckResult = Annotated[
    AssuranceCheck | Problem,
    strawberry.union("AssuranceCheckResult", description="The check, or why there is none."),
]


async def make_check(
    info: Info,
    check: Annotated[CheckInput, strawberry.argument(description="The adviser, and what for.")],
    idempotency_key: Key = None,
) -> CheckResult:
    """Return the check of an adviser, as it is kept from now on."""
    context, desk = info.context, info.context.desk

    async def make(once: Once, now: datetime) -> Check:
        return await checks.check_adviser(
            desk.db,
            adviser_question(check),
            neighbours=context.loaders.neighbours,
            caller=context.loaders.caller,
            notary=desk.notary,
            actor=context.actor,
            once=once,
            now=now,
        )

    try:
        made = await _once(context, "makeCheck", as_body(check), idempotency_key, make)
    except Refusal as refusal:
        return Problem.of(refusal)
    return AdviserCheck.of(made, desk.notary.issuer)


async def make_assurance_check(
    info: Info,
    check: Annotated[AssuranceCheckInput, strawberry.argument(description="Of what, and what for.")],
    idempotency_key: Key = None,
) -> AssuranceCheckResult:
    """Return the check of the strands, as it is kept from now on."""
    context, desk = info.context, info.context.desk

    async def make(once: Once, now: datetime) -> Check:
        question = assurance_question(check)
        asks = OfOneDay(context.loaders, question.valid_at, question.known_at)
        return await assurances.check_assurance(
            desk.db, question, asks=asks, notary=desk.notary, actor=context.actor, once=once, now=now
        )

    try:
        made = await _once(context, "makeAssuranceCheck", as_body(check), idempotency_key, make)
    except Refusal as refusal:
        return Problem.of(refusal)
    return AssuranceCheck.of(made, desk.notary.issuer)


async def _once(
    context: Context,
    name: str,
    told: dict[str, Any],
    key: str | None,
    make: Callable[[Once, datetime], Awaitable[Check]],
) -> Check:
    """Return the check that ``make`` makes, or the one that it made when this key came first."""
    context.actor.require(*MAY_CHECK)
    now = context.desk.clock()
    once = context.desk.once(
        client_id=context.actor.client_id or "anyone",
        key=key,
        request=request_bytes("graph", name, json.dumps(told).encode()),
        now=now,
        # A check is kept for good as it was made: its name is the whole answer.
        render=lambda made: Answer(status=201, body=json.dumps({"reference": made.reference})),
    )
    try:
        return await make(once, now)
    except Answered as before:
        reference = json.loads(before.body)["reference"]
        return await checks.get(context.desk.db, reference=reference, actor=context.actor)


def _strand(row: Mapping[str, Any], positions: Mapping[str, int]) -> AssuranceStrand:
    return AssuranceStrand(
        strand=Strand(row["strand"]),
        subject=row["subject"],
        holds=Holds(row["holds"]),
        word=row["word"],
        sentence=row["sentence"],
        reasons=list(row["reasons"]),
        source=row["source"],
        journal_position=positions.get(row["source"]),
    )
