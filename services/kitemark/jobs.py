"""What is done beside running the kite mark: reference data, tidying, whether all is sound.

python -m services.kitemark.jobs load-reference
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.kitemark.operations import idempotency_keys, integrity, shipped
from services.kitemark.operations.awards import sample as award_sample
from services.kitemark.operations.establishments import loading
from services.kitemark.operations.policing import sample as policing_sample
from services.kitemark.operations.providers import sample
from services.kitemark.settings import DatabaseSettings
from services.kitemark.storage.database import connect
from shared.clock import utc_now
from shared.database import Database
from shared.errors import Refusal

Result = TypeVar("Result")

jobs = typer.Typer(help=(__doc__ or "").splitlines()[0], no_args_is_help=True, add_completion=False)


async def prepare(previous: Mapping[str, Any]) -> dict[str, Any]:
    """Load the reference data and, on a development machine, the sample; return its schools by their mark."""
    settings = DatabaseSettings()
    async with _database(settings) as db:
        await shipped.load(db, now=utc_now())
        if settings.environment != "development":
            return {}
        await sample.load_sample(db, now=utc_now())
        await award_sample.load_sample(db, now=utc_now())
        await policing_sample.load_sample(db, now=utc_now())
    return {"schools": {mark.value: {"urn": urn} for mark, urn in award_sample.SCHOOLS.items()}}


@jobs.command()
def load_reference() -> None:
    """Bring reference data up to what is shipped; what is the same is left alone."""
    _run(lambda db: shipped.load(db, now=utc_now()))


@jobs.command()
def forget_expired_keys() -> None:
    """Delete first answers that are kept for idempotency keys longer than 48 hours. Run it hourly."""
    typer.echo(f"{_run(lambda db: idempotency_keys.forget_expired(db, now=utc_now()))} keys deleted")


@jobs.command()
def import_establishments(
    file: Annotated[Path, typer.Argument(help="edubasealldata….csv, as the national register gives it")],
    links: Annotated[Path | None, typer.Option(help="links_edubasealldata….csv, beside it")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would change, and change nothing")
    ] = False,
) -> None:
    """Bring the schools up to the files of the national register; the same files again change nothing."""
    with Progress(console=Console(file=sys.stderr)) as shown:
        task = shown.add_task("Reading", total=None)
        loaded = _run(
            lambda db: loading.load_files(
                db,
                file,
                links,
                dry_run=dry_run,
                now=utc_now(),
                progress=lambda rows: shown.update(task, completed=rows, description=f"{rows:,} rows"),
            )
        )
    table = Table("what", "how many")
    for name in ("staged", "new", "closed", "reopened", "renamed", "changed", "links", "faulty"):
        table.add_row(name, f"{getattr(loaded, name):,}")
    Console(file=sys.stdout).print(table)
    for fault in loaded.faults:
        typer.echo(f"line {fault.line}, {fault.column}: {fault.why}", err=True)
    if dry_run:
        typer.echo("Nothing was written.")


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


def _run(work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Do work on the database that the environment names; what cannot be done is said in one line."""

    async def run() -> Result:
        async with _database(DatabaseSettings()) as db:
            return await work(db)

    try:
        return asyncio.run(run())
    except ValidationError:
        typer.echo("Set KITEMARK_DATABASE_URL and KITEMARK_ENVIRONMENT.", err=True)
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
