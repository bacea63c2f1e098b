"""Documents that are registered: each known by the SHA-256 of its text, so that a caller need send no more.

As the draft of GraphQL over HTTP has it, ``documentId`` takes the place of ``query``. Beside those that are
shipped, documents stand as files in a folder of the operator's, each under its own digest: what was put
there or taken away counts from the next request on, in every process that reads the folder.
"""

import asyncio
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from graphql import GraphQLSyntaxError, parse, validate

from services.gateway.graph import guard
from services.gateway.graph.requests import LARGEST_BODY, GraphRequest
from services.gateway.graph.schema import executable
from shared.errors import Forbidden, NotFound, Refusal, Unprocessable

EXAMPLES = Path(__file__).parent / "examples"
PREFIX = "sha256:"
ENDINGS = ("*.graphql", "*.gql")
_ID = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)


class DocumentIdNotReadable(Unprocessable):
    """A documentId is sha256: followed by the SHA-256 of the document's text, as 64 hexadecimal digits."""


class DocumentNotRegistered(NotFound):
    """No document is registered under this documentId: send the document itself, or have it registered."""


class OnlyRegisteredDocuments(Forbidden):
    """Only registered documents run here: send the documentId of one, or have this one registered."""


class DocumentNotUsable(Exception):
    """A file that cannot be registered, and why."""


class RegisteredDocuments:
    """The shipped documents and those in ``folder``; where ``only`` is set, no other document runs."""

    def __init__(self, folder: Path | None, *, only: bool) -> None:
        self._folder = folder
        self._only = only
        self._shipped = {digest_of(text): text for text in (_text(file) for file in _files(EXAMPLES))}

    async def resolve(self, asked: GraphRequest) -> GraphRequest:
        """Return the request with the text of its document.

        Raises DocumentIdNotReadable, DocumentNotRegistered, OnlyRegisteredDocuments.
        """
        if asked.document_id is None:
            if self._only and await self._find(digest_of(asked.query)) is None:
                raise OnlyRegisteredDocuments
            return asked
        written = _ID.fullmatch(asked.document_id)
        if written is None:
            raise DocumentIdNotReadable
        text = await self._find(written[1])
        if text is None:
            raise DocumentNotRegistered
        return replace(asked, query=text)

    async def _find(self, digest: str) -> str | None:
        if digest in self._shipped or self._folder is None:
            return self._shipped.get(digest)
        return await asyncio.to_thread(_read, self._folder / f"{digest}.graphql", digest)


def register(source: Path, folder: Path) -> list[tuple[str, Path]]:
    """Put every document of a folder into the folder of the registered, and return the id of each file.

    One that does not stand the schema or the guard is said, and then none is registered. Raises
    DocumentNotUsable.
    """
    texts = [(file, _usable(file)) for file in _files(source)]
    if not texts:
        raise DocumentNotUsable(f"{source} holds no file that ends in .graphql or .gql")
    folder.mkdir(parents=True, exist_ok=True)
    for _, text in texts:
        _write(folder / f"{digest_of(text)}.graphql", text)
    return [(PREFIX + digest_of(text), file.relative_to(source)) for file, text in texts]


def digest_of(text: str) -> str:
    """Return the SHA-256 of a document's text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def _usable(file: Path) -> str:
    """Return the text of a document that may be asked for; raises DocumentNotUsable."""
    try:
        text = _text(file)
        document = parse(text)
        # The values of its variables are measured when they are sent.
        guard.check(executable, document, variables={}, introspection=True)
        mistakes = [mistake.message for mistake in validate(executable, document)]
    except (UnicodeDecodeError, GraphQLSyntaxError, Refusal) as fault:
        mistakes = [str(fault)]
    if not mistakes and len(text.encode()) > LARGEST_BODY:
        mistakes = [f"it is larger than {LARGEST_BODY:,} bytes"]
    if mistakes:
        raise DocumentNotUsable(f"{file} is not registered, and nothing else is: {mistakes[0]}")
    return text


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(file for ending in ENDINGS for file in folder.rglob(ending)))


def _text(file: Path) -> str:
    # Bytes decoded, since reading as text would turn line ends into others, and the digest with them.
    return file.read_bytes().decode("utf-8")


def _read(file: Path, digest: str) -> str | None:
    """Return the text of a registered document, or None where there is none that has this digest."""
    try:
        text = _text(file)
    except (OSError, UnicodeDecodeError):
        return None
    return text if digest_of(text) == digest else None


def _write(file: Path, text: str) -> None:
    """Put a file in place whole: whoever reads meanwhile finds it as it will stay, or not at all."""
    descriptor, made = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".new")
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(text.encode())
    Path(made).chmod(0o644)
    Path(made).replace(file)
