"""From a draft to an edition: who may publish what, and when. A published edition never changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from services.register.domain.directory.edition import Edition
from shared.errors import Conflict, Forbidden, Stale, Unprocessable


class EditionAlreadyPublished(Conflict):
    """The edition {code} is published, and a published edition never changes: draft the next one."""


class DraftAlreadyThere(Conflict):
    """There is a draft of the edition {code} already: read it and edit it."""


class DraftVersionNotNamed(Stale):
    """There is a draft of this edition already: read it, and send its ETag as If-Match to replace it."""


class DrafterMayNotPublish(Forbidden):
    """You worked on this draft, so another registrar has to publish it."""


class EditionNotYetDue(Unprocessable):
    """The edition is of {published_in}, a month that has not begun: publish it then, or mend the month."""


class EditionOlderThanTheLatest(Unprocessable):
    """The latest edition is revision {revision} of {published_in}: an edition to follow it needs a higher
    revision and no earlier month."""


class EditionCodeDiffers(Unprocessable):
    """The document gives the code {code}, and the path another: make them the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Predecessor:
    """The latest edition that is published, which the next one follows."""

    code: str
    revision: int
    published_in: date


def check_publication(
    edition: Edition,
    *,
    worked_on_by: Collection[str],
    by: str,
    latest: Predecessor | None,
    today: date,
) -> None:
    """Refuse to publish what one worked on, what is not due, and what does not follow the latest edition."""
    if by in worked_on_by:
        raise DrafterMayNotPublish
    if edition.published_in > today:
        raise EditionNotYetDue(published_in=edition.published_in.strftime("%Y-%m"))
    if latest is not None and (
        edition.revision <= latest.revision or edition.published_in < latest.published_in
    ):
        raise EditionOlderThanTheLatest(
            revision=latest.revision, published_in=latest.published_in.strftime("%Y-%m")
        )
