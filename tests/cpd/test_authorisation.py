"""Every route of CPD, with every kind of caller, answers what is declared of it and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from services.cpd.app import create_app
from tests.callers import bearer
from tests.cpd import make
from tests.cpd.conftest import Cpd, settings
from tests.cpd.make import cpd_system, entry
from tests.cpd.people import ANN, member, number
from tests.cpd.test_obligations import COMMITMENT, PAUSE
from tests.cpd.test_reference import OWN_POLICY
from tests.register.authorisation.callers import BAD_TOKENS
from tests.register.authorisation.callers import CALLERS as OF_REGISTER

CALLERS = OF_REGISTER | {
    "own association": cpd_system("ICG"),
    "other association": cpd_system("ACEG"),
    "association without cpd": OF_REGISTER["own association"],
}
EVERYONE = frozenset(CALLERS)
ASSOCIATIONS = {"own association": 200, "other association": 200}
MISSING = 9_999_999
LISTS = (
    "listSources", "listActivityTypes", "listLearningApproaches", "listCompetenceSuites",
    "listCompetenceStandards", "listSpecialisms", "listCommitmentWordings", "listPolicies",
)  # fmt: skip
OPERATIONAL = ("livez", "readyz", "version", "metrics")

World = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One route: who is told what, all others 401 or 403; where it is called, and with which body."""

    told: Mapping[str, int]
    place: Callable[[World], str] | None = None
    body: Callable[[World], Any] = lambda _: None


def own(status: int) -> dict[str, int]:
    """Tell the owner ``status``, the other association that there is no such thing."""
    return {"own association": status, "other association": 404}


def readers(own_only: int = 404) -> dict[str, int]:
    """Tell the standing to everybody who may know it, and the other association that there is nobody."""
    told = dict.fromkeys(("own association", "registrar", "auditor", "neighbour", "careers service"), 200)
    return told | {"other association": own_only}


MATRIX: dict[str, Row] = {
    **{name: Row(told=dict.fromkeys(EVERYONE, 200)) for name in (*LISTS, *OPERATIONAL)},
    "readJournal": Row(told={"neighbour": 200}),
    "publishPolicy": Row(told={"registrar": 201}, body=lambda _: OWN_POLICY),
    "getStanding": Row(told=readers(), place=lambda w: f"/v1/standing/{w['number']}"),
    # A batch is answered to whoever may ask; what is another's has no standing in it.
    "lookUpStandings": Row(told=readers(200), body=lambda w: {"numbers": [w["number"]]}),
    "listStandings": Row(told=ASSOCIATIONS),
    "upsertEntry": Row(
        told=own(200), place=lambda _: "/v1/entries/by-external-id/ICG/E-1", body=lambda _: entry()
    ),
    "getEntry": Row(told=own(200), place=lambda _: "/v1/entries/by-external-id/ICG/E-1"),
    "listEntries": Row(told=ASSOCIATIONS),
    "upsertEntries": Row(told=ASSOCIATIONS, body=lambda _: {"items": [{"entry_id": "E-1", **entry()}]}),
    "listEntryVersions": Row(told=own(200), place=lambda w: f"/v1/entries/{w['entry']}/versions"),
    "voidEntry": Row(
        told=own(201),
        place=lambda w: f"/v1/entries/{w['entry']}/voiding",
        body=lambda _: {"reason": "Wrong."},
    ),
    "declareReturn": Row(told=own(201), body=lambda _: {"number": ANN, "nature": "Courses."}),
    "listReturns": Row(told=ASSOCIATIONS),
    "declareCommitment": Row(told=own(201), body=lambda _: COMMITMENT),
    "listCommitments": Row(told=ASSOCIATIONS),
    "decidePause": Row(
        told={"auditor": 201}, body=lambda _: PAUSE | {"valid_from": "2027-03-01", "valid_to": "2027-03-31"}
    ),
    "listPauses": Row(told={"auditor": 200}),
    "endPause": Row(
        told={"auditor": 201},
        place=lambda w: f"/v1/pauses/{w['pause']}/ending",
        body=lambda _: {"last_day": "2026-12-01"},
    ),
}


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


async def build(cpd: Cpd) -> World:
    """Give every route something of the first association's to act on."""
    await member(cpd)
    made = await make.put(cpd)
    decided = await make.post(cpd, "/v1/pauses", PAUSE, make.AUDITOR)
    return {"number": ANN, "entry": made.json()["id"], "pause": decided.json()["id"]}


async def call(cpd: Cpd, name: str, world: World, headers: dict[str, str]) -> httpx.Response:
    """Call a route as its row says."""
    row = MATRIX[name]
    method, template = ROUTES[name]
    body = row.body(world)
    return await cpd.http.request(
        method,
        row.place(world) if row.place else template,
        headers=headers,
        **({} if body is None else {"json": body}),
    )


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert ROUTES.keys() == MATRIX.keys()


async def test_nobody_else_is_served_and_what_they_tried_did_not_happen(cpd: Cpd) -> None:
    world = await build(cpd)
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
    world = await build(cpd)
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
    world = await build(cpd) | {"entry": MISSING, "pause": MISSING}
    unclaimed = bearer("cpd:write", subject="no-claim")
    for name in ROUTES.keys() - set(OPERATIONAL):
        for kind, headers in BAD_TOKENS.items():
            assert (await call(cpd, name, world, headers)).status_code == 401, (name, kind)
        if "own association" in MATRIX[name].told and name not in LISTS:
            assert (await call(cpd, name, world, unclaimed)).status_code in {403, 404}, name


async def test_a_batch_tells_an_association_nothing_of_anothers_member(cpd: Cpd) -> None:
    world = await build(cpd)
    theirs = await call(cpd, "lookUpStandings", world, CALLERS["other association"])
    nobody = await call(cpd, "lookUpStandings", world | {"number": number(999)}, CALLERS["other association"])
    assert theirs.json()["items"][0] | {"number": ""} == nobody.json()["items"][0] | {"number": ""}
