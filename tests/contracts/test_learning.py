"""Offers, courses and careers as the gateway reads them, against the real CPD and the real register."""

import httpx
import pytest

from services.cpd.domain.catalogue.offer import Delivery
from services.cpd.operations.catalogue.offers import load_shipped
from services.gateway.clients import careers, learning
from services.gateway.clients.caller import Caller
from services.gateway.clients.reference import titles
from services.gateway.clients.upstream import Service
from services.gateway.pages import career_map, courses, training
from services.register.domain.directory.vocabulary import (
    CourseStatus,
    DeliveryModel,
    EntryRequirement,
    StatementBasis,
)
from services.register.domain.framework.framework import RequirementKind
from shared.http import Neighbour
from tests.cpd.conftest import Cpd
from tests.register.conftest import Register

ANYONE = Caller()


def test_the_pages_have_words_for_every_code() -> None:
    assert training._DELIVERIES.keys() == set(Delivery)
    assert courses._MODELS.keys() == set(DeliveryModel)
    assert courses._STATUSES.keys() == set(CourseStatus)
    assert courses._ENTRY.keys() == set(EntryRequirement)
    assert courses._BASES.keys() == set(StatementBasis) - {StatementBasis.STATED}


async def test_offers_are_read_page_by_page_with_the_words_of_their_specialisms(
    cpd: Cpd, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load_shipped(cpd.db, now=cpd.clock())
    monkeypatch.setattr(learning, "PER_PAGE", 2)
    service = Service(Neighbour("cpd", "http://cpd.test", transport=httpx.ASGITransport(app=cpd.app)))
    first = await learning.offers(service, wanted={"q": "module"}, caller=ANYONE)
    assert [each.offer_id for each in first.items] == ["lmi-module", "stem-module"]
    rest = await learning.offers(service, wanted={}, caller=ANYONE)
    assert rest.next is not None
    last = await learning.offers(service, wanted={"after": rest.next}, caller=ANYONE)
    assert not {each.offer_id for each in rest.items} & {each.offer_id for each in last.items}
    words = await titles(service, "/v1/specialisms", caller=ANYONE)
    assert {code for each in first.items for code in each.specialisms} <= words.keys()


async def test_courses_are_read_with_what_is_said_of_them_and_the_words_of_the_filters(
    register: Register,
) -> None:
    transport = httpx.ASGITransport(app=register.app)
    service = Service(Neighbour("register", "http://register.test", transport=transport))
    found = await learning.courses(service, wanted={"region": "D"}, caller=ANYONE)
    assert ([each.code for each in found.items], found.possible) == (["ocr-nvq-4"], 4)
    assert {each.kind for each in found.items[0].statements} >= {"delivery", "availability", "entry"}
    for path in ("/v1/regions", "/v1/settings", "/v1/awarding-bodies", "/v1/associations"):
        assert await titles(service, path, caller=ANYONE), path
    assert "lmi" in await learning.contents(service, caller=ANYONE)
    framework = await careers.framework(service, caller=ANYONE)
    assert {each.basis for each in framework.moves} <= career_map._BASES.keys()
    assert {each.status for each in framework.versions} <= career_map._STATUSES.keys()
    asked = {each.kind for role in framework.roles for each in role.requirements}
    assert asked <= set(RequirementKind)
