"""Who may tell of providers and their accreditations."""

from services.kitemark.domain.providers.accreditation import NoSuchAccreditation, StandardNotYours
from services.kitemark.domain.providers.standard import Standard
from shared.actor import Actor
from shared.errors import Conflict, Forbidden

PANEL = "validations:decide"
BODY = "awards:write"
WRITERS = (BODY, PANEL)


class BodyMissing(Forbidden):
    """Your access token speaks for no body, so it cannot write."""


class ProviderRecordedByAnother(Conflict):
    """Somebody else recorded this provider: ask the panel to change what is said of it."""


def writing_body(actor: Actor) -> str | None:
    """Return the body for which the caller writes, None for the panel."""
    actor.require(*WRITERS)
    if actor.may(PANEL):
        return None
    if actor.body is None:
        raise BodyMissing
    return actor.body


def check_provider(actor: Actor, *, recorded_by: str | None) -> None:
    """Refuse a body that would change what another, or the panel, told of a provider."""
    body = writing_body(actor)
    if body is not None and recorded_by != body:
        raise ProviderRecordedByAnother


def check_keeper(actor: Actor, keeper: str) -> None:
    """Refuse a body in another's list, as if it were not there; the panel writes in everybody's."""
    body = writing_body(actor)
    if body is not None and body != keeper:
        raise NoSuchAccreditation


def check_standard(actor: Actor, standard: Standard) -> None:
    """Refuse a body that does not keep the list of a standard; the panel may tell of any."""
    body = writing_body(actor)
    if body is not None and body not in standard.kept_by:
        raise StandardNotYours(standard=standard.code)
