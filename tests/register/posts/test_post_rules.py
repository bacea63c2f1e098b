"""What each side may do with a post in each state, and how a school may be named."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from services.register.domain.posts import post as rules
from services.register.domain.posts.post import (
    TRANSITIONS,
    Post,
    PostBasis,
    PostEvent,
    PostState,
    Side,
    Standing,
)
from services.register.domain.posts.school import SchoolReferenceMalformed, SchoolScheme, checked_school
from shared.errors import Conflict

DAY = date(2026, 11, 21)
TOLD = Post(
    employer_id=1,
    school=None,
    role="careers_adviser",
    share_percent=50,
    basis=PostBasis.COMMISSIONED,
    independent=None,
    independence_declaration=None,
    valid_from=DAY - timedelta(days=30),
    valid_to=None,
)
BOTH = replace(TOLD, practitioner_by="a", employer_by="b")
IN_STATE = {
    PostState.PRACTITIONER_ONLY: replace(TOLD, practitioner_by="a"),
    PostState.EMPLOYER_ONLY: replace(TOLD, employer_by="b"),
    PostState.BOTH: BOTH,
    PostState.DISPUTED_BY_PRACTITIONER: replace(BOTH, disputed_by=Side.PRACTITIONER, dispute_reason="No."),
    PostState.DISPUTED_BY_EMPLOYER: replace(BOTH, disputed_by=Side.EMPLOYER, dispute_reason="No."),
    PostState.ENDED: replace(BOTH, ended_by="a", valid_to=DAY),
}


def _do(post: Post, event: PostEvent, side: Side) -> Post:
    if event is PostEvent.ATTEST:
        return rules.attest(post, side=side, by="somebody", evidence=None)
    if event is PostEvent.DISPUTE:
        return rules.dispute(post, side=side, reason="This is not so.")
    return rules.end(post, side=side, by="somebody", on=DAY)


@pytest.mark.parametrize(("state", "event", "side"), list(product(PostState, PostEvent, Side)))
def test_a_post_moves_only_as_the_table_says(state: PostState, event: PostEvent, side: Side) -> None:
    held = IN_STATE[state]
    assert held.state is state
    wanted = TRANSITIONS.get((state, event, side))
    if wanted is None:
        with pytest.raises(Conflict):
            _do(held, event, side)
    else:
        assert _do(held, event, side).state is wanted


def test_a_post_that_ends_later_is_shown_as_it_stands_until_then() -> None:
    ended = rules.end(BOTH, side=Side.EMPLOYER, by="b", on=DAY + timedelta(days=7))
    assert ended.standing(DAY + timedelta(days=7)) is Standing.ATTESTED
    assert ended.standing(DAY + timedelta(days=8)) is Standing.ENDED
    assert IN_STATE[PostState.EMPLOYER_ONLY].standing(DAY) is Standing.ONE_SIDED
    assert IN_STATE[PostState.DISPUTED_BY_EMPLOYER].standing(DAY) is Standing.DISPUTED


def test_independence_needs_its_declaration() -> None:
    with pytest.raises(rules.IndependenceNotDeclared):
        rules.tell(replace(TOLD, independent=True), side=Side.EMPLOYER, by="b", evidence=None)


@pytest.mark.parametrize("value", ["999901", "20123"])
def test_a_urn_has_six_digits_or_five(value: str) -> None:
    assert checked_school(SchoolScheme.URN, value).value == value


@pytest.mark.parametrize("value", ["", "1234", "1234567", "９９９９０１", "12345a", "999901\n"])
def test_anything_else_never_poses_as_a_urn(value: str) -> None:
    with pytest.raises(SchoolReferenceMalformed):
        checked_school(SchoolScheme.URN, value)


def test_a_reference_of_northern_ireland_is_kept_in_its_own_scheme() -> None:
    assert checked_school(SchoolScheme.NORTHERN_IRELAND, "123-0456").scheme == "northern_ireland"
