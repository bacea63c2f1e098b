"""The sample of policing: an invented body that moderates the other one, and a concern that waits."""

from datetime import datetime

from services.kitemark.domain.policing.concern import About, AboutKind
from services.kitemark.operations.awards.sample import BODY, PANEL, entry
from services.kitemark.operations.policing import concerns
from services.kitemark.operations.reference import add_entries
from services.kitemark.storage import reference as entries
from shared.database import Database
from shared.idempotency import WithoutKey

MODERATOR = "sample-body-two"
WORDS = "A sample: the body has answered no letter since the spring."


async def load_sample(db: Database, *, now: datetime) -> None:
    """Make the sample where it is not there; what is there is left alone."""
    async with db.reading() as tx:
        if await entries.find(tx, "bodies", MODERATOR) is not None:
            return
    body = entry(MODERATOR, "Second Sample Award Body (invented)") | {"area": None}
    async with db.transaction(PANEL) as tx:
        await add_entries(tx, "bodies", [body], actor=PANEL, now=now)
    about = About(kind=AboutKind.BODY, code=BODY)
    await concerns.raise_concern(db, WithoutKey(), about=about, words=WORDS, now=now)
