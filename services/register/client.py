"""The command line of an association: it sends a member file and follows the import. It speaks HTTP only.

python -m services.register.client import members.csv --client-id … --client-secret … --dry-run
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

GATEWAY = "http://127.0.0.1:8000"
REGISTER = "http://127.0.0.1:8001"
LARGEST_FILE = 25 * 1024 * 1024
POLL_SECONDS = 0.3
PATIENCE_SECONDS = 60.0
REFUSED, SOME_ROWS_FAILED = 1, 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The register, for associations.")
console = Console()
errors = Console(stderr=True)


class CannotGoOn(Exception):
    """Something that the person at the keyboard has to mend; the message says what."""


@dataclass(slots=True)
class Access:
    """Where the register is, and who asks. A token is fetched when one is needed."""

    register: str
    gateway: str
    client_id: str
    client_secret: str
    token: str = ""

    def call(self, http: httpx.Client, method: str, path: str, **sent: Any) -> httpx.Response:
        """Ask the register, waiting out an interruption; a refusal is raised with its sentence."""
        answer = _patiently(lambda: self._once(http, method, path, **sent))
        if answer.status_code == 401:
            self.token = ""
            answer = _patiently(lambda: self._once(http, method, path, **sent))
        if answer.is_error:
            raise CannotGoOn(_sentence(answer))
        return answer

    def _once(self, http: httpx.Client, method: str, path: str, **sent: Any) -> httpx.Response:
        if not self.token:
            self.token = self._fetch_token(http)
        headers = {"Authorization": f"Bearer {self.token}", **sent.pop("headers", {})}
        return http.request(method, self.register.rstrip("/") + path, headers=headers, **sent)

    def _fetch_token(self, http: httpx.Client) -> str:
        answer = http.post(
            self.gateway.rstrip("/") + "/oauth/token",
            data={"grant_type": "client_credentials", "scope": "members:write"},
            auth=(self.client_id, self.client_secret),
        )
        if answer.is_error:
            raise CannotGoOn(f"No access token was given: {_sentence(answer)}")
        return str(answer.json()["access_token"])


def _patiently(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Ask until there is an answer; a service that starts anew is waited for."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = ask()
        except httpx.TransportError as fault:
            if time.monotonic() > until:
                raise CannotGoOn(f"The register cannot be reached: {fault}.") from fault
        else:
            if answer.status_code not in (429, 503) or time.monotonic() > until:
                return answer
        time.sleep(1)


def _sentence(answer: httpx.Response) -> str:
    try:
        said = answer.json()
    except ValueError:
        return f"the answer was {answer.status_code}."
    if not isinstance(said, dict):
        return f"the answer was {answer.status_code}."
    more = [f"{each['pointer']}: {each['detail']}" for each in said.get("errors", ())]
    detail = said.get("detail") or said.get("error_description") or said.get("error") or answer.status_code
    return " ".join([str(detail), *more])


ClientId = Annotated[str, typer.Option(envvar="CAREERS_CLIENT_ID", help="The client's id.")]
ClientSecret = Annotated[
    str, typer.Option(envvar="CAREERS_CLIENT_SECRET", help="The client's secret; better set as the variable.")
]
RegisterUrl = Annotated[str, typer.Option(envvar="CAREERS_REGISTER_URL")]
GatewayUrl = Annotated[str, typer.Option(envvar="CAREERS_GATEWAY_URL")]
Credentials = Annotated[
    Path | None,
    typer.Option(
        envvar="CAREERS_CREDENTIALS",
        help="A JSON file with addresses and clients, as `make run` writes it to .data/sample.json.",
    ),
]
As = Annotated[str, typer.Option("--as", help="Which client of that file, such as association_two.")]


@app.callback()
def _commands() -> None:
    """Keep the name of the one command."""


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="The member file: CSV or Excel (.xlsx).")],
    mapping: Annotated[
        str | None, typer.Option(help="A saved mapping's name, or a JSON file with a mapping.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and write nothing.")] = False,
    outcomes: Annotated[
        Path | None, typer.Option(help="The folder for the files of outcomes; else beside the file.")
    ] = None,
    client_id: ClientId = "",
    client_secret: ClientSecret = "",
    register: RegisterUrl = REGISTER,
    gateway: GatewayUrl = GATEWAY,
    credentials: Credentials = None,
    as_: As = "association",
) -> None:
    """Send a member file, follow the import and save what became of each row.

    Ends with 0 when every row was taken, 3 when some rows failed, 1 when the file was refused.
    """
    with _explained(), httpx.Client(timeout=60) as http:
        access = _access(client_id, client_secret, register, gateway, credentials, as_)
        made = _submit(access, http, file, mapping=mapping, dry_run=dry_run)
        for warning in made["warnings"]:
            console.print(f"[yellow]Note:[/] {warning}", highlight=False)
        made = _follow(access, http, made)
        _summarise(made)
        _save_outcomes(access, http, made, folder=outcomes or file.parent, stem=file.stem)
        _end(made)


def _access(
    client_id: str, client_secret: str, register: str, gateway: str, credentials: Path | None, as_: str
) -> Access:
    if credentials is not None:
        try:
            known = json.loads(credentials.read_text(encoding="utf-8"))
            client, addresses = known["clients"][as_], known.get("addresses", {})
            client_id, client_secret = client["id"], client["secret"]
        except (OSError, ValueError, KeyError, TypeError):
            raise CannotGoOn(f"{credentials} has no client “{as_}” with id and secret.") from None
        register, gateway = addresses.get("register", register), addresses.get("gateway", gateway)
    if not client_id or not client_secret:
        raise CannotGoOn("Give --client-id and --client-secret, or --credentials with a file that has them.")
    return Access(register=register, gateway=gateway, client_id=client_id, client_secret=client_secret)


def _submit(
    access: Access, http: httpx.Client, file: Path, *, mapping: str | None, dry_run: bool
) -> dict[str, Any]:
    try:
        content = file.read_bytes()
    except OSError as fault:
        raise CannotGoOn(f"{file} cannot be read: {fault.strerror}.") from fault
    if len(content) > LARGEST_FILE:
        raise CannotGoOn("A member file may have at most 25 MB and 100,000 rows: send it in parts.")
    said = {"dry_run": str(dry_run).lower()}
    if mapping is not None:
        path = Path(mapping)
        said["mapping"] = path.read_text(encoding="utf-8") if path.suffix == ".json" else mapping
    kind = XLSX if file.suffix.lower() == ".xlsx" else "text/csv"
    answer = access.call(
        http,
        "POST",
        "/v1/imports",
        files={"file": (file.name, content, kind)},
        data=said,
        # One key for the whole command: sent twice after an interruption, the file is taken in once.
        headers={"Idempotency-Key": secrets.token_hex(16)},
    )
    return dict(answer.json())


def _follow(access: Access, http: httpx.Client, made: dict[str, Any]) -> dict[str, Any]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("rows"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        name = "Checking" if made["dry_run"] else "Importing"
        task = progress.add_task(name, total=made["rows"])
        while made["state"] in ("received", "running"):
            time.sleep(POLL_SECONDS)
            made = access.call(http, "GET", f"/v1/imports/{made['id']}").json()
            progress.update(task, completed=made["processed"])
    return made


def _summarise(made: dict[str, Any]) -> None:
    tried = " (dry run: nothing was written)" if made["dry_run"] else ""
    console.print(f"Import {made['id']}, {made['state']}{tried}", highlight=False, soft_wrap=True)
    table = Table(show_header=False)
    for name, count in made["totals"].items():
        table.add_row(name.replace("_", " "), str(count))
    console.print(table)


def _save_outcomes(
    access: Access, http: httpx.Client, made: dict[str, Any], *, folder: Path, stem: str
) -> None:
    totals = made["totals"]
    taken = totals["created"] + totals["changed"] + totals["unchanged"]
    counts = {
        "successful": taken,
        "failed": totals["failed"],
        "unprocessed": made["rows"] - made["processed"],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for which, rows in counts.items():
        if rows:
            target = folder / f"{stem}-{which}.csv"
            target.write_bytes(access.call(http, "GET", made["files"][which]).content)
            console.print(f"{rows} {which}: {target}", highlight=False, soft_wrap=True)


def _end(made: dict[str, Any]) -> None:
    if made["state"] != "finished":
        raise CannotGoOn(made["problem"] or "The import was cancelled.")
    if made["totals"]["failed"]:
        raise typer.Exit(SOME_ROWS_FAILED)


@contextmanager
def _explained() -> Iterator[None]:
    """End with the sentence that says what to mend, and no traceback."""
    try:
        yield
    except CannotGoOn as reason:
        errors.print(str(reason), style="red", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(REFUSED) from None
    except OSError as fault:
        errors.print(str(fault), style="red", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(REFUSED) from None


if __name__ == "__main__":
    app()
