"""The search of CPD: what every association offers, and what sources name, in one list."""

import asyncio
import time

from fastapi import APIRouter, Request, Response

from services.gateway.clients import learning
from services.gateway.clients.caller import Caller
from services.gateway.clients.learning import Offer
from services.gateway.clients.reference import SOURCES, Source, titles, whole
from services.gateway.clients.upstream import Service
from services.gateway.pages import wording
from services.gateway.pages.citations import cited, tags
from services.gateway.pages.listing import Card, Filter, Found, Listing, once_more, or_none, refused, shown
from shared.errors import Refusal

router = APIRouter(tags=["pages"], include_in_schema=False)

SECONDS = 6.0
_DELIVERIES = {
    "e_learning": "Online",
    "distance": "By distance learning",
    "taught": "Taught",
    "workshop": "Workshop",
    "conference": "Conference",
    "resource": "Material to work with",
}
OFFERS = Listing(
    path="/cpd",
    heading="Find CPD",
    lead="Courses, workshops and material for those who work in careers guidance, of all associations.",
    button="Show these offers",
    nothing=(
        "Use fewer filters, or the beginnings of words only.",
        "Many offers do not say in which region they are, or what they cost: leave those filters open.",
        "Ask your association: it may offer something that it has not listed yet.",
    ),
    filters=(
        Filter(name="q", label="Words", kind="words", hint="From the title, the provider or the text."),
        Filter(name="delivery", label="How", kind="choice", choices=_DELIVERIES),
        Filter(name="specialism", label="Specialism", kind="choice"),
        Filter(name="association", label="Offered by", kind="choice"),
        Filter(name="region", label="Region", kind="choice"),
        Filter(name="free", label="Only what costs nothing", kind="tick"),
    ),
)


@router.get(OFFERS.path)
async def cpd(request: Request) -> Response:
    """Offers by filter; where the register is away, without its names of associations and regions."""
    asked = OFFERS.asked(request)
    if mistake := OFFERS.mistake(asked):
        return once_more(OFFERS, {}, field_name=mistake[0], says=mistake[1])
    caller = Caller(
        request_id=request.scope.get("state", {}).get("request_id"), until=time.monotonic() + SECONDS
    )
    services: dict[str, Service] = request.app.state.services
    service, register = services["cpd"], services["register"]
    specialisms, associations, regions, sources = await asyncio.gather(
        or_none(titles(service, "/v1/specialisms", caller=caller)),
        or_none(titles(register, "/v1/associations", caller=caller)),
        or_none(titles(register, "/v1/regions", caller=caller)),
        _sources(service, caller),
    )
    listing = OFFERS.with_choices(specialism=specialisms, association=associations, region=regions)
    try:
        offers = await learning.offers(service, wanted=asked, caller=caller)
    except Refusal as refusal:
        return refused(listing, asked, refusal)
    words = {"specialism": specialisms, "association": associations, "region": regions}
    cards = [_card(each, words, sources) for each in offers.items if not each.withdrawn]
    named = cited((tag for card in cards for tag in card.tags), sources)
    return shown(listing, asked, Found(cards=cards, next=offers.next, sources=named))


async def _sources(service: Service, caller: Caller) -> dict[str, Source]:
    try:
        listed = await whole(service, "/v1/sources", SOURCES, caller=caller)
    except Refusal:
        return {}
    return {each.code: each for each in listed}


def _card(offer: Offer, words: dict[str, dict[str, str]], sources: dict[str, Source]) -> Card:
    kept = words["association"].get(offer.association, offer.association)
    facts = [
        ("Provider", [offer.provider]),
        ("Offered by", ["Nobody keeps this entry: a source names it" if offer.source else kept]),
        ("How", [_DELIVERIES.get(offer.delivery, offer.delivery)]),
        ("Where", [_where(offer, words["region"])]),
        ("When", [_when(offer)]),
        ("Hours", ["Not known" if offer.hours is None else f"{offer.hours:g}"]),
        ("Cost", [_cost(offer.cost_pounds)]),
        ("Level", [f"{offer.framework} level {offer.level}"] if offer.framework and offer.level else []),
        ("Credits", [str(offer.credits)] if offer.credits is not None else []),
        ("For", [each.replace("_", " ").capitalize() for each in offer.audience]),
        ("Specialisms", [words["specialism"].get(each, each) for each in offer.specialisms]),
        ("Accredited", [offer.accreditation] if offer.accreditation else []),
        ("Last confirmed", [wording.day(offer.confirmed_on)] if offer.confirmed_on else []),
    ]
    is_link = offer.address is not None and offer.address.startswith(("https://", "http://"))
    return Card(
        title=offer.title,
        link=offer.address if is_link else None,
        says=offer.description or "",
        facts=[(label, lines) for label, lines in facts if lines],
        tags=tags(offer.source, sources),
    )


def _where(offer: Offer, regions: dict[str, str]) -> str:
    parts = (offer.place, regions.get(offer.region, offer.region) if offer.region else None)
    return ", ".join(part for part in parts if part) or "Not known"


def _when(offer: Offer) -> str:
    if offer.starts_on is None:
        return "Not known" if offer.ends_on is None else f"Until {wording.day(offer.ends_on)}"
    first = wording.day(offer.starts_on)
    if offer.ends_on is None or offer.ends_on == offer.starts_on:
        return first
    return f"{first} to {wording.day(offer.ends_on)}"


def _cost(pounds: float | None) -> str:
    if pounds is None:
        return "Not known"
    return "Free" if pounds == 0 else f"£{pounds:,.2f}".removesuffix(".00")
