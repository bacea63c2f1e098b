"""What is done beside the running gateway: managing clients and keys, tidying, sample clients.

python -m services.gateway.jobs clients create --kind association --association ICG --name "ICG membership"
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from services.gateway.domain.checks.receipt import SENTENCES
from services.gateway.domain.client import KINDS
from services.gateway.domain.signing_key import KeysNotUsable
from services.gateway.graph import documents
from services.gateway.graph.documents import DocumentNotUsable
from services.gateway.operations import clients, sample_clients, signing_keys, tokens
from services.gateway.operations.checks import receipts
from services.gateway.settings import DatabaseSettings
from services.gateway.storage.database import connect
from shared.actor import Actor
from shared.clock import utc_now
from shared.database import Database
from shared.errors import Refusal

OPERATOR = Actor.system("clients-command")


class NotInProduction(Exception):
    """Sample clients are for one's own machine: production has none."""


class KeysFileMissing(Exception):
    """Say which file of signing keys is meant, with --file or GATEWAY_SIGNING_KEYS_FILE."""


class SettingsMissing(Exception):
    """Set GATEWAY_DATABASE_URL, whose password in production is no example, and GATEWAY_ENVIRONMENT."""


class ReceiptNotGenuine(Exception):
    """A receipt that cannot be relied on, and why."""


class DocumentsFolderMissing(Exception):
    """Say where registered documents are kept, with --into or GATEWAY_GRAPH_DOCUMENTS."""


class JwkSetNotReadable(Exception):
    """The file {file} is not a JWK set."""


async def prepare(previous: Mapping[str, Any]) -> dict[str, Any]:
    """Make the sample clients that are not there, and return id and secret of each by its name.

    ``previous`` is what this returned before: secrets in it that still work are kept.
    """
    settings = DatabaseSettings()
    if settings.environment == "production":
        raise NotInProduction(NotInProduction.__doc__)
    async with _database(settings) as db:
        found = await sample_clients.ensure(db, previous.get("clients", {}), now=utc_now())
    return {"clients": found}


def make_signing_keys(path: Path) -> None:
    """Make a signing key for one's own machine, which production refuses."""
    signing_keys.rotate(path, at_once=True, development=True, now=utc_now())


async def run(asked: argparse.Namespace) -> str:
    """Do what the command line says, and return what to print."""
    if asked.group == "keys":
        return rotate_keys(asked)
    if asked.command == "verify":
        return verify_receipt(asked)
    if asked.group == "documents":
        return register_documents(asked)
    try:
        settings = DatabaseSettings()
    except ValidationError:
        raise SettingsMissing(SettingsMissing.__doc__) from None
    async with _database(settings) as db:
        if asked.group == "forget-expired":
            return f"{await tokens.forget_expired(db, now=utc_now())} rows deleted"
        return await _COMMANDS[asked.command](db, asked)


def rotate_keys(asked: argparse.Namespace) -> str:
    """Put a new signing key in front of the others."""
    file = asked.file or os.environ.get("GATEWAY_SIGNING_KEYS_FILE")
    if not file:
        raise KeysFileMissing(KeysFileMissing.__doc__)
    kid = signing_keys.rotate(Path(file), at_once=asked.at_once, now=utc_now())
    return f"{kid} is published, and signs {'from now on' if asked.at_once else 'as soon as it is known'}"


def register_documents(asked: argparse.Namespace) -> str:
    """Register the documents of a folder with the graph, and say by which id each is asked for."""
    into = asked.into or os.environ.get("GATEWAY_GRAPH_DOCUMENTS")
    if not into:
        raise DocumentsFolderMissing(DocumentsFolderMissing.__doc__)
    made = documents.register(asked.folder, Path(into))
    return "\n".join(f"{document_id}  {file}" for document_id, file in made)


async def create_client(db: Database, asked: argparse.Namespace) -> str:
    """Make a client; its secret is shown this once."""
    client, secret = await clients.create(
        db,
        kind=asked.kind,
        name=asked.name,
        parties={"association": asked.association, "body": asked.body, "urn": asked.urn},
        subject=asked.subject,
        client_id=asked.id,
        actor=OPERATOR,
        now=utc_now(),
    )
    return (
        f"client_id:     {client.client_id}\n{_shown_once(secret)}\nscopes:        {' '.join(client.scopes)}"
    )


async def list_clients(db: Database, _: argparse.Namespace) -> str:
    """List every client, revoked ones too."""
    rows = [
        (client.client_id, client.kind, client.subject, *client.parties.values(), client.name)
        + (("REVOKED",) if client.revoked_at else ())
        for client in await clients.list_all(db)
    ]
    return "\n".join("  ".join(row) for row in rows) or "no clients"


async def rotate_secret(db: Database, asked: argparse.Namespace) -> str:
    """Give a client a new secret, shown this once; the old one is refused from now on."""
    secret = await clients.rotate_secret(
        db, client_id=asked.client_id, end_tokens=asked.end_tokens, actor=OPERATOR, now=utc_now()
    )
    return _shown_once(secret)


async def revoke_client(db: Database, asked: argparse.Namespace) -> str:
    """Revoke a client for good, with the tokens that it has."""
    await clients.revoke(db, client_id=asked.client_id, actor=OPERATOR, now=utc_now())
    return f"{asked.client_id} is revoked; its tokens are refused within a minute"


