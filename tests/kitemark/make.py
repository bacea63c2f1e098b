"""Callers of the kite mark for tests."""

from tests.callers import bearer
from tests.kitemark.conftest import Kitemark

PANEL = bearer("validations:decide", subject="panel-member")
REGISTRAR = bearer("register:decide", subject="registrar")
NEIGHBOUR = bearer("internal", subject="register")


def award_body(code: str = "body-1") -> dict[str, str]:
    """Return the headers of an award body's system."""
    return bearer("awards:write", subject=f"{code}-system", body=code)


async def events(kitemark: Kitemark) -> list[str]:
    """Return the events that were written, without those of the reference data."""
    rows = await kitemark.db.fetch("SELECT event FROM journal WHERE event !~ '^reference' ORDER BY position")
    return [row["event"] for row in rows]
