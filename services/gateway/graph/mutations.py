"""What an integrator may write through the graph; a refusal is a value, in the words of whoever refused."""

from typing import Annotated, Any
from urllib.parse import quote

import strawberry
from pydantic import TypeAdapter

from services.gateway.clients import writing
from services.gateway.clients.upstream import Read
from services.gateway.graph.arguments import Key
from services.gateway.graph.checks import (
    AssuranceCheckResult,
    CheckResult,
    make_assurance_check,
    make_check,
)
from services.gateway.graph.context import Context
from services.gateway.graph.inputs import CommitmentInput, CpdEntryInput, HoldingInput, MemberInput, as_body
from services.gateway.graph.problem import Problem
from shared.errors import Refusal

Info = strawberry.Info[Context, None]
Association = Annotated[str, strawberry.argument(description="The association's code, such as ICG.")]
MemberId = Annotated[str, strawberry.argument(description="The association's own id of the member.")]
EntryId = Annotated[str, strawberry.argument(description="The association's own id of the entry.")]


@strawberry.type(description="A member as the register has them now.")
class RecordedMember:
    """The answer to an upsert."""

    number: str = strawberry.field(description="The registration number.")
    member_id: str = strawberry.field(description="The association's own id.")
    created: bool = strawberry.field(description="Whether the register did not know this id before.")


@strawberry.type(description="A qualification that is declared, for a registrar to authenticate.")
class DeclaredHolding:
    """The answer to a declaration."""

    id: int = strawberry.field(description="Its id.")
    number: str = strawberry.field(description="The member's registration number.")
    status: str = strawberry.field(description="How far it has come.")


@strawberry.type(description="An entry as the log has it now.")
class RecordedEntry:
    """The answer to logging CPD."""

    id: int = strawberry.field(description="Its id.")
    entry_id: str = strawberry.field(description="The association's own id.")
    number: str = strawberry.field(description="The member's registration number.")
    status: str = strawberry.field(description="`done`, `planned` or `voided`.")
    created: bool = strawberry.field(description="Whether the log did not know this id before.")


@strawberry.type(description="A commitment that stands.")
class RecordedCommitment:
    """The answer to a commitment."""

    number: str = strawberry.field(description="The member's registration number.")
    committed: bool = strawberry.field(description="Whether the member has committed.")
    wording_version: str | None = strawberry.field(description="In which wording.")


@strawberry.type(description="A post after the caller's side has attested it.")
class AttestedPost:
    """The answer to an attestation."""

    id: int = strawberry.field(description="Its id.")
    number: str = strawberry.field(description="The registration number of who holds it.")
    standing: str = strawberry.field(description="Whether one side or both have attested it.")


MemberResult = Annotated[
    RecordedMember | Problem, strawberry.union("MemberResult", description="The member, or why not.")
]
HoldingResult = Annotated[
    DeclaredHolding | Problem, strawberry.union("HoldingResult", description="The holding, or why not.")
]
EntryResult = Annotated[
    RecordedEntry | Problem, strawberry.union("EntryResult", description="The entry, or why not.")
]
CommitmentResult = Annotated[
    RecordedCommitment | Problem,
    strawberry.union("CommitmentResult", description="The commitment, or why not."),
]
PostResult = Annotated[
    AttestedPost | Problem, strawberry.union("PostResult", description="The post, or why not.")
]


async def upsert_member(
    info: Info,
    association: Association,
    member_id: MemberId,
    member: Annotated[MemberInput, strawberry.argument(description="The member in full.")],
) -> MemberResult:
    """Return the member as recorded."""
    path = f"/v1/members/by-external-id/{_part(association)}/{_part(member_id)}"
    try:
        told, new = await _send(info, "register", writing.MEMBER, "PUT", path, as_body(member))
    except Refusal as refusal:
        return Problem.of(refusal)
    return RecordedMember(number=told.registration_number, member_id=told.member_id, created=new)


