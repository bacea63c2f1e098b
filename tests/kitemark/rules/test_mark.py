"""Does this school hold the mark on this day: every combination of days, and both answers to what lapses."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kitemark.domain.awards.award import Award
from services.kitemark.domain.awards.mark import Lapse, MarkPolicy, MarkReason, MarkWord, Rules, Span, mark
from services.kitemark.domain.awards.scheme import (
    EndOfAwardNotKnown,
    EndsBeforeItBegins,
    Reach,
    Scheme,
    Stage,
    StageNotOnLadder,
)

FIRST, LAST = date(2024, 9, 1), date(2027, 8, 31)
DAY = timedelta(days=1)
SCHEME = Scheme(
    code="LOCAL",
    title="A local award",
    body="BODY",
    owner="BODY",
    stages=(
        *(Stage(code=reach.value, title=reach.value, reach=reach) for reach in Reach),
        Stage(code="bronze", title="Bronze", reach=None),
    ),
    validity_years=3,
)
AWARD = Award(
    body="BODY",
    external_id="1",
    school="100001",
    scheme="LOCAL",
    stage="fully_meets",
    valid_from=FIRST,
    valid_to=LAST,
)


def span(first: date, last: date | None, body: str | None = None) -> Span:
    return Span(scheme="LOCAL", body=body, first=first, last=last, source="test", fact_id=1)


def rules(
    *,
    validated: tuple[date, date | None] | None = (date(2012, 1, 1), None),
    authorised: tuple[date, date | None] | None = (date(2012, 1, 1), None),
    lapse: Lapse = Lapse.AWARDS_LAST,
) -> Rules:
    policy = MarkPolicy(version="1", effective_from=date(2012, 1, 1), lapse=lapse, follows=(), source="test")
    return Rules(
        schemes={"LOCAL": SCHEME},
        validations=[] if validated is None else [span(*validated)],
        authorities=[] if authorised is None else [span(*authorised, body="BODY")],
        policies=[policy],
    )


@pytest.mark.parametrize(
    ("day", "word"),
    [
        (FIRST - DAY, MarkWord.NONE),
        (FIRST, MarkWord.FULLY_MEETS),
        (date(2026, 3, 29), MarkWord.FULLY_MEETS),  # the clocks go forward
        (LAST, MarkWord.FULLY_MEETS),
        (LAST + DAY, MarkWord.EXPIRED),
    ],
)
def test_an_award_holds_on_its_days_and_on_no_other(day: date, word: MarkWord) -> None:
    assert mark([AWARD], rules(), day=day).word is word


@pytest.mark.parametrize("reach", Reach)
def test_a_stage_says_how_far_the_school_has_come(reach: Reach) -> None:
    found = mark([replace(AWARD, stage=reach.value)], rules(), day=FIRST)
    assert found.word.value == reach.value


def test_a_stage_whose_meaning_is_not_known_is_unknown() -> None:
    found = mark([replace(AWARD, stage="bronze")], rules(), day=FIRST)
    assert (found.word, found.chain[0].reason) == (MarkWord.UNKNOWN, MarkReason.STAGE_NOT_KNOWN)


@pytest.mark.parametrize(
    ("validated", "authorised", "word", "reason"),
    [
        (None, (FIRST, None), MarkWord.UNKNOWN, MarkReason.VALIDATION_NOT_KNOWN),
        ((FIRST + DAY, None), (FIRST, None), MarkWord.NONE, MarkReason.NOT_VALIDATED_THEN),
        ((date(2012, 1, 1), FIRST - DAY), (FIRST, None), MarkWord.NONE, MarkReason.NOT_VALIDATED_THEN),
        ((FIRST, None), (FIRST + DAY, None), MarkWord.NONE, MarkReason.NOT_AUTHORISED_THEN),
        ((FIRST, None), None, MarkWord.NONE, MarkReason.NOT_AUTHORISED_THEN),
        ((FIRST, FIRST), (FIRST, FIRST), MarkWord.FULLY_MEETS, MarkReason.LASTS_AFTER_LAPSE),
        ((FIRST, None), (FIRST, None), MarkWord.FULLY_MEETS, MarkReason.IN_DATE),
    ],
)
def test_it_counts_where_it_was_given_rightly(
    validated: tuple[date, date | None] | None,
    authorised: tuple[date, date | None] | None,
    word: MarkWord,
    reason: MarkReason,
) -> None:
    found = mark([AWARD], rules(validated=validated, authorised=authorised), day=FIRST + 30 * DAY)
    assert (found.word, found.chain[0].reason) == (word, reason)


@pytest.mark.parametrize("what", ["validated", "authorised"])
def test_what_becomes_of_it_when_a_lapse_comes_is_the_policys_to_say(what: str) -> None:
    ends = date(2025, 12, 31)
    other = {"validated": MarkReason.VALIDATION_LAPSED, "authorised": MarkReason.AUTHORITY_LAPSED}[what]
    last = rules(**{what: (FIRST, ends)})  # type: ignore[arg-type]
    end = rules(**{what: (FIRST, ends)}, lapse=Lapse.AWARDS_END_TOO)  # type: ignore[arg-type]
    for policy in (last, end):
        assert mark([AWARD], policy, day=ends).word is MarkWord.FULLY_MEETS
    lasting, ended = mark([AWARD], last, day=ends + DAY), mark([AWARD], end, day=ends + DAY)
    assert (lasting.word, lasting.chain[0].reason) == (MarkWord.FULLY_MEETS, MarkReason.LASTS_AFTER_LAPSE)
    assert (ended.word, ended.chain[0].reason) == (MarkWord.EXPIRED, other)
    assert ended.policy.lapse is Lapse.AWARDS_END_TOO


def test_the_policy_is_the_one_of_the_day() -> None:
    changed = MarkPolicy(
        version="2", effective_from=date(2026, 9, 1), lapse=Lapse.AWARDS_END_TOO, follows=(), source="test"
    )
    held = rules(validated=(FIRST, date(2025, 12, 31)))
    both = replace(held, policies=[*held.policies, changed])
    assert mark([AWARD], both, day=date(2026, 8, 31)).word is MarkWord.FULLY_MEETS
    assert mark([AWARD], both, day=date(2026, 9, 1)).word is MarkWord.EXPIRED


def test_a_withdrawn_award_held_until_the_day_before() -> None:
    withdrawn = replace(AWARD, withdrawn_on=date(2025, 5, 1), withdrawn_reason="Evidence was made up.")
    assert mark([withdrawn], rules(), day=date(2025, 4, 30)).word is MarkWord.FULLY_MEETS
    assert mark([withdrawn], rules(), day=date(2025, 5, 1)).word is MarkWord.WITHDRAWN


def test_the_best_award_decides_and_all_are_in_the_chain() -> None:
    committed = replace(AWARD, external_id="2", stage="committed", valid_from=FIRST + 90 * DAY)
    old = replace(AWARD, external_id="0", valid_from=date(2018, 1, 1), valid_to=date(2020, 12, 31))
    found = mark([committed, old, AWARD], rules(), day=FIRST + 100 * DAY)
    assert [link.award.external_id for link in found.chain] == ["1", "2", "0"]
    assert found.deciding == found.chain[0]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 9, 1), date(2027, 8, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_period_ends_the_day_before_its_day_comes_again(first: date, last: date) -> None:
    assert SCHEME.last_day(first, None) == last


def test_what_cannot_be_an_award_is_refused() -> None:
    with pytest.raises(EndsBeforeItBegins):
        SCHEME.last_day(FIRST, FIRST - DAY)
    with pytest.raises(EndOfAwardNotKnown):
        replace(SCHEME, validity_years=None).last_day(FIRST, None)
    with pytest.raises(StageNotOnLadder):
        SCHEME.stage("platinum")


DATES = st.dates(date(2012, 1, 1), date(2032, 12, 31))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date | None]:
    first = draw(DATES)
    return first, draw(st.one_of(st.none(), st.integers(0, 4000).map(lambda days: first + days * DAY)))


@given(
    first=DATES, length=st.integers(0, 1200), day=DATES, validated=spans(), authorised=spans(),
    lapse=st.sampled_from(Lapse), withdrawn=st.one_of(st.none(), DATES),
)  # fmt: skip
def test_the_mark_is_held_only_while_everything_it_rests_on_holds(
    first: date,
    length: int,
    day: date,
    validated: tuple[date, date | None],
    authorised: tuple[date, date | None],
    lapse: Lapse,
    withdrawn: date | None,
) -> None:
    def within(days: tuple[date, date | None], at: date) -> bool:
        return days[0] <= at and (days[1] is None or at <= days[1])

    last = first + length * DAY
    award = replace(AWARD, valid_from=first, valid_to=last, withdrawn_on=withdrawn)
    held_by = rules(validated=validated, authorised=authorised, lapse=lapse)
    holds = mark([award], held_by, day=day).word is MarkWord.FULLY_MEETS
    rightly = within(validated, first) and within(authorised, first)
    still = lapse is Lapse.AWARDS_LAST or (within(validated, day) and within(authorised, day))
    in_date = first <= day <= last and not (withdrawn is not None and withdrawn <= day)
    assert holds == (in_date and rightly and still)