async def set_client_keys(db: Database, asked: argparse.Namespace) -> str:
    """Let a client authenticate with assertions signed by its own keys (private_key_jwt)."""
    try:
        key_set = json.loads(asked.jwks.read_text())
    except (OSError, ValueError):
        key_set = None
    if not isinstance(key_set, dict):
        raise JwkSetNotReadable((JwkSetNotReadable.__doc__ or "").format(file=asked.jwks))
    await clients.set_keys(
        db,
        client_id=asked.client_id,
        key_set=key_set,
        drop_secret=asked.drop_secret,
        actor=OPERATOR,
        now=utc_now(),
    )
    return f"{asked.client_id} may authenticate with {len(key_set['keys'])} key(s)"


def verify_receipt(asked: argparse.Namespace) -> str:
    """Verify a receipt with the published keys alone, without the gateway or a network."""
    verified = receipts.offline(asked.receipt.read_text(), json.loads(asked.keys.read_text()))
    if verified.claims is None:
        raise ReceiptNotGenuine(SENTENCES[verified.state])
    said = json.dumps(verified.claims, indent=2, ensure_ascii=False)
    return f"{SENTENCES[verified.state]}\n{said}"


async def distrust_receipt_key(db: Database, asked: argparse.Namespace) -> str:
    """Trust a key of receipts no longer, because somebody saw it."""
    await receipts.distrust(db, kid=asked.kid, actor=OPERATOR, now=utc_now())
    return f"{asked.kid} is trusted no longer: its receipts are good only where our record holds them"


_COMMANDS = {
    "distrust-key": distrust_receipt_key,
    "create": create_client,
    "list": list_clients,
    "rotate-secret": rotate_secret,
    "revoke": revoke_client,
    "set-key": set_client_keys,
}


def _shown_once(secret: str) -> str:
    return f"client_secret: {secret}   (shown this once)"


@asynccontextmanager
async def _database(settings: DatabaseSettings) -> AsyncIterator[Database]:
    db = connect(settings.database_url, pool_size=1)
    try:
        yield db
    finally:
        await db.close()


# What goes wrong in a way that is said in one line.
_SAID = (
    Refusal,
    KeysNotUsable,
    KeysFileMissing,
    DocumentsFolderMissing,
    DocumentNotUsable,
    JwkSetNotReadable,
    ReceiptNotGenuine,
    SettingsMissing,
    OSError,
    json.JSONDecodeError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        said = asyncio.run(run(asked))
    except _SAID as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write(f"{said}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.gateway.jobs")
    groups = parser.add_subparsers(dest="group", required=True)
    groups.add_parser(
        "forget-expired", help="delete expired revocations, assertions and first answers"
    ).set_defaults(command=None)
    rotate = groups.add_parser("keys", help="the keys that tokens are signed with").add_subparsers(
        dest="command", required=True
    )
    key = rotate.add_parser(
        "rotate", help="put a new key first; the old ones are published until they are out of use"
    )
    key.add_argument("--file", help="the file of signing keys; else GATEWAY_SIGNING_KEYS_FILE")
    key.add_argument(
        "--at-once", action="store_true", help="the old keys were seen by somebody: drop them now"
    )
    _client_commands(groups.add_parser("clients", help="who may ask for tokens"))
    known = groups.add_parser("documents", help="documents that the graph knows by their id").add_subparsers(
        dest="command", required=True
    )
    add = known.add_parser("register", help="register every document of a folder")
    add.add_argument("folder", type=Path, help="where the files lie that end in .graphql or .gql")
    add.add_argument("--into", help="the folder of registered documents; else GATEWAY_GRAPH_DOCUMENTS")
    proof = groups.add_parser("receipts", help="the proofs of checks").add_subparsers(
        dest="command", required=True
    )
    verify = proof.add_parser("verify", help="verify a receipt with the published keys alone")
    verify.add_argument("receipt", type=Path, help="a file with the receipt")
    verify.add_argument("--keys", type=Path, required=True, help="what /.well-known/receipt-keys.json gave")
    proof.add_parser("distrust-key", help="a key was seen by somebody").add_argument("kid")
    return parser


def _client_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="make a client; its secret is shown once")
    create.add_argument("--kind", required=True, choices=tuple(KINDS))
    create.add_argument("--name", required=True, help="whose it is, for people; not for personal data")
    create.add_argument("--association", help="the association that it writes for, such as ICG")
    create.add_argument("--body", help="the award body that it writes for")
    create.add_argument("--urn", help="the school that it speaks for")
    create.add_argument("--subject", help="who acts through it, where several clients are one registrar's")
    create.add_argument("--id", help="the client id, where it is not to be made up")
    commands.add_parser("list", help="every client, revoked ones too")
    rotate = commands.add_parser("rotate-secret", help="a new secret; the old one is refused at once")
    rotate.add_argument(
        "--end-tokens", action="store_true", help="the old one was seen: refuse its tokens too"
    )
    keys = commands.add_parser("set-key", help="the public keys for private_key_jwt")
    keys.add_argument("--jwks", type=Path, required=True, help="a file with the public JWK set")
    keys.add_argument("--drop-secret", action="store_true", help="from now on by key only")
    for command in (rotate, keys, commands.add_parser("revoke", help="end a client for good")):
        command.add_argument("client_id")


if __name__ == "__main__":
    sys.exit(main())
