"""The command line against a running service, with the example files as a newcomer sends them."""

import asyncio
import base64
import csv
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.register.operations.import_runs import working
from shared.schema_version import ROOT
from shared.sheets.text import read_text
from tests.callers import token
from tests.register.conftest import Register
from tests.register.make_examples import main as make_examples
from tests.register.member_files import count

pytestmark = pytest.mark.slow
CLIENTS = {"icg": "ICG", "aceg": "ACEG"}


@dataclass
class Running:
    """A register and an issuer of tokens that listen."""

    credentials: Path
    folder: Path

    async def run(self, *arguments: str, as_: str = "icg") -> subprocess.CompletedProcess[str]:
        """Run the command as an association."""
        command = [sys.executable, "-m", "services.register.client", "import", *arguments]
        command += ["--credentials", str(self.credentials), "--as", as_, "--outcomes", str(self.folder)]
        return await asyncio.to_thread(
            subprocess.run,
            command,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "COLUMNS": "120"},
            capture_output=True,
            text=True,
            check=False,
        )


async def _token(request: Request) -> JSONResponse:
    form = await request.form()
    assert form["grant_type"] == "client_credentials"
    user, _, secret = _basic(request.headers["authorization"])
    if secret != "right":
        return JSONResponse({"error": "invalid_client", "error_description": "Unknown client."}, 401)
    issued = token("members:write", subject=f"{user}-system", association=CLIENTS[user])
    return JSONResponse({"access_token": issued, "token_type": "Bearer", "expires_in": 900})


def _basic(header: str) -> tuple[str, str, str]:
    return base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")


async def _serve(app: object, listener: socket.socket) -> tuple[uvicorn.Server, asyncio.Task[None]]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))  # type: ignore[arg-type]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    return server, task


@pytest.fixture
async def running(register: Register, tmp_path: Path) -> AsyncIterator[Running]:
    """The register of this test and an issuer, on ports of their own."""
    issuer = Starlette(routes=[Route("/oauth/token", _token, methods=["POST"])])
    started, addresses = [], {}
    for name, app in (("register", register.app), ("gateway", issuer)):
        listener = socket.create_server(("127.0.0.1", 0))
        addresses[name] = f"http://127.0.0.1:{listener.getsockname()[1]}"
        started.append(await _serve(app, listener))
    secrets = {name: {"id": name, "secret": "right"} for name in CLIENTS}
    secrets["stranger"] = {"id": "icg", "secret": "wrong"}
    credentials = tmp_path / "sample.json"
    credentials.write_text(json.dumps({"addresses": addresses, "clients": secrets}))
    async with working(register.db, clock=register.clock):
        yield Running(credentials, tmp_path / "outcomes")
    for server, task in started:
        server.should_exit = True
        await task


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return a file of outcomes by column."""
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


async def test_two_associations_import_their_example_files(register: Register, running: Running) -> None:
    first = await running.run("examples/icg-members.csv")
    assert first.returncode == 0, first.stdout + first.stderr
    assert len(rows_of(running.folder / "icg-members-successful.csv")) == 60
    second = await running.run(
        "examples/aceg-members.xlsx", "--mapping", "examples/aceg-mapping.json", as_="aceg"
    )
    assert second.returncode == 0, second.stdout + second.stderr
    taken = rows_of(running.folder / "aceg-members-successful.csv")
    # Two are alike with members of the first: that is for registrars, and not for the second to know.
    assert not any(each["Import message"] for each in taken)
    assert await count(register, "possible_duplicates") == 2
    assert await count(register, "people") == 100
    again = await running.run("examples/icg-members.csv")
    assert "unchanged" in again.stdout
    assert await count(register, "people") == 100


async def test_a_file_with_mistakes_is_told_row_by_row(register: Register, running: Running) -> None:
    tried = await running.run("examples/icg-members-with-errors.csv", "--dry-run")
    assert tried.returncode == 3, tried.stdout + tried.stderr
    assert "dry run: nothing was written" in tried.stdout
    assert await count(register, "people") == 0
    failed = rows_of(running.folder / "icg-members-with-errors-failed.csv")
    assert [each["Import row"] for each in failed] == [str(row) for row in range(3, 15)]
    assert failed[0]["Import message"] == "Row 3: the date of birth 31/02/1980 is not a real date."
    assert len(rows_of(running.folder / "icg-members-with-errors-successful.csv")) == 2


@pytest.mark.parametrize(
    ("arguments", "as_", "sentence"),
    [
        (["examples/none.csv"], "icg", "cannot be read"),
        (["examples/aceg-mapping.json"], "icg", "The file has no column for"),
        (["examples/icg-members.csv", "--mapping", "none"], "icg", "There is no mapping of that name"),
        (["examples/icg-members.csv"], "stranger", "Unknown client."),
        (["examples/icg-members.csv"], "nobody", "has no client “nobody”"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(
    running: Running, arguments: list[str], as_: str, sentence: str
) -> None:
    ended = await running.run(*arguments, as_=as_)
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_example_files_are_those_that_the_script_makes(tmp_path: Path) -> None:
    make_examples(tmp_path)
    for name in ("icg-members.csv", "icg-members-with-errors.csv", "aceg-mapping.json"):
        assert (ROOT / "examples" / name).read_bytes() == (tmp_path / name).read_bytes()
    assert len(read_text((ROOT / "examples" / "icg-members.csv").read_bytes())) == 61
