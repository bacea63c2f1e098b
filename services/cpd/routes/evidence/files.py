"""Evidence files over HTTP: taken as they are, and never served as anything that a browser would run."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from services.cpd.clients.evidence_store import EvidenceStore
from services.cpd.domain.access import own_association
from services.cpd.domain.evidence.content import ENDINGS, LARGEST_EVIDENCE, MediaType
from services.cpd.operations.evidence import files
from services.cpd.operations.evidence.files import SeenFile
from shared.web import Db, Id, Now, Who, guarded_router, needs

router = guarded_router("log")
OF_ENTRY = "/v1/entries/{id}/evidence"
PATH = "/v1/evidence/{id}"
HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def _store(request: Request) -> EvidenceStore:
    store: EvidenceStore = request.app.state.evidence
    return store


Store = Annotated[EvidenceStore, Depends(_store)]


class EvidenceFileOut(BaseModel):
    """A file of an entry; `size` in bytes."""

    id: int
    entry: int
    sha256: str
    media_type: MediaType
    size: int
    added_at: datetime

    @classmethod
    def of(cls, held: SeenFile) -> Self:
        """Return what is shown of a file."""
        return cls(
            id=held.id,
            entry=held.entry,
            sha256=held.sha256,
            media_type=held.media_type,
            size=held.size,
            added_at=held.added_at,
        )


class EvidenceFiles(BaseModel):
    """The files of an entry, in the order in which they came."""

    items: list[EvidenceFileOut]


@router.post(
    OF_ENTRY,
    operation_id="addEvidence",
    status_code=201,
    response_model=EvidenceFileOut,
    openapi_extra=needs("cpd:write", largest_body=LARGEST_EVIDENCE)
    | {"requestBody": {"required": True, "content": {kind.value: _BINARY for kind in MediaType}}},
)
async def add_evidence(id: Id, request: Request, db: Db, store: Store, who: Who, now: Now) -> EvidenceFileOut:
    """Add a file of up to 10 MB that shows what an entry tells: PDF, PNG, JPEG, DOCX, XLSX, ODT or text.

    The type is found in the content. The same file again changes nothing, so it needs no Idempotency-Key.
    """
    own_association(who)  # before a file of theirs is read
    content = await request.body()
    stated = request.headers.get("content-type")
    held = await files.add(db, store, entry=id, content=content, stated=stated, actor=who, now=now)
    return EvidenceFileOut.of(held)


@router.get(
    OF_ENTRY,
    operation_id="listEvidence",
    response_model=EvidenceFiles,
    openapi_extra=needs("cpd:write"),
)
async def list_evidence(id: Id, db: Db, who: Who) -> EvidenceFiles:
    """List the files of an entry of one's own association, at most 50."""
    held = await files.of_entry(db, entry=id, actor=who)
    return EvidenceFiles(items=[EvidenceFileOut.of(each) for each in held])


@router.get(
    PATH,
    operation_id="readEvidence",
    response_class=Response,
    responses={200: {"content": {kind.value: _BINARY for kind in MediaType}}},
    openapi_extra=needs("cpd:write"),
)
async def read_evidence(id: Id, db: Db, store: Store, who: Who) -> Response:
    """Return a file as it was sent, to be saved and not shown by a browser."""
    held, content = await files.read(db, store, id_=id, actor=who)
    name = f"evidence-{held.id}.{ENDINGS[held.media_type]}"
    headers = HARMLESS | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=held.media_type.value, headers=headers)


@router.delete(PATH, operation_id="removeEvidence", status_code=204, openapi_extra=needs("cpd:write"))
async def remove_evidence(id: Id, db: Db, who: Who, now: Now) -> Response:
    """Remove a file from an entry; the bytes go later, unless another entry has them."""
    await files.remove(db, id_=id, actor=who, now=now)
    return Response(status_code=204)
