"""What makes a match, what only a possible one, and what is told of strangers: rules without a database."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.register.domain.matching.names import (
    name_key_of,
    name_likeness,
    one_slip_apart,
    within_one_slip,
)
from services.register.domain.matching.policy import Likeness, parse_match_policy
from services.register.domain.matching.scoring import Judged, MatchOutcome, MatchReason, SentField, judge
from services.register.domain.matching.tries import Tries
from services.register.domain.policy import PolicyNotUnderstood
from tests.register.matching.make import BORN, NUMBER, asked, known, policy

POLICY = policy()
FULL = {"given": "Sian Mary", "family": "EXAMPLE"}
OTHER_NUMBER = known(2).number
EMAIL = {"email": "sian@example.org"}
MEMBER = {"association": "ICG", "member_id": "17"}
NOT_ENOUGH = "not-enough-for-a-match"


@pytest.mark.parametrize(
    ("row", "outcome", "reason"),
    [
        ({"number": NUMBER, **FULL}, "match", "number-and-details-agree"),
        ({"number": NUMBER, "family": "Example"}, "match", "number-and-details-agree"),
        ({"number": NUMBER, "family": "Maiden"}, "match", "number-and-details-agree"),
        ({"number": NUMBER, "date_of_birth": BORN}, "match", "number-and-details-agree"),
        ({"number": NUMBER, "given": "Sian Mary", "family": "Exmaple"}, "match", "number-and-details-agree"),
        ({**MEMBER, **FULL}, "match", "member-id-and-name-agree"),
        ({**EMAIL, **FULL}, "match", "email-and-name-agree"),
        ({**EMAIL, "given": "Siân Mary", "family": "Maiden"}, "match", "email-and-name-agree"),
        ({"number": NUMBER, **FULL, "email": "new@example.org"}, "match", "number-and-details-agree"),
        # A differing number is never a match, whatever else agrees; neither is one that nobody can read.
        ({"number": OTHER_NUMBER, **FULL, **EMAIL, **MEMBER}, "possible", "number-differs"),
        ({"number": None, "number_given": True, **FULL, **EMAIL}, "possible", "number-differs"),
        # A name and a date of birth alone are not one, nor is a single name with it even possible.
        ({**FULL, "date_of_birth": BORN}, "possible", NOT_ENOUGH),
        ({"given": "Sian", "family": "Maiden", "date_of_birth": BORN}, "possible", NOT_ENOUGH),
        ({"given": "Example", "family": "Sian Mary", "date_of_birth": BORN}, "possible", NOT_ENOUGH),
        ({"given": "Sian Mary", "family": "Exampel", "date_of_birth": BORN}, "possible", NOT_ENOUGH),
        ({"family": "Example", "date_of_birth": BORN}, "none", "too-little-to-compare"),
        ({"given": "Siân Mary", "family": "Other", "date_of_birth": BORN}, "none", "nobody-agrees"),
        (FULL, "none", "too-little-to-compare"),
        ({"number": NUMBER}, "possible", "number-alone"),
        (EMAIL, "none", "too-little-to-compare"),
        ({**MEMBER, "date_of_birth": BORN}, "none", "too-little-to-compare"),
        # Something that was sent differs: never a match; only of a number it is said that it is another's.
        ({"number": NUMBER, **FULL, "date_of_birth": date(1981, 2, 28)}, "possible", "details-differ"),
        ({**EMAIL, **FULL, "date_of_birth": date(1981, 2, 28)}, "possible", "details-differ"),
        ({**EMAIL, "given": "Tom", "family": "Example", "date_of_birth": BORN}, "possible", "details-differ"),
        ({"number": NUMBER, "given": "Tom", "family": "Stranger"}, "none", "details-do-not-match"),
        ({"email": "sian@example.org", "given": "Tom", "family": "Stranger"}, "none", "nobody-agrees"),
    ],
)  # fmt: skip
def test_each_kind_of_row_gets_its_outcome_and_reason(row: dict[str, Any], outcome: str, reason: str) -> None:
    said = judge(asked(**row), [known()], POLICY)
    assert (said.outcome, said.reason) == (outcome, reason)


def test_of_a_row_that_is_nobodys_nothing_is_said_of_anybody() -> None:
    strangers = [
        judge(asked(**row), people, POLICY)
        for row, people in (
            ({"given": "Tom", "family": "Stranger", "date_of_birth": BORN}, [known()]),
            ({"given": "Sian Mary", "family": "Example", "date_of_birth": date(1990, 1, 1)}, [known()]),
            ({"given": "Sian Mary", "family": "Example", "date_of_birth": BORN}, []),
            ({"email": "sian@example.org", "given": "Tom", "family": "Stranger"}, [known()]),
        )
    ]
    assert set(strangers) == {Judged(outcome=MatchOutcome.NONE, reason=MatchReason.NOBODY_AGREES)}


def test_a_match_says_which_fields_agree_and_which_do_not() -> None:
    row = asked(number=NUMBER, **FULL, date_of_birth=BORN, email="new@example.org")
    said = judge(row, [known()], POLICY)
    assert said.agreed == (
        SentField.NUMBER, SentField.GIVEN_NAMES, SentField.FAMILY_NAME, SentField.DATE_OF_BIRTH,
    )  # fmt: skip
    assert (said.disagreed, said.score) == ((SentField.EMAIL,), 60 + 30 + 25 - 5)


def test_twins_who_share_an_address_are_told_apart_or_left_to_a_registrar() -> None:
    twins = [known(1, given="Ann", emails=frozenset({"home@example.org"})),
             known(2, given="Tom", emails=frozenset({"home@example.org"}))]  # fmt: skip
    row = {"family": "Example", "email": "home@example.org", "date_of_birth": BORN}
    assert judge(asked(given="Tom", **row), twins, POLICY).person == twins[1]
    for typed in ("Anna", "Tim", "T"):
        said = judge(asked(given=typed, **row), twins, POLICY)
        assert said.outcome is MatchOutcome.POSSIBLE


def test_what_fits_several_people_is_never_a_match() -> None:
    namesakes = [known(1), known(2)]
    said = judge(asked(**FULL, **EMAIL), namesakes, POLICY)
    assert (said.outcome, said.reason) == ("possible", "several-people")


@given(st.text(alphabet="abcxyz", max_size=8), st.integers(0, 8), st.sampled_from("abz"), st.integers(0, 3))
def test_one_slip_is_forgiven_in_both_directions_and_found_by_a_shared_form(
    word: str, place: int, letter: str, kind: int
) -> None:
    place = min(place, len(word))
    head, tail = word[:place], word[place:]
    typed = {
        0: head + letter + tail,
        1: head + tail[1:],
        2: head + letter + tail[1:],
        3: head + tail[1:2] + tail[:1] + tail[2:],
    }[kind]
    assert one_slip_apart(word, typed) is (word != typed)
    assert one_slip_apart(typed, word) is (word != typed)
    assert set(within_one_slip(word)) & set(within_one_slip(typed))


@pytest.mark.parametrize(
    ("given", "family", "likeness"),
    [
        ("Siân Mary", "Example", Likeness.SAME),
        ("Siân", "Mary Example", Likeness.SAME),
        ("Sian", "Example", Likeness.SHORTENED),
        ("S.", "Example", Likeness.SHORTENED),
        ("S", "Maiden", Likeness.SHORTENED),
        ("Example", "Sian Mary", Likeness.SWAPPED),
        ("Sian Mary", "Maidne", Likeness.NEAR),
        ("Tom", "Example", Likeness.FAMILY),
        ("Sian Mary", "Other", Likeness.GIVEN),
        ("Tom", "Other", Likeness.DIFFERENT),
        (None, "Maiden", Likeness.FAMILY),
        (None, "Other", Likeness.DIFFERENT),
    ],
)
def test_names_are_alike_in_one_way_each(given: str | None, family: str, likeness: Likeness) -> None:
    person = known()
    found = name_likeness(name_key_of(given, family), person.current, person.previous, near_from=6)
    assert found is likeness


def test_whoever_tries_dates_of_birth_on_a_name_learns_nothing() -> None:
    dates = [BORN + timedelta(days=each) for each in range(-5, 6)]
    spellings = ["Example", "Exampel", "Exmple"]
    rows = [
        asked(given="Sian Mary", family=spellings[place % 3], date_of_birth=day)
        for place, day in enumerate(dates)
    ]
    tries = Tries(rows, POLICY)
    said = {tries.allowed(row, judge(row, [known()], POLICY)).reason for row in rows}
    assert said == {MatchReason.TOO_MANY_TRIES, MatchReason.NOBODY_AGREES}
    initials = [asked(given=f"Sian {chr(97 + place)}x", family="Example", date_of_birth=day)
                for place, day in enumerate(dates)]  # fmt: skip
    assert judge(initials[5], [known()], POLICY).outcome is MatchOutcome.POSSIBLE
    tries = Tries(initials, POLICY)
    assert {tries.allowed(row, judge(row, [known()], POLICY)).outcome for row in initials} == {"none"}
    few = Tries(rows[3:8], POLICY)
    assert few.allowed(rows[5], judge(rows[5], [known()], POLICY)).outcome is MatchOutcome.POSSIBLE
    # Whoever has the number need not guess who is meant; another's guesses do not take their answer away.
    sure = asked(number=NUMBER, **FULL)
    assert Tries([*rows, sure], POLICY).allowed(sure, judge(sure, [known()], POLICY)).person == known()


def test_whoever_tries_dates_or_addresses_on_one_identifier_learns_nothing() -> None:
    rows = [asked(**EMAIL, **FULL, date_of_birth=BORN + timedelta(days=each)) for each in range(4)]
    tries = Tries(rows, POLICY)
    assert {tries.allowed(row, judge(row, [known()], POLICY)).reason for row in rows} == {"too-many-tries"}
    guesses = [asked(**FULL, email=f"{place}@example.org") for place in range(11)]
    tries = Tries([*guesses, asked(**FULL, **EMAIL)], POLICY)
    last = asked(**FULL, **EMAIL)
    assert tries.allowed(last, judge(last, [known()], POLICY)).reason == "too-many-tries"


def test_a_policy_reads_back_unchanged_and_a_wrong_one_is_refused() -> None:
    assert parse_match_policy(POLICY.as_dict()) == POLICY
    for wrong in (
        {"match_from": 45},
        {"points": {}},
        {"tries_per_name": 0},
        {"match_rests_on": {"number": ["different"]}},
    ):
        with pytest.raises(PolicyNotUnderstood):
            policy(**wrong)
    with pytest.raises(PolicyNotUnderstood):
        parse_match_policy({key: value for key, value in POLICY.as_dict().items() if key != "points"})