async def declare_holding(
    info: Info,
    holding: Annotated[HoldingInput, strawberry.argument(description="The qualification.")],
    idempotency_key: Key = None,
) -> HoldingResult:
    """Return the holding as declared."""
    body = as_body(holding)
    try:
        told, _ = await _send(
            info, "register", writing.HOLDING, "POST", "/v1/holdings", body, key=idempotency_key
        )
    except Refusal as refusal:
        return Problem.of(refusal)
    return DeclaredHolding(id=told.id, number=told.registration_number, status=told.status)


async def log_cpd(
    info: Info,
    association: Association,
    entry_id: EntryId,
    entry: Annotated[CpdEntryInput, strawberry.argument(description="The activity.")],
) -> EntryResult:
    """Return the entry as recorded."""
    path = f"/v1/entries/by-external-id/{_part(association)}/{_part(entry_id)}"
    try:
        told, new = await _send(info, "cpd", writing.ENTRY, "PUT", path, as_body(entry))
    except Refusal as refusal:
        return Problem.of(refusal)
    return RecordedEntry(
        id=told.id, entry_id=told.entry_id, number=told.number, status=told.status, created=new
    )


async def record_commitment(
    info: Info,
    commitment: Annotated[CommitmentInput, strawberry.argument(description="The commitment.")],
    idempotency_key: Key = None,
) -> CommitmentResult:
    """Return the commitment as recorded."""
    body = as_body(commitment)
    try:
        told, _ = await _send(
            info, "cpd", writing.COMMITMENT, "POST", "/v1/commitments", body, key=idempotency_key
        )
    except Refusal as refusal:
        return Problem.of(refusal)
    return RecordedCommitment(
        number=told.number, committed=told.committed, wording_version=told.wording_version
    )


async def attest_post(
    info: Info,
    post: Annotated[int, strawberry.argument(description="The id of the post.")],
    evidence: Annotated[str | None, strawberry.argument(description="What it rests on.")] = None,
    idempotency_key: Key = None,
) -> PostResult:
    """Return the post as attested."""
    body = {} if evidence is None else {"evidence": evidence}
    path = f"/v1/posts/{post}/attestations"
    try:
        told, _ = await _send(
            info, "register", writing.ATTESTED_POST, "POST", path, body, key=idempotency_key
        )
    except Refusal as refusal:
        return Problem.of(refusal)
    return AttestedPost(id=told.id, number=told.number, standing=told.standing)


async def _send(
    info: Info,
    service: str,
    shape: TypeAdapter[Read],
    method: str,
    path: str,
    body: dict[str, Any],
    *,
    key: str | None = None,
) -> tuple[Read, bool]:
    loaders = info.context.loaders
    to = loaders.neighbours.services[service]
    return await writing.write(to, shape, method, path, body, caller=loaders.caller, key=key)


def _part(text: str) -> str:
    return quote(text, safe="")


@strawberry.type(description="What may be written, each in the caller's own name and scope.")
class Mutation:
    """The way to write through the graph."""

    upsert_member: MemberResult = strawberry.field(
        resolver=upsert_member,
        description="Bring a member up to what their association tells (`members:write`).",
    )
    declare_holding: HoldingResult = strawberry.field(
        resolver=declare_holding, description="Declare a qualification of a member (`members:write`)."
    )
    log_cpd: EntryResult = strawberry.field(
        resolver=log_cpd, description="Bring an entry of the CPD log up to what is told (`cpd:write`)."
    )
    record_commitment: CommitmentResult = strawberry.field(
        resolver=record_commitment, description="Record a member's commitment to CPD (`cpd:write`)."
    )
    attest_post: PostResult = strawberry.field(
        resolver=attest_post, description="Attest a post, as the school or as the adviser's association."
    )
    make_check: CheckResult = strawberry.field(
        resolver=make_check,
        description=(
            "Check an adviser and keep the answer, with a signed receipt that proves what was said and when "
            "(`checks:write`, `people:match`, `members:write` or `register:decide`)."
        ),
    )
    make_assurance_check: AssuranceCheckResult = strawberry.field(
        resolver=make_assurance_check,
        description=(
            "Check all three strands of a school with everybody who gives guidance there, or of whom you "
            "name, under one signed receipt. What a service does not answer is unknown in it."
        ),
    )
