"""Every route of CPD, with every kind of caller, answers what is declared of it and nothing else."""

from typing import Any

import httpx

from services.cpd.app import create_app
from tests.callers import bearer
from tests.cpd.authorisation.matrix import MATRIX, OPERATIONAL, build_everything
from tests.cpd.authorisation.row import CALLERS, World
from tests.cpd.conftest import Cpd, settings
from tests.cpd.people import ANN, number
from tests.register.authorisation.callers import BAD_TOKENS

MISSING = 9_999_999


class Nothing(World):
    """A world in which nothing that a path names exists, whatever it is asked for."""

    def __missing__(self, name: str) -> int:
        """Return an id that nothing has."""
        return MISSING


def routes() -> dict[str, tuple[str, str]]:
    """Return method and path of every route, by operation id, as OpenAPI declares them."""
    declared = create_app(settings("postgresql+asyncpg://nobody:none@/nothing?host=/nowhere")).openapi()[
        "paths"
    ]
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in declared.items()
        for method, operation in methods.items()
    }


ROUTES = routes()


async def call(cpd: Cpd, name: str, world: World, headers: dict[str, str]) -> httpx.Response:
    """Call a route as its row says."""
    row = MATRIX[name]
    method, template = ROUTES[name]
    body = row.body(world)
    sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
    return await cpd.http.request(
        method,
        row.place(world) if row.place else template,
        headers={**headers, **row.headers},
        **({} if body is None else sent),
    )


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert ROUTES.keys() == MATRIX.keys()


async def test_nobody_else_is_served_and_what_they_tried_did_not_happen(cpd: Cpd) -> None:
    world = await build_everything(cpd)
    before = await cpd.db.fetch("SELECT max(position) FROM journal")
    declared, found = {}, {}
    for name, row in MATRIX.items():
        for caller, headers in CALLERS.items():
            status = row.told.get(caller, 401 if caller == "anyone" else 403)
            if status >= 400:
                declared[name, caller] = status
                found[name, caller] = (await call(cpd, name, world, headers)).status_code
    assert found == declared
    assert await cpd.db.fetch("SELECT max(position) FROM journal") == before


async def test_everyone_declared_is_served(cpd: Cpd) -> None:
    world = await build_everything(cpd)
    declared, found = {}, {}
    # Reads first, and of the writes only one each: the second would find it done.
    for name in sorted(MATRIX, key=lambda name: ROUTES[name][0] != "GET"):
        served = [caller for caller, status in MATRIX[name].told.items() if status < 400]
        for caller in served if ROUTES[name][0] == "GET" else served[:1]:
            declared[name, caller] = MATRIX[name].told[caller]
            found[name, caller] = (await call(cpd, name, world, CALLERS[caller])).status_code
    assert found == declared


async def test_a_bad_token_is_refused_on_every_route_and_one_without_the_claim_serves_nothing(
    cpd: Cpd,
) -> None:
    world = Nothing(number=ANN)
    unclaimed = bearer("cpd:write", subject="no-claim")
    for name in ROUTES.keys() - set(OPERATIONAL):
        for kind, headers in BAD_TOKENS.items():
            assert (await call(cpd, name, world, headers)).status_code == 401, (name, kind)
        if "own association" in MATRIX[name].told and "anyone" not in MATRIX[name].told:
            assert (await call(cpd, name, world, unclaimed)).status_code in {403, 404}, name


async def test_a_batch_tells_an_association_nothing_of_anothers_member(cpd: Cpd) -> None:
    world = await build_everything(cpd)
    theirs = await call(cpd, "lookUpStandings", world, CALLERS["other association"])
    nobody = await call(cpd, "lookUpStandings", world | {"number": number(999)}, CALLERS["other association"])
    assert theirs.json()["items"][0] | {"number": ""} == nobody.json()["items"][0] | {"number": ""}
