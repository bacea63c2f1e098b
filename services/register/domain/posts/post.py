"""A post: somebody's work for an employer, said by two sides who must agree before the public sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from services.register.domain.posts.school import School
from shared.errors import Conflict, Unprocessable


class PostEndsBeforeItStarts(Unprocessable):
    """A post cannot end before the day it starts."""


class ShareNotPossible(Unprocessable):
    """The share of time is a whole number of hundredths, from 1 to 100."""


class IndependenceNotDeclared(Unprocessable):
    """Say in a sentence on what the independence of this post rests."""


class PostAlreadyEnded(Conflict):
    """This post was ended already."""


class PostAlreadyAttested(Conflict):
    """This side has attested the post already."""


class NothingToDispute(Conflict):
    """There is nothing of the other side's to dispute: end the post if it is not true."""


class PostAlreadyDisputed(Conflict):
    """This post is disputed already: it is attested again by the side that disputes it, or ended."""


class DisputedByOtherSide(Conflict):
    """The other side disputes this post, and only they can take that back."""


class DisputeReasonMissing(Unprocessable):
    """Say in a sentence what is not true of this post."""


class PostBasis(StrEnum):
    """How somebody comes to practise where they do."""

    EMPLOYED_BY_SCHOOL = "employed_by_school"
    COMMISSIONED = "commissioned"
    ALL_AGE_SERVICE = "all_age_service"


class Side(StrEnum):
    """Who speaks: the practitioner, by their association; or who employs them, or the school."""

    PRACTITIONER = "practitioner"
    EMPLOYER = "employer"


class PostState(StrEnum):
    """Who has said what."""

    PRACTITIONER_ONLY = "practitioner_only"
    EMPLOYER_ONLY = "employer_only"
    BOTH = "both"
    DISPUTED_BY_PRACTITIONER = "disputed_by_practitioner"
    DISPUTED_BY_EMPLOYER = "disputed_by_employer"
    ENDED = "ended"


class PostEvent(StrEnum):
    """What a side can do about a post that was told."""

    ATTEST = "attest"
    DISPUTE = "dispute"
    END = "end"


class Standing(StrEnum):
    """What is shown of it."""

    ONE_SIDED = "one_sided"
    ATTESTED = "attested"
    DISPUTED = "disputed"
    ENDED = "ended"


_P, _E = Side.PRACTITIONER, Side.EMPLOYER
TRANSITIONS: Mapping[tuple[PostState, PostEvent, Side], PostState] = MappingProxyType(
    {
        (PostState.PRACTITIONER_ONLY, PostEvent.ATTEST, _E): PostState.BOTH,
        (PostState.EMPLOYER_ONLY, PostEvent.ATTEST, _P): PostState.BOTH,
        (PostState.PRACTITIONER_ONLY, PostEvent.DISPUTE, _E): PostState.DISPUTED_BY_EMPLOYER,
        (PostState.EMPLOYER_ONLY, PostEvent.DISPUTE, _P): PostState.DISPUTED_BY_PRACTITIONER,
        (PostState.BOTH, PostEvent.DISPUTE, _P): PostState.DISPUTED_BY_PRACTITIONER,
        (PostState.BOTH, PostEvent.DISPUTE, _E): PostState.DISPUTED_BY_EMPLOYER,
        (PostState.DISPUTED_BY_PRACTITIONER, PostEvent.ATTEST, _P): PostState.BOTH,
        (PostState.DISPUTED_BY_EMPLOYER, PostEvent.ATTEST, _E): PostState.BOTH,
        **{
            (state, PostEvent.END, side): PostState.ENDED
            for state in PostState
            if state is not PostState.ENDED
            for side in Side
        },
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A post with its days, both included; None is unknown, and for ``valid_to`` without an end.

    ``practitioner_by`` and ``employer_by`` are who spoke for each side. ``withheld`` is the person's wish
    not to be named to the public.
    """

    employer_id: int
    school: School | None
    role: str
    share_percent: int | None
    basis: PostBasis
    independent: bool | None
    independence_declaration: str | None
    valid_from: date
    valid_to: date | None
    withheld: bool = False
    practitioner_by: str | None = None
    employer_by: str | None = None
    employer_evidence: str | None = None
    disputed_by: Side | None = None
    dispute_reason: str | None = None
    ended_by: str | None = None

    @property
    def state(self) -> PostState:
        """Who has said what."""
        if self.ended_by is not None:
            return PostState.ENDED
        if self.disputed_by is not None:
            return PostState(f"disputed_by_{self.disputed_by.value}")
        if self.practitioner_by is not None and self.employer_by is not None:
            return PostState.BOTH
        return PostState.EMPLOYER_ONLY if self.practitioner_by is None else PostState.PRACTITIONER_ONLY

    def standing(self, day: date) -> Standing:
        """Return what is shown of the post on a day; a post is shown as ended after its last day only."""
        if self.valid_to is not None and self.valid_to < day:
            return Standing.ENDED
        if self.disputed_by is not None:
            return Standing.DISPUTED
        both = self.practitioner_by is not None and self.employer_by is not None
        return Standing.ATTESTED if both else Standing.ONE_SIDED


def tell(post: Post, *, side: Side, by: str, evidence: str | None) -> Post:
    """Return a post as its first side tells it, or refuse what cannot be."""
    if post.valid_to is not None and post.valid_to < post.valid_from:
        raise PostEndsBeforeItStarts
    if post.share_percent is not None and not 1 <= post.share_percent <= 100:
        raise ShareNotPossible
    declaration = (post.independence_declaration or "").strip() or None
    if post.independent and declaration is None:
        raise IndependenceNotDeclared
    return _said(replace(post, independence_declaration=declaration), side=side, by=by, evidence=evidence)


def attest(post: Post, *, side: Side, by: str, evidence: str | None) -> Post:
    """Return the post with this side's word, which takes back a dispute of its own."""
    _moved(post, PostEvent.ATTEST, side)
    return replace(_said(post, side=side, by=by, evidence=evidence), disputed_by=None, dispute_reason=None)


def dispute(post: Post, *, side: Side, reason: str) -> Post:
    """Return the post as disputed by a side against the word of the other."""
    _moved(post, PostEvent.DISPUTE, side)
    if not reason.strip():
        raise DisputeReasonMissing
    return replace(post, disputed_by=side, dispute_reason=reason.strip())


def end(post: Post, *, side: Side, by: str, on: date) -> Post:
    """Return the post with its last day; either side may end it, whoever told of it."""
    _moved(post, PostEvent.END, side)
    if on < post.valid_from:
        raise PostEndsBeforeItStarts
    if post.valid_to is not None and post.valid_to < on:
        raise PostAlreadyEnded
    return replace(post, valid_to=on, ended_by=by)


def _said(post: Post, *, side: Side, by: str, evidence: str | None) -> Post:
    if side is Side.PRACTITIONER:
        return replace(post, practitioner_by=by)
    return replace(post, employer_by=by, employer_evidence=evidence)


def _moved(post: Post, event: PostEvent, side: Side) -> PostState:
    state = TRANSITIONS.get((post.state, event, side))
    if state is not None:
        return state
    if post.state is PostState.ENDED:
        raise PostAlreadyEnded
    if event is PostEvent.ATTEST:
        raise DisputedByOtherSide if post.disputed_by else PostAlreadyAttested
    raise PostAlreadyDisputed if post.disputed_by else NothingToDispute
