"""The log of disclosures over HTTP: who was told what of a person."""

from datetime import datetime

from fastapi import Request, Response
from pydantic import BaseModel

from services.register.domain.rights.disclosure import Purpose, RecipientKind
from services.register.operations.rights import disclosures
from services.register.operations.rights.disclosures import SeenDisclosure
from services.register.routes.fields import Number
from shared.paging import After, Limit
from shared.web import Db, Who, guarded_router, needs, page_body

router = guarded_router("rights")


class DisclosureOut(BaseModel):
    """One answer that told something of the person. Of what another asked, an association reads the instant
    only: the rest is null.
    """

    at: datetime
    number: str
    recipient_kind: RecipientKind
    recipient: str | None
    client_id: str | None
    association: str | None
    urn: str | None
    fields: list[str]
    purpose: Purpose | None
    operation: str | None

    @classmethod
    def of(cls, seen: SeenDisclosure) -> "DisclosureOut":
        """Return the line as it is shown."""
        return cls(
            at=seen.at,
            number=seen.about,
            recipient_kind=seen.recipient_kind,
            recipient=seen.recipient,
            client_id=seen.client_id,
            association=seen.association,
            urn=seen.urn,
            fields=list(seen.fields),
            purpose=seen.purpose,
            operation=seen.operation,
        )


class DisclosurePage(BaseModel):
    """Some disclosures, and the cursor of the next page."""

    items: list[DisclosureOut]
    next: str | None


@router.get(
    "/v1/practitioners/{number}/disclosures",
    operation_id="listDisclosures",
    response_model=DisclosurePage,
    openapi_extra=needs("register:decide", "members:write"),
)
async def list_disclosures(
    number: Number,
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    limit: Limit = 50,
    after: After = None,
) -> DisclosurePage:
    """List who was told what of a person, newest first, under every number that the person has had.

    A registrar reads everything; an association, on a member's behalf, what it asked itself, and when
    others did.
    """
    page = await disclosures.page(db, number=number, actor=who, after=after, limit=limit)
    body = DisclosurePage(items=[DisclosureOut.of(seen) for seen in page.items], next=page.next)
    shown: DisclosurePage = page_body(request, response, body, next_cursor=page.next)
    return shown
