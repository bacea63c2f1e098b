"""Every route of the register, with every kind of caller, answers what is declared of it and nothing else."""

from typing import Any

import httpx

from services.register.app import create_app
from services.register.settings import Settings
from tests.callers import TRUSTED, bearer
from tests.register.authorisation.callers import BAD_TOKENS, CALLERS
from tests.register.authorisation.matrix import MATRIX, OPERATIONAL, build_everything
from tests.register.authorisation.row import Row
from tests.register.authorisation.world import Nothing, World
from tests.register.conftest import Register

SETTINGS = Settings(
    database_url="postgresql+asyncpg://nobody:none@/nothing?host=/nowhere",
    environment="development",
    trusted_issuers=[TRUSTED],
    errors_url="https://errors.test",
    token_url="https://issuer.test/oauth/token",
)


def routes() -> dict[str, tuple[str, str]]:
    """Return method and path of every route, by operation id, as OpenAPI declares them."""
    declared = create_app(SETTINGS).openapi()["paths"]
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in declared.items()
        for method, operation in methods.items()
    }


ROUTES = routes()


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert ROUTES.keys() == MATRIX.keys()


def alike(answer: httpx.Response) -> dict[str, Any]:
    """Return a problem without the one thing that differs between any two answers."""
    problem: dict[str, Any] = answer.json()
    problem.pop("instance")
    return problem


async def call(
    register: Register, name: str, world: World, headers: dict[str, str], *, missing: bool = False
) -> httpx.Response:
    """Call a route as its row says."""
    row = MATRIX[name]
    method, template = ROUTES[name]
    place = row.place(world) if row.place else template
    if missing and row.missing is not None:
        place = row.missing
    make_body = row.missing_body if missing and row.missing_body else row.body
    body = make_body(world)
    sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
    return await register.http.request(
        method,
        place,
        headers={**headers, **row.headers},
        params=dict(row.params) or None,
        **({} if body is None else sent),
    )


def said_yes(caller: str, row: Row) -> bool:
    """Say whether a caller is declared to be served."""
    return row.told.get(caller, 401) < 400


async def test_nobody_else_is_served_and_what_they_tried_did_not_happen(register: Register) -> None:
    world = await build_everything(register)
    before = await register.db.fetch("SELECT max(position) FROM journal")
    denied = {"anyone": 401} | dict.fromkeys(CALLERS.keys() - {"anyone"}, 403)
    declared, found = {}, {}
    for name, row in MATRIX.items():
        for caller in CALLERS:
            if not said_yes(caller, row):
                declared[name, caller] = row.told.get(caller, denied[caller])
                found[name, caller] = (await call(register, name, world, CALLERS[caller])).status_code
    assert found == declared
    assert await register.db.fetch("SELECT max(position) FROM journal") == before


async def test_everyone_declared_is_served(register: Register) -> None:
    world = await build_everything(register)
    declared, found = {}, {}
    # Reads first, and of the writes only one each: the second would find it done.
    for name in sorted(MATRIX, key=lambda name: ROUTES[name][0] != "GET"):
        row = MATRIX[name]
        served = [caller for caller in CALLERS if said_yes(caller, row)]
        for caller in served if ROUTES[name][0] == "GET" else served[:1]:
            declared[name, caller] = row.told[caller]
            found[name, caller] = (await call(register, name, world, CALLERS[caller])).status_code
    assert found == declared


async def test_what_is_anothers_looks_as_if_it_were_not_there(register: Register) -> None:
    world = await build_everything(register)
    for name, row in MATRIX.items():
        if 404 not in row.told.values() or (row.missing is None and row.missing_body is None):
            continue
        foreign = await call(register, name, world, CALLERS["other association"])
        missing = await call(register, name, world, CALLERS["other association"], missing=True)
        assert (foreign.status_code, missing.status_code) == (404, 404), name
        for part in ("code", "title", "type"):
            assert alike(foreign)[part] == alike(missing)[part], name


async def test_a_bad_token_is_refused_on_every_route(register: Register) -> None:
    world = Nothing()
    for name in ROUTES.keys() - set(OPERATIONAL):
        for kind, headers in BAD_TOKENS.items():
            answer = await call(register, name, world, headers)
            assert answer.status_code == 401, (name, kind)


async def test_an_association_token_without_the_claim_can_do_nothing(register: Register) -> None:
    world = await build_everything(register)
    for name, row in MATRIX.items():
        if "own association" in row.told and "anyone" not in row.told:
            answer = await call(register, name, world, bearer("members:write", subject="no-claim"))
            assert answer.status_code in {403, 404}, name
