"""A school's advisers as evidence, and the consent to work that counts twice."""

from dataclasses import replace
from itertools import product

import pytest

from services.kitemark.domain.joined.reuse import (
    TRANSITIONS,
    Reuse,
    ReuseEvent,
    ReuseMovesOn,
    ReuseNotSaid,
    ReuseState,
    Side,
    ask,
    move,
)
from services.kitemark.domain.joined.staffing import CpdWord, Post, Shown, staffing

REUSE = Reuse(
    urn="100000", award_body="B", award_id="A-1", association="ICG", entry_id="E-1", work="A plan for year 9."
)
ROLES = frozenset({"careers_adviser"})


def post(
    number: str = "CR1", *, licensed: bool = True, cpd: str | None = "met", role: str = "careers_adviser"
) -> Post:
    return Post(number=number, role=role, licensed=licensed, independent=True, employer_ukprn=None, cpd=cpd)


@pytest.mark.parametrize(("state", "event", "side"), list(product(ReuseState, ReuseEvent, Side)))
def test_only_what_the_table_says_moves_a_reuse(state: ReuseState, event: ReuseEvent, side: Side) -> None:
    held = replace(REUSE, state=state)
    if (state, event, side) in TRANSITIONS:
        assert move(held, event, side).state is TRANSITIONS[state, event, side]
    else:
        with pytest.raises(ReuseMovesOn):
            move(held, event, side)


def test_nobody_but_the_school_consents_and_it_knows_what_to() -> None:
    assert {side for (_, event, side) in TRANSITIONS if event is ReuseEvent.CONSENT} == {Side.SCHOOL}
    with pytest.raises(ReuseNotSaid):
        ask(replace(REUSE, work="  "))


S, N, U = Shown.SHOWN, Shown.NOT_SHOWN, Shown.UNKNOWN


@pytest.mark.parametrize(
    ("posts", "benchmark_8", "competent"),
    [
        (None, U, U),
        ([], N, N),
        ([post(role="careers_leader")], N, N),
        ([post(licensed=False)], N, N),
        ([post()], S, S),
        ([post(cpd="on_track")], S, S),
        ([post(cpd="short")], S, N),
        ([post(cpd=None)], S, U),
        ([post(cpd="under_audit")], S, U),
        ([post(cpd="a word of a later release")], S, U),
        ([post(), post("CR2", cpd=None)], S, U),
        ([post(cpd="failed"), post("CR2", cpd=None)], S, N),
        ([post(), post("CR2", licensed=False)], S, N),
    ],
)
def test_a_service_that_said_nothing_leaves_its_part_unknown(
    posts: list[Post] | None, benchmark_8: Shown, competent: Shown
) -> None:
    found = staffing(posts, adviser_roles=ROLES)
    assert (found.benchmark_8, found.competent_staff) == (benchmark_8, competent)


def test_an_adviser_with_two_posts_is_one_adviser() -> None:
    found = staffing([post(), post()], adviser_roles=ROLES)
    assert (found.advisers, found.licensed, found.cpd[CpdWord.IN_ORDER]) == (1, 1, 1)
