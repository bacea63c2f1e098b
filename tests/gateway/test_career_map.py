"""The career map: every role in its place, moves with what they rest on, what nobody says said so."""

import json
from itertools import combinations
from typing import Any

import httpx

from services.gateway.clients.careers import Framework, Move, Role
from services.gateway.pages.career_drawing import BOX_HEIGHT, BOX_WIDTH, WIDTH, Drawing, alone, drawn
from tests.gateway.front import FakeRegister, client_of, make_app
from tests.gateway.published import FRAMEWORK
from tests.gateway.test_pages import words
from tests.house.source import ROOT

PATH = "/career-map"


async def get(register: FakeRegister | None = None) -> httpx.Response:
    async with client_of(make_app(register or FakeRegister())) as http:
        return await http.get(PATH, headers={"Accept": "text/html"})


def roles(*codes: str) -> list[Role]:
    source = {"ref": "W1", "note": None}
    return [Role.model_validate({"code": code, "title": code, "source": source}) for code in codes]


def move(start: str, end: str, kind: str = "vertical", basis: str = "order") -> Move:
    source = {"ref": "W1", "note": None}
    return Move.model_validate({"from": start, "to": end, "kind": kind, "basis": basis, "source": source})


def titles(drawing: Drawing) -> dict[str, tuple[float, float]]:
    return {" ".join(line for line, _ in box.lines): (box.x, box.y) for box in drawing.boxes}


def test_every_role_of_the_shipped_framework_has_one_place_of_its_own() -> None:
    shipped = json.loads((ROOT / "services/register/reference/career_frameworks.json").read_text())
    said: Any = next(each for each in shipped if each["moves"])
    framework = Framework.model_validate({**said, "versions": []})
    drawings = drawn(framework.roles, framework.moves, chosen="default")
    placed = [title for each in drawings for title in titles(each)]
    resting = [role.title for role in alone(framework.roles, framework.moves)]
    assert sorted([*placed, *resting]) == sorted(role.title for role in framework.roles)
    for drawing in drawings:
        for one, other in combinations(drawing.boxes, 2):
            assert abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT
        for box in drawing.boxes:
            assert 0 <= box.x <= WIDTH - BOX_WIDTH
            assert 0 <= box.y <= drawing.height - BOX_HEIGHT


def test_roles_stand_over_those_that_lead_up_to_them_and_others_beside() -> None:
    moves = [move("a", "b"), move("b", "c"), move("b", "d", "horizontal")]
    (drawing,) = drawn(roles("c", "d", "b", "a"), moves, chosen="default")
    at = titles(drawing)
    assert at["a"][1] > at["b"][1] > at["c"][1]
    assert at["d"] == (at["d"][0], at["b"][1])
    assert at["d"][0] > at["b"][0]


def test_moves_in_both_directions_are_one_line_and_chosen_ones_are_told_apart() -> None:
    moves = [move("a", "b", "horizontal", "default"), move("b", "a", "horizontal", "default"), move("a", "c")]
    (drawing,) = drawn(roles("a", "b", "c"), moves, chosen="default")
    assert [(each.both, each.chosen) for each in drawing.lines] == [(True, True), (False, False)]


def test_groups_are_drawn_apart_and_a_circle_of_moves_is_drawn_too() -> None:
    moves = [move("a", "b"), move("b", "c"), move("c", "a"), move("x", "y")]
    first, second = drawn(roles("a", "b", "c", "x", "y", "z"), moves, chosen="default")
    assert (set(titles(first)), set(titles(second))) == ({"a", "b", "c"}, {"x", "y"})
    assert len(first.lines) == 3
    assert any("C" in each.path for each in first.lines)
    assert [role.code for role in alone(roles("a", "z"), moves)] == ["z"]


async def test_the_map_stands_beside_a_table_that_tells_defaults_from_sources() -> None:
    answer = await get()
    said = words(answer)
    assert answer.status_code == 200
    assert answer.text.count('role="img"') == 1
    assert "Support Careers adviser Upwards As the source lists the roles. Source: W1" in said
    assert "Careers adviser Lecturer Sideways Our own default: no source states it. See: W1" in said
    assert said.count("Our own default") == 3
    assert "No move to or from these roles is known: Youth worker" in said
    assert "in force since 1 May 2015" in said


async def test_each_role_tells_what_it_requires_what_is_proposed_and_what_nobody_says() -> None:
    said = words(await get())
    for part in (
        "Level QCF level 4 Source: W1 Qualification No source says Competence No source says",
        "Careers adviser Licence Personal careers guidance See entry. Source: W1 Source: W1",
        "Qualification Certificate in Leading &lt;Careers&gt; (proposed, not required)",
        "No source states which qualification it requires.",
        "Belongs to it Works with youth",
        "A module, A university",
        "Only proposed Blueprint",
    ):
        assert part in said


async def test_while_the_register_is_away_nothing_is_said_of_careers() -> None:
    answer = await get(FakeRegister(instead=lambda _: httpx.Response(500)))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert f'href="{PATH}"' in answer.text


async def test_a_framework_without_moves_is_told_without_a_picture() -> None:
    bare = FRAMEWORK | {"moves": [], "pathways": [], "effective_from": None}
    register = FakeRegister()
    whole = register.transport().handler

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/career-framework":
            return httpx.Response(200, json=bare)
        register.instead = None
        try:
            return whole(request)  # type: ignore[return-value]
        finally:
            register.instead = answer

    register.instead = answer
    shown = await get(register)
    assert shown.status_code == 200
    assert 'role="img"' not in shown.text
