"""Whether the courses of every edition are searched by what it states, and by nothing else."""

from collections.abc import Sequence

from services.register.domain.directory.course_fact import facts_of
from services.register.domain.directory.edition import parse_edition
from services.register.operations.directory.editions import document
from services.register.storage.directory import editions
from shared.database import Transaction

STRAYED = "a fact of a course that its edition does not state, or one that is missing"
MOST_EDITIONS = 200


async def strayed_editions(tx: Transaction) -> Sequence[str]:
    """Return the editions whose stored facts are not those that follow from their statements."""
    return [
        edition.code
        for edition in await editions.page(tx, below=None, limit=MOST_EDITIONS)
        if await editions.stored_facts(tx, edition.code)
        != facts_of(parse_edition(await document(tx, edition)))
    ]
