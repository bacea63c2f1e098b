"""Golden tables: where somebody stands, and what each entry counts for, by shipped and other policies."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from services.cpd.domain.counting import Activity, Worth
from services.cpd.domain.cycle import Move, Pause
from services.cpd.domain.policy import Evidence, Policy
from services.cpd.domain.standing import Facts, Return, Standing, Word, standing
from tests.cpd.rules.cases import POLICIES, day, done, entered, held, policy

TODAY = "2026-11-21"


def stand(facts: Facts, policies: Sequence[Policy] = POLICIES, on: str = TODAY) -> Standing:
    """Ask where somebody stands."""
    return standing(facts, policies, day=day(on))


def professional(*activities: Activity, since: str = "2026-03-01", **more: object) -> Facts:
    """Return somebody who came onto the register on a day."""
    return Facts(memberships=[held()], moves=[entered(since)], activities=activities, **more)  # type: ignore[arg-type]


def associate(*years: str) -> Facts:
    """Return an associate since June 2025 who declared the years that began on these days."""
    returns = [Return(association="ICG", cycle_first=day(each)) for each in years]
    return Facts(memberships=[held("associate", "2025-06-01")], returns=returns)


@pytest.mark.parametrize(
    ("facts", "on", "word", "reason"),
    [
        (professional(done(hours="25")), TODAY, Word.MET, "met"),
        (professional(done(hours="24.99")), TODAY, Word.ON_TRACK, "year_not_over"),
        # Hours alone never comply (trap 13).
        (professional(done(hours="90", lacking=Evidence.OUTCOME)), TODAY, Word.ON_TRACK, "year_not_over"),
        (professional(done(hours="90", lacking=Evidence.STANDARD)), TODAY, Word.ON_TRACK, "year_not_over"),
        (professional(done(hours="90", lacking=Evidence.REFLECTION)), TODAY, Word.ON_TRACK, "year_not_over"),
        # The year to 28 February 2026 is accounted for by 30 March, short after 27 April.
        (professional(since="2025-03-01"), "2026-02-28", Word.ON_TRACK, "year_not_over"),
        (professional(since="2025-03-01"), "2026-03-01", Word.ON_TRACK, "year_to_be_accounted_for"),
        (professional(since="2025-03-01"), "2026-04-27", Word.ON_TRACK, "year_to_be_accounted_for"),
        (professional(since="2025-03-01"), "2026-04-28", Word.SHORT, "year_not_met"),
        (professional(done("2025-05-01"), since="2025-03-01"), "2026-04-28", Word.ON_TRACK, "year_not_over"),
        (Facts(memberships=[held()]), TODAY, Word.NOT_REQUIRED, "not_on_register"),
        (
            Facts(memberships=[held()], moves=[entered(), Move(moved_on=day("2026-10-01"), entered=False)]),
            TODAY,
            Word.NOT_REQUIRED,
            "not_on_register",
        ),
        # Associates declare; their own entries are no condition (trap 12: nor are they audited).
        (associate("2025-06-01"), "2026-05-31", Word.DECLARED, "declared"),
        (associate("2025-06-01"), TODAY, Word.ON_TRACK, "year_not_over"),
        (associate(), "2026-07-28", Word.ON_TRACK, "year_to_be_accounted_for"),
        (associate(), "2026-07-29", Word.SHORT, "year_not_met"),
        (Facts(memberships=[held("affiliate")]), TODAY, Word.NOT_REQUIRED, "no_obligation"),
        (
            professional(pauses=[Pause(exempt=False, valid_from=day("2026-11-01"), valid_to=day(TODAY))]),
            TODAY,
            Word.DEFERRED,
            "deferred",
        ),
        (
            professional(pauses=[Pause(exempt=True, valid_from=day("2026-11-01"), valid_to=None)]),
            TODAY,
            Word.NOT_REQUIRED,
            "exempt",
        ),
        (
            professional(
                since="2025-03-01",
                pauses=[Pause(exempt=True, valid_from=day("2025-03-01"), valid_to=day("2026-03-31"))],
            ),
            "2026-05-01",
            Word.ON_TRACK,
            "year_not_over",
        ),
    ],
)
def test_the_standing_of_the_shipped_policies(facts: Facts, on: str, word: Word, reason: str) -> None:
    found = stand(facts, on=on)
    assert found.word is word
    assert found.deciding is not None
    assert found.deciding.reason == reason


def test_nothing_is_asked_of_somebody_who_is_no_member() -> None:
    assert stand(Facts(memberships=[held(until="2026-01-01")])) == Standing(
        word=Word.NOT_REQUIRED, day=day(TODAY), deciding=None, parts=()
    )


@pytest.mark.parametrize(
    ("activity", "counted", "reasons"),
    [
        (done(hours="3"), "3", (Worth.COUNTED,)),
        (done(planned=True), "0", (Worth.PLANNED,)),
        (done(lacking=Evidence.OUTCOME), "0", (Worth.NO_OUTCOME,)),
        (done(association="ACEG", hours="3"), "3", (Worth.COUNTED,)),
    ],
)
def test_an_entry_says_what_it_counts_for_and_why(
    activity: Activity, counted: str, reasons: tuple[Worth, ...]
) -> None:
    (part,) = stand(professional(activity)).parts
    assert part.account is not None
    (valued,) = part.account.tally.entries
    assert (valued.counted, valued.reasons) == (Decimal(counted), reasons)


def test_everything_that_is_lacking_is_named() -> None:
    bare = Activity(
        entry_id=1, association="ICG", title="A walk", kind="informal", done_on=day("2026-05-01"),
        hours=Decimal(2), planned=False, shows=frozenset(),
    )  # fmt: skip
    (part,) = stand(professional(bare)).parts
    assert part.account is not None
    assert part.account.tally.entries[0].reasons == (Worth.NO_OUTCOME, Worth.NO_STANDARD, Worth.NO_REFLECTION)


def test_a_cap_counts_the_earlier_entry_first_and_says_so_of_the_later_one() -> None:
    capped = policy(caps={"informal": "10"})
    entries = [
        done("2026-05-02", "8", id_=1, kind="informal"),
        done("2026-05-01", "6", id_=2, kind="informal"),
        done("2026-05-03", "6", id_=3),
    ]
    (part,) = stand(professional(*entries), [capped]).parts
    assert part.account is not None
    assert [(each.activity.entry_id, each.counted, each.reasons) for each in part.account.tally.entries] == [
        (2, Decimal(6), (Worth.COUNTED,)),
        (1, Decimal(4), (Worth.CAPPED,)),
        (3, Decimal(6), (Worth.COUNTED,)),
    ]


def test_an_activity_told_by_two_associations_counts_once_and_the_fuller_telling_counts() -> None:
    twice = [
        done(hours="5", id_=1, title="A course"),
        done(hours="6", id_=2, title="a course", association="ACEG"),
    ]
    (part,) = stand(professional(*twice)).parts
    assert part.account is not None
    assert part.account.tally.hours == 6
    assert [each.reasons for each in part.account.tally.entries] == [(Worth.COUNTED,), (Worth.SAME_ACTIVITY,)]


def test_of_two_associations_the_worse_standing_counts() -> None:
    facts = Facts(
        memberships=[held(), held("associate", "2024-01-01", association="ACEG")],
        moves=[entered("2026-03-01")],
        activities=[done()],
    )
    found = stand(facts)
    assert [(part.association, part.word) for part in found.parts] == [
        ("ACEG", Word.SHORT),
        ("ICG", Word.MET),
    ]
    assert found.word is Word.SHORT


def test_days_that_do_not_oblige_are_taken_off_pro_rata() -> None:
    half = Pause(exempt=False, valid_from=day("2026-03-01"), valid_to=day("2026-03-01") + timedelta(days=72))
    (part,) = stand(professional(pauses=[half])).parts
    assert part.account is not None
    assert part.account.duty.hours == Decimal("20.00")  # 292 of 365 days
    (whole,) = stand(professional(pauses=[half]), [policy(pro_rata=False)]).parts
    assert whole.account is not None
    assert whole.account.duty.hours == 25


def test_each_stretch_of_a_year_is_judged_by_the_policy_and_the_level_of_its_days() -> None:
    own = policy(association="ICG", starts="fixed_day", fixed_day="04-01", minimum_hours="36.5")
    assert own.fixed_day == (4, 1)
    later = policy(
        association="ICG", version="later", starts="fixed_day", fixed_day="04-01", minimum_hours="73",
        effective_from="2026-10-28",
    )  # fmt: skip
    facts = Facts(
        memberships=[held("affiliate", until="2026-07-19"), held(since="2026-07-20")],
        activities=[done("2026-05-01", id_=1), done("2026-08-01", id_=2)],
    )
    (part,) = stand(facts, [*POLICIES, own, later]).parts
    assert part.account is not None
    assert part.policy is not None
    assert part.policy.version == "later"
    assert (part.account.cycle.first, part.account.cycle.last) == (day("2026-04-01"), day("2027-03-31"))
    # 100 days at 36.5 a year, and from 28 October 155 days at 73.
    assert part.account.duty.hours == Decimal("41.00")
    assert [each.reasons for each in part.account.tally.entries] == [
        (Worth.NO_OBLIGATION,),
        (Worth.COUNTED,),
    ]


@pytest.mark.parametrize(
    ("joined", "on", "first", "last"),
    [
        ("2024-02-29", "2026-02-27", "2025-02-28", "2026-02-27"),
        ("2024-02-29", "2026-02-28", "2026-02-28", "2027-02-27"),
        ("2024-02-29", "2028-02-29", "2028-02-29", "2029-02-27"),
        ("2025-12-31", "2026-12-30", "2025-12-31", "2026-12-30"),
        ("2025-12-31", "2026-12-31", "2026-12-31", "2027-12-30"),
    ],
)
def test_a_year_begins_on_the_day_of_joining(joined: str, on: str, first: str, last: str) -> None:
    (part,) = stand(professional(*(done(on, "0.01"),), since=joined, returns=()), on=on).parts
    account = part.account
    assert account is not None
    if account.cycle.first < day(first):  # the year before is still open; look past it
        filled = [done(str(account.cycle.first), "90", id_=9)]
        account = stand(professional(*filled, since=joined), on=on).parts[0].account
        assert account is not None
    assert (account.cycle.first, account.cycle.last) == (day(first), day(last))


@pytest.mark.parametrize("level", ["professional", "associate"])
def test_nothing_is_asked_of_anybody_after_their_death(level: str) -> None:
    moves = [entered(), Move(moved_on=day("2026-05-02"), entered=False, died=True)]
    facts = Facts(memberships=[held(level, "2025-03-01")], moves=moves)
    assert stand(facts, on="2026-05-01").word is not Word.NOT_REQUIRED
    after = stand(facts, on="2026-05-02")
    assert (after.word, after.parts) == (Word.NOT_REQUIRED, ())
