"""CPD's journal, which the register follows to hear what audits find."""

from collections.abc import Mapping

import httpx

from shared.following import NeighbourJournal, neighbour_journal
from shared.own_client import Credentials


def cpd_journal(
    url: str | None,
    *,
    token_url: str,
    credentials: Credentials | None,
    transports: Mapping[str, httpx.AsyncBaseTransport],
) -> NeighbourJournal | None:
    """Return CPD's journal as the register asks for it in its own name, None where it is not told how."""
    if url is None or credentials is None:
        return None
    return neighbour_journal(
        "cpd", url=url, token_url=token_url, credentials=credentials, transports=transports
    )
