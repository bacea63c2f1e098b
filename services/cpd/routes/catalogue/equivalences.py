"""Equivalence of offers over HTTP: proposed and decided by associations, shown to anybody once agreed."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.cpd.domain.catalogue.equivalence import EquivalenceState, EquivalenceStep
from services.cpd.operations.catalogue import equivalences
from services.cpd.operations.catalogue.equivalences import SeenEquivalence, SeenEquivalent
from services.cpd.routes.axes import KnownAt
from services.cpd.routes.catalogue.offer_bodies import OfferOut
from services.cpd.routes.catalogue.offers import PATH as OFFER
from services.cpd.routes.fields import AssociationCode, Body, Code, EntryId
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("catalogue")
PATH = "/v1/offer-equivalences"
KEEPERS = needs("cpd:write")


class EquivalenceIn(Body):
    """An offer of your own, and the one of another association that it is held equivalent to."""

    offer_id: EntryId
    other_association: Code
    other_offer_id: EntryId


class EquivalenceStepIn(Body):
    """What your association does: accept or decline what was proposed to it, withdraw what it proposed, or
    end what is agreed."""

    step: EquivalenceStep


class EquivalenceOut(BaseModel):
    """An equivalence as its two associations see it; `known_from` is when the last step was taken."""

    id: int
    association: str
    offer_id: str
    other_association: str
    other_offer_id: str
    state: EquivalenceState
    known_from: datetime

    @classmethod
    def of(cls, held: SeenEquivalence) -> "EquivalenceOut":
        """Return the equivalence as it is shown."""
        return cls(
            id=held.id,
            association=held.pair.proposer,
            offer_id=held.pair.offer_id,
            other_association=held.pair.other,
            other_offer_id=held.pair.other_offer_id,
            state=held.state,
            known_from=held.known_from,
        )


class EquivalencePage(BaseModel):
    """Some equivalences, and the cursor of the next page."""

    items: list[EquivalenceOut]
    next: str | None


class EquivalentOut(BaseModel):
    """An equivalent offer. `amended_since`: one of the two was told anew after both had agreed."""

    offer: OfferOut
    agreed_at: datetime
    amended_since: bool

    @classmethod
    def of(cls, seen: SeenEquivalent) -> "EquivalentOut":
        """Return the equivalent offer as it is shown."""
        return cls(offer=OfferOut.of(seen.offer), agreed_at=seen.agreed_at, amended_since=seen.amended_since)


class EquivalentPage(BaseModel):
    """Some equivalent offers, and the cursor of the next page."""

    items: list[EquivalentOut]
    next: str | None


@router.post(
    PATH,
    operation_id="proposeEquivalence",
    status_code=201,
    response_model=EquivalenceOut,
    openapi_extra=KEEPERS,
)
async def propose_equivalence(
    body: EquivalenceIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Propose to another association that an offer of its is equivalent to one of yours."""
    once = maker.rendering(EquivalenceOut.of, location=lambda held: f"{PATH}/{held.id}")
    await equivalences.propose(
        db,
        once,
        offer_id=body.offer_id,
        other=body.other_association,
        other_offer_id=body.other_offer_id,
        actor=who,
        now=now,
    )
    return said(once)


@router.post(
    f"{PATH}/{{equivalence_id}}/steps",
    operation_id="stepInEquivalence",
    status_code=201,
    response_model=EquivalenceOut,
    openapi_extra=KEEPERS,
)
async def step_in_equivalence(
    equivalence_id: Id, body: EquivalenceStepIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Accept, decline, withdraw or end an equivalence."""
    once = maker.rendering(EquivalenceOut.of)
    await equivalences.take(db, once, equivalence_id=equivalence_id, step=body.step, actor=who, now=now)
    return said(once)


@router.get(
    f"{PATH}/{{equivalence_id}}",
    operation_id="getEquivalence",
    response_model=EquivalenceOut,
    openapi_extra=KEEPERS,
)
async def get_equivalence(
    equivalence_id: Id, request: Request, db: Db, who: Who, known_at: KnownAt = None
) -> Response:
    """Return an equivalence of your association's as it was known, whatever became of it."""
    held = await equivalences.get(db, equivalence_id=equivalence_id, actor=who, known_at=known_at)
    return with_etag(request, EquivalenceOut.of(held))


@router.get(PATH, operation_id="listEquivalences", response_model=EquivalencePage, openapi_extra=KEEPERS)
async def list_equivalences(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    state: Annotated[EquivalenceState | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> EquivalencePage:
    """List what your association proposed and what was proposed to it, the oldest first."""
    page = await equivalences.page(db, state=state, actor=who, after=after, limit=limit)
    body = EquivalencePage(items=[EquivalenceOut.of(each) for each in page.items], next=page.next)
    shown: EquivalencePage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(f"{OFFER}/equivalents", operation_id="listEquivalentOffers", response_model=EquivalentPage)
async def list_equivalent_offers(
    association: AssociationCode,
    offer_id: EntryId,
    request: Request,
    response: Response,
    db: Db,
    limit: Limit = 50,
    after: After = None,
) -> EquivalentPage:
    """List the offers that two associations agreed are equivalent to this one, those withdrawn left out."""
    page = await equivalences.equivalents(
        db, association=association, offer_id=offer_id, after=after, limit=limit
    )
    body = EquivalentPage(items=[EquivalentOut.of(each) for each in page.items], next=page.next)
    shown: EquivalentPage = page_body(request, response, body, next_cursor=page.next)
    return shown
