"""What is done beside the running register: lapsing, tidying, asking whether all is sound, the sample.

python -m services.register.jobs lapse-licences
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from services.register.operations import (
    idempotency_keys,
    integrity,
    licences,
    public_entries,
    reference,
    sample,
)
from services.register.operations.alerts import acknowledgements
from services.register.operations.integrity import Finding
from services.register.operations.matching import duplicates, questions
from services.register.operations.renewal import reminders
from services.register.operations.rights import retention
from services.register.settings import DatabaseSettings
from services.register.storage.database import connect
from shared.clock import utc_now
from shared.database import Database
from shared.errors import Refusal

Result = TypeVar("Result")

jobs = typer.Typer(help=(__doc__ or "").splitlines()[0], no_args_is_help=True, add_completion=False)


async def prepare(previous: Mapping[str, Any]) -> dict[str, Any]:
    """Load the reference data and, on a development machine, the sample; return its parts of the sample file.

    ``previous`` is what was returned before; the database knows better, so it is not looked at.
    """
    settings = DatabaseSettings()
    async with _database(settings) as db:
        await reference.load_reference(db, now=utc_now())
        if settings.environment == "production":
            return {}
        return await sample.load_sample(db, now=utc_now())


@jobs.command()
def lapse_licences() -> None:
    """Lapse every licence that is past its days of grace. Run it daily; running it twice changes nothing."""
    lapsed = _run(lambda db: licences.lapse(db, now=utc_now()))
    typer.echo(f"{lapsed} licence{'' if lapsed == 1 else 's'} lapsed")


@jobs.command()
def remind_of_renewals() -> None:
    """Write the reminders of renewal that are due. Run it daily; running it twice writes nothing twice."""
    written = _run(lambda db: reminders.remind(db, now=utc_now()))
    typer.echo(f"{written} reminder{'' if written == 1 else 's'} written")


@jobs.command()
def escalate_alerts() -> None:
    """Escalate alerts that no association acknowledged in time. Run it daily; twice changes nothing."""
    escalated = _run(lambda db: acknowledgements.escalate(db, now=utc_now()))
    typer.echo(f"{escalated} alert{'' if escalated == 1 else 's'} escalated")


@jobs.command()
def forget_expired_keys() -> None:
    """Delete first answers that are kept for idempotency keys longer than 48 hours. Run it hourly."""
    typer.echo(f"{_run(lambda db: idempotency_keys.forget_expired(db, now=utc_now()))} keys deleted")


@jobs.command()
def forget_match_questions() -> None:
    """Erase what was sent with match questions older than the policy keeps them. Run it daily."""
    typer.echo(f"{_run(lambda db: questions.forget_old(db, now=utc_now()))} questions forgotten")


@jobs.command("find-duplicates")
def find_all_duplicates(
    after: Annotated[int, typer.Option(help="Go on after this id, where a search was stopped.")] = 0,
) -> None:
    """Note everybody who may be one person with somebody else, for a registrar to decide. Run it nightly."""

    def told(last: int) -> None:
        typer.echo(f"everybody up to {last} was looked at", err=True)

    done = _run(lambda db: duplicates.find_duplicates(db, now=utc_now(), after=after, told=told))
    typer.echo(f"{done.looked_at} people looked at, {done.found} possible duplicates found")


@jobs.command()
def apply_retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be deleted.")] = False,
) -> None:
    """Delete what has outlived its class of record, as the retention policy says. Run it daily."""
    found = _run(lambda db: retention.apply(db, now=utc_now(), rehearsing=dry_run))
    table = Table("class of record", "would be deleted" if dry_run else "deleted")
    for record_class, records in found.items():
        table.add_row(record_class, str(records))
    Console(file=sys.stdout).print(table)


@jobs.command("integrity")
def check_integrity(
    everybody: Annotated[
        bool, typer.Option("--all", help="Compute the public entries of everybody anew, not of a thousand.")
    ] = False,
) -> None:
    """Ask the database whether every invariant holds. A sound database answers with nothing."""
    findings = _run(lambda db: integrity.check(db, now=utc_now(), everybody=everybody))
    if findings:
        _print(findings)
        raise typer.Exit(1)


@jobs.command()
def load_reference() -> None:
    """Bring reference data and policies up to what is shipped; what is the same is left alone."""
    _run(lambda db: reference.load_reference(db, now=utc_now()))


@jobs.command()
def republish() -> None:
    """Compute every public entry anew. Run it after a change of the verdict's words or the days of grace."""
    typer.echo(f"{_run(lambda db: public_entries.republish_everybody(db, now=utc_now()))} entries published")


def _run(work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Do work on the database that the environment names; what cannot be done is said in one line."""

    async def run() -> Result:
        async with _database(DatabaseSettings()) as db:
            return await work(db)

    try:
        return asyncio.run(run())
    except ValidationError:
        typer.echo("Set REGISTER_DATABASE_URL and REGISTER_ENVIRONMENT.", err=True)
    except Refusal as refusal:
        typer.echo(refusal.detail, err=True)
    raise typer.Exit(2)


def _print(findings: Sequence[Finding]) -> None:
    table = Table("invariant", "what was found", "where")
    for finding in findings:
        table.add_row(finding.invariant, finding.name, finding.row)
    Console(file=sys.stdout).print(table)


@asynccontextmanager
async def _database(settings: DatabaseSettings) -> AsyncIterator[Database]:
    db = connect(settings.database_url, pool_size=2)
    try:
        yield db
    finally:
        await db.close()


if __name__ == "__main__":
    jobs()
