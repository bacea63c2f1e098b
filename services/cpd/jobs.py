"""What is done beside running CPD: reference data, tidying, hearing all again, whether all is sound.

python -m services.cpd.jobs load-reference
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from services.cpd.clients.evidence_store import EvidenceStore
from services.cpd.clients.register import follower
from services.cpd.operations import following, idempotency_keys, integrity, reference
from services.cpd.operations.audit import cases
from services.cpd.operations.catalogue import offers
from services.cpd.operations.evidence import files
from services.cpd.settings import DatabaseSettings, EvidenceSettings, FollowerSettings
from services.cpd.storage.database import connect
from shared.actor import Actor
from shared.clock import utc_now
from shared.database import Database
from shared.errors import Refusal
from shared.own_client import credentials_of

Result = TypeVar("Result")

jobs = typer.Typer(help=(__doc__ or "").splitlines()[0], no_args_is_help=True, add_completion=False)


async def prepare(previous: Mapping[str, Any]) -> dict[str, Any]:
    """Load the reference data; what is returned adds nothing to the sample file.

    The sample of CPD is made by the running service, when it has heard from the register who there is.
    """
    async with _database(DatabaseSettings()) as db:
        await reference.load_reference(db, now=utc_now())
        await offers.load_shipped(db, now=utc_now())
    return {}


@jobs.command()
def load_reference() -> None:
    """Bring reference data and policies up to what is shipped; what is the same is left alone."""
    _run(lambda db: reference.load_reference(db, now=utc_now()))
    _run(lambda db: offers.load_shipped(db, now=utc_now()))


@jobs.command()
def forget_expired_keys() -> None:
    """Delete first answers that are kept for idempotency keys longer than 48 hours. Run it hourly."""
    typer.echo(f"{_run(lambda db: idempotency_keys.forget_expired(db, now=utc_now()))} keys deleted")


@jobs.command()
def finalise_audits() -> None:
    """Make refusals final against which no appeal was made in time. Run it daily; twice changes nothing."""
    actor = Actor.system("finalise-audits")
    typer.echo(f"{_run(lambda db: cases.finalise_overdue(db, now=utc_now(), actor=actor))} refusals final")


@jobs.command()
def remove_unlinked_evidence() -> None:
    """Delete evidence files to which no entry is linked any more. Run it daily."""

    def work(db: Database) -> Awaitable[int]:
        return files.remove_unlinked(db, EvidenceStore(EvidenceSettings().evidence_url), now=utc_now())

    typer.echo(f"{_run(work)} files deleted")


@jobs.command("integrity")
def check_integrity() -> None:
    """Ask the database whether every invariant holds. A sound database answers with nothing."""
    findings = _run(integrity.check)
    if findings:
        table = Table("invariant", "what was found", "where")
        for finding in findings:
            table.add_row(finding.invariant, finding.name, finding.row)
        Console(file=sys.stdout).print(table)
        raise typer.Exit(1)


@jobs.command()
def rebuild_members() -> None:
    """Make what is known of members again from the first line of the register's journal."""
    typer.echo(f"{_run_following(following.rebuild)} lines applied")


def _run_following(work: Callable[..., Awaitable[Result]]) -> Result:
    """Do work that asks the register, in the name of the client that the environment names."""

    async def run(db: Database) -> Result:
        settings = FollowerSettings()
        register = follower(
            register_url=settings.register_url,
            token_url=settings.own_token_url or settings.token_url,
            credentials=credentials_of(settings.client_id, settings.secret, settings.credentials_file),
            transports={},
        )
        try:
            return await work(db, register, clock=utc_now)
        finally:
            await register.close()

    return _run(run)


def _run(work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Do work on the database that the environment names; what cannot be done is said in one line."""

    async def run() -> Result:
        async with _database(DatabaseSettings()) as db:
            return await work(db)

    try:
        return asyncio.run(run())
    except ValidationError:
        typer.echo(
            "Set CPD_DATABASE_URL and CPD_ENVIRONMENT, and what following the register needs.", err=True
        )
    except Refusal as refusal:
        typer.echo(refusal.detail, err=True)
    raise typer.Exit(2)


@asynccontextmanager
async def _database(settings: DatabaseSettings) -> AsyncIterator[Database]:
    db = connect(settings.database_url, pool_size=2)
    try:
        yield db
    finally:
        await db.close()


if __name__ == "__main__":
    jobs()
