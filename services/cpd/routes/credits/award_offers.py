"""Awards offered to the register over HTTP."""

from datetime import date, datetime

from fastapi import Request, Response
from pydantic import BaseModel

from services.cpd.operations.credits import award_offers
from services.cpd.operations.credits.award_offers import Asked, SeenAwardOffer
from services.cpd.routes.axes import KnownAt
from services.cpd.routes.credits.module_bodies import Title, Version
from services.cpd.routes.fields import Body, Code, Day, NothingIn, NumberText
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("credits")
PATH = "/v1/award-offers"
WRITERS = needs("cpd:write")


class AwardOfferIn(Body):
    """An award that a member has completed, by the rules in effect on `awarded_on`, which is today if not
    said; or by the `version` under which they began."""

    number: NumberText
    programme: Code
    award: Title
    version: Version | None = None
    awarded_on: Day | None = None

    def asked(self) -> Asked:
        """Return what is asked."""
        return Asked(
            number=self.number,
            programme=self.programme,
            version=self.version,
            award=self.award,
            awarded_on=self.awarded_on,
        )


class DeclarationOut(BaseModel):
    """What to send to the register at `POST /v1/holdings`, with your `member_id` added."""

    title: str
    awarding_body: str
    framework: str
    level: str
    credits: int | None
    awarded_on: date
    evidence_reference: str


class AwardOfferOut(BaseModel):
    """An offered award; `rests_on` are the credits by which it is complete."""

    id: int
    association: str
    number: str
    programme: str
    programme_version: str
    award: str
    awarded_on: date
    rests_on: list[int]
    withdrawn: bool
    declaration: DeclarationOut
    known_from: datetime

    @classmethod
    def of(cls, held: SeenAwardOffer) -> "AwardOfferOut":
        """Return the offer as it is shown."""
        offer = held.offer
        return cls(
            id=held.id,
            association=held.association,
            number=offer.number,
            programme=offer.programme,
            programme_version=offer.programme_version,
            award=offer.award,
            awarded_on=offer.awarded_on,
            rests_on=list(offer.rests_on),
            withdrawn=held.withdrawn,
            declaration=DeclarationOut(
                title=offer.award,
                awarding_body=offer.awarding_body,
                framework=offer.framework,
                level=offer.level,
                credits=offer.credits or None,
                awarded_on=offer.awarded_on,
                evidence_reference=f"CPD award offer {held.id}",
            ),
            known_from=held.known_from,
        )


class AwardOfferPage(BaseModel):
    """Some offers, and the cursor of the next page."""

    items: list[AwardOfferOut]
    next: str | None


@router.post(
    PATH,
    operation_id="offerAward",
    status_code=201,
    response_model=AwardOfferOut,
    openapi_extra=WRITERS,
)
async def offer_award(body: AwardOfferIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Offer a member's completed award to the register, and get what to declare there.

    It is no qualification of the register's until your association has declared it and a registrar has
    authenticated it.
    """
    once = maker.rendering(AwardOfferOut.of, location=lambda held: f"{PATH}/{held.id}")
    await award_offers.offer(db, once, asked=body.asked(), actor=who, now=now)
    return said(once)


@router.post(
    f"{PATH}/{{id}}/withdrawal",
    operation_id="withdrawAwardOffer",
    status_code=201,
    response_model=AwardOfferOut,
    openapi_extra=WRITERS,
)
async def withdraw_award_offer(
    id: Id, maker: OncePerRequest, db: Db, who: Who, now: Now, _: NothingIn | None = None
) -> Response:
    """Withdraw an offer that was wrong; a holding that you declared from it is withdrawn in the register."""
    once = maker.rendering(AwardOfferOut.of)
    await award_offers.withdraw(db, once, id_=id, actor=who, now=now)
    return said(once)


@router.get(
    f"{PATH}/{{id}}", operation_id="getAwardOffer", response_model=AwardOfferOut, openapi_extra=WRITERS
)
async def get_award_offer(id: Id, request: Request, db: Db, who: Who, known_at: KnownAt = None) -> Response:
    """Return an offer of your association as it was known."""
    held = await award_offers.get(db, id_=id, actor=who, known_at=known_at)
    return with_etag(request, AwardOfferOut.of(held))


@router.get(PATH, operation_id="listAwardOffers", response_model=AwardOfferPage, openapi_extra=WRITERS)
async def list_award_offers(
    request: Request, response: Response, db: Db, who: Who, limit: Limit = 50, after: After = None
) -> AwardOfferPage:
    """List the awards that your association offered, withdrawn ones too, the oldest first."""
    page = await award_offers.page(db, actor=who, after=after, limit=limit)
    body = AwardOfferPage(items=[AwardOfferOut.of(each) for each in page.items], next=page.next)
    shown: AwardOfferPage = page_body(request, response, body, next_cursor=page.next)
    return shown
