"""Where the bytes of evidence files are kept, by their SHA-256: a folder, or S3-compatible storage."""

from collections.abc import AsyncIterator
from datetime import datetime

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from services.cpd.domain.evidence.content import EvidenceStoreUnavailable


class EvidenceStore:
    """One place of files; the same bytes are kept once."""

    def __init__(self, url: str) -> None:
        self._store: ObjectStore = (
            LocalStore.from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)
        )

    async def put(self, sha256: str, content: bytes) -> None:
        """Keep the bytes; raises EvidenceStoreUnavailable."""
        try:
            await obstore.put_async(self._store, _place(sha256), content)
        except (BaseError, OSError) as fault:
            raise EvidenceStoreUnavailable from fault

    async def get(self, sha256: str) -> bytes:
        """Return the bytes; raises EvidenceStoreUnavailable, as bytes to which something is linked exist."""
        try:
            found = await obstore.get_async(self._store, _place(sha256))
            return bytes(await found.bytes_async())
        except (BaseError, OSError) as fault:
            raise EvidenceStoreUnavailable from fault

    async def kept_before(self, instant: datetime) -> AsyncIterator[list[str]]:
        """Return, some at a time, the hashes of what was put before an instant and not again since."""
        async for listed in obstore.list(self._store):
            yield [each["path"].rpartition("/")[2] for each in listed if each["last_modified"] < instant]

    async def delete(self, hashes: list[str]) -> None:
        """Delete the bytes of these hashes."""
        await obstore.delete_async(self._store, [_place(each) for each in hashes])


def _place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
