"""Who may have which part in a complaint: nobody judges their own case, and nobody judges it twice."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Protocol

from shared.errors import Conflict, Forbidden


class OwnComplaint(Forbidden):
    """Whoever made this complaint may have no part in what becomes of it."""


class OwnAssociationsComplaint(Forbidden):
    """This complaint comes from the association for which you speak, so somebody else has to deal with it."""


class ConflictOfInterestRecorded(Forbidden):
    """A conflict of interest is recorded for {subject}, who may have no part in this complaint."""


class PartAlreadyTaken(Forbidden):
    """{subject} has another part in this complaint already: who investigates does not judge, and who judged
    does not decide the appeal."""


class NotYoursToJudge(Forbidden):
    """Somebody named here has another part in this complaint, made it, or has a conflict of interest."""


class NotOnThePanel(Forbidden):
    """{subject} is not on the panel that decides this."""


class QuorumNotMet(Conflict):
    """The panel needs {quorum} members who take part, and {present} did."""


class Part(StrEnum):
    """What somebody does in a complaint; one person does one of these."""

    INVESTIGATOR = "investigator"
    PANEL = "panel"
    APPEAL_PANEL = "appeal_panel"


class Cast(Protocol):
    """Who made a complaint, and who has which part in it."""

    @property
    def submitted_by(self) -> str:
        """Who made it."""

    @property
    def complaining_association(self) -> str | None:
        """The association that made it."""

    @property
    def parts(self) -> Mapping[str, Part]:
        """The part of everybody who has one."""

    @property
    def conflicted(self) -> Collection[str]:
        """Whose conflict of interest is recorded."""


class Acting(Protocol):
    """Who acts, and for which association they may speak."""

    @property
    def subject(self) -> str:
        """Who acts."""

    @property
    def association(self) -> str | None:
        """The association that the token names."""


def check_may_act(cast: Cast, by: Acting, *, part: Part) -> None:
    """Refuse somebody who may not act in this part; an officer may act without having it yet."""
    if by.association is not None and by.association == cast.complaining_association:
        raise OwnAssociationsComplaint
    check_may_take(cast, by.subject, part=part)
    if part is not Part.INVESTIGATOR and cast.parts.get(by.subject) is not part:
        raise NotOnThePanel(subject=by.subject)


def check_may_take(cast: Cast, subject: str, *, part: Part) -> None:
    """Refuse somebody who may not have this part."""
    if subject == cast.submitted_by:
        raise OwnComplaint
    if subject in cast.conflicted:
        raise ConflictOfInterestRecorded(subject=subject)
    if cast.parts.get(subject, part) is not part:
        raise PartAlreadyTaken(subject=subject)


def check_panel(cast: Cast, members: Collection[str], *, by: str, part: Part, quorum: int) -> None:
    """Refuse a decision of too few, of somebody who does not sit on the panel, or that another reports."""
    for member in (by, *members):
        check_may_take(cast, member, part=part)
        if cast.parts.get(member) is not part:
            raise NotOnThePanel(subject=member)
    if by not in members:
        raise NotOnThePanel(subject=by)
    if len(set(members)) < quorum:
        raise QuorumNotMet(quorum=quorum, present=len(set(members)))
