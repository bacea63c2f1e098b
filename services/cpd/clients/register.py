"""The register, whose journal CPD follows."""

from shared.following import NeighbourJournal, Transports, neighbour_journal
from shared.own_client import Credentials


def follower(
    *, register_url: str, token_url: str, credentials: Credentials, transports: Transports
) -> NeighbourJournal:
    """Return the journal of the register as CPD asks for it in its own name.

    ``transports`` stand in for the network in tests: ``register`` and ``gateway`` to these neighbours.
    """
    return neighbour_journal(
        "register", url=register_url, token_url=token_url, credentials=credentials, transports=transports
    )
