"""What is written through the graph: sent on in the caller's own name, answered as the service answers."""

from typing import Any

from pydantic import StrictBool, StrictInt, TypeAdapter

from services.gateway.clients.answers import Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.upstream import Read, Service


class MemberAnswer(Shape):
    """A member as their association reads them back."""

    registration_number: str
    association: str
    member_id: str


class HoldingAnswer(Shape):
    """A qualification that was declared."""

    id: StrictInt
    registration_number: str
    status: str


class EntryAnswer(Shape):
    """An entry of the CPD log."""

    id: StrictInt
    association: str
    entry_id: str
    number: str
    status: str


class CommitmentAnswer(Shape):
    """A member's commitment to CPD."""

    number: str
    committed: StrictBool
    wording_version: str | None = None


class AttestedPostAnswer(Shape):
    """A post after one side has attested it."""

    id: StrictInt
    number: str
    standing: str


MEMBER = TypeAdapter(MemberAnswer)
HOLDING = TypeAdapter(HoldingAnswer)
ENTRY = TypeAdapter(EntryAnswer)
COMMITMENT = TypeAdapter(CommitmentAnswer)
ATTESTED_POST = TypeAdapter(AttestedPostAnswer)


async def write(
    service: Service,
    shape: TypeAdapter[Read],
    method: str,
    path: str,
    body: dict[str, Any],
    *,
    caller: Caller,
    key: str | None = None,
) -> tuple[Read, bool]:
    """Return what the service answered, and whether it is new; raises what the service refused."""
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = await service.call(method, path, caller=caller, json=body, headers=headers)
    return service.read(shape, answer), answer.status_code == 201
