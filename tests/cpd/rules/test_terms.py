"""Golden tables of what a policy may say and no shipped one does: hours carried, caps, themes, part years."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from services.cpd.domain.counting import Activity, Worth
from services.cpd.domain.cycle import Membership, Pause
from services.cpd.domain.policy import Evidence, Policy, parse_policy
from services.cpd.domain.standing import Account, Facts, Word, standing
from tests.cpd.rules.cases import POLICIES, PROFESSIONAL, day, done, entered, held, policy

TODAY = "2026-11-21"
YEARS = {"starts": "fixed_day", "fixed_day": "04-01"}
CARRYING = policy(carry_forward="10", **YEARS)


def account(
    activities: Sequence[Activity],
    policies: Sequence[Policy],
    *,
    on: str = TODAY,
    memberships: Sequence[Membership] = (held(),),
    pauses: Sequence[Pause] = (),
) -> Account:
    """Return the year on which the standing of somebody on the register since April 2024 rests."""
    facts = Facts(
        memberships=memberships, moves=[entered("2024-04-01")], activities=activities, pauses=pauses
    )
    (part,) = standing(facts, policies, day=day(on)).parts
    assert part.account is not None
    return part.account


def before(hours: str, *, id_: int = 1, on: str = "2025-06-01", **more: str) -> Activity:
    """Return an activity of the year to March 2026."""
    return done(on, hours, id_=id_, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("activities", "carried", "missing"),
    [
        ([before("25")], "0", "25"),
        ([before("30")], "5", "20"),
        ([before("90")], "10", "15"),
        ([before("30"), done(hours="20", id_=2)], "5", "0"),
        # What the year before last left over was for the year before, and goes no further.
        ([done("2024-06-01", "50", id_=2), before("25")], "0", "25"),
        # Hours that did not count in their own year are no surplus of it.
        ([before("25"), before("30", id_=2, on="2025-07-01", kind="capped")], "2", "23"),
    ],
)
def test_hours_beyond_what_a_year_asked_are_carried_into_the_next_up_to_a_number(
    activities: list[Activity], carried: str, missing: str
) -> None:
    found = account(activities, [policy(carry_forward="10", caps={"capped": "2"}, **YEARS)])
    assert (found.tally.carried, found.missing_hours) == (Decimal(carried), Decimal(missing))


def test_the_entries_that_came_last_say_that_they_are_carried_and_carry_hours_alone() -> None:
    found = account([before("20"), before("9", id_=2, on="2025-08-01"), done(hours="6", id_=3)], [CARRYING])
    assert [(each.activity.entry_id, each.counted, each.reasons) for each in found.tally.entries] == [
        (2, Decimal(4), (Worth.CARRIED,)),
        (3, Decimal(6), (Worth.COUNTED,)),
    ]
    # Hours alone never comply, carried ones either: the year has outcomes and themes of its own.
    themed = policy(carry_forward="100", themes=["lmi"], **YEARS)
    only_hours = account([before("90", about="lmi")], [themed])
    assert (only_hours.missing_hours, only_hours.missing_outcomes) == (0, 1)
    assert (only_hours.missing_themes, only_hours.met) == ({"lmi"}, False)


def test_a_year_that_carried_hours_make_whole_is_not_short() -> None:
    log = [done("2024-06-01", "40", id_=1), before("15", id_=2)]
    for terms, word in (
        (policy(carry_forward="15", **YEARS), Word.ON_TRACK),
        (policy(carry_forward="9.99", **YEARS), Word.SHORT),
        (policy(**YEARS), Word.SHORT),
    ):
        facts = Facts(memberships=[held()], moves=[entered("2024-04-01")], activities=log)
        assert standing(facts, [terms], day=day(TODAY)).word is word


@pytest.mark.parametrize(
    ("caps", "later_caps", "counted"),
    [
        ({}, {}, ["8", "8", "8"]),
        ({"informal": "10"}, {"informal": "10"}, ["8", "2", "0"]),
        # A new version begins on 1 July: the year keeps one count, measured by the cap of each day.
        ({"informal": "10"}, {"informal": "12"}, ["8", "2", "2"]),
        ({"informal": "10"}, {"informal": "5"}, ["8", "2", "0"]),
        ({}, {"informal": "18"}, ["8", "8", "2"]),
        ({"informal": "10"}, {}, ["8", "2", "8"]),
    ],
)
def test_a_cap_is_for_the_year_and_not_for_each_version_of_the_policy(
    caps: dict[str, str], later_caps: dict[str, str], counted: list[str]
) -> None:
    versions = [
        policy(version="a", caps=caps, **YEARS),
        policy(version="b", caps=later_caps, effective_from="2026-07-01", **YEARS),
    ]
    log = [
        before("25", id_=9),
        *(done(f"2026-0{month}-01", "8", id_=month, kind="informal") for month in (5, 6, 7)),
    ]
    found = account(log, versions)
    assert [each.counted for each in found.tally.entries] == [Decimal(each) for each in counted]
    assert found.tally.outcomes == 3


def test_each_theme_has_to_be_met_by_an_entry_that_counts() -> None:
    themed = policy(themes=["lmi", "NOS02"], **YEARS)
    log = [before("25", about="lmi NOS02"), done(hours="25", id_=2, about="lmi")]
    assert account(log, [themed]).missing_themes == {"NOS02"}
    unreflected = done(id_=3, title="X", about="NOS02", lacking=Evidence.REFLECTION)
    assert account([*log, unreflected], [themed]).missing_themes == {"NOS02"}
    # Told a second time, in fewer hours and with the theme, it is the same activity about more.
    again = done(hours="1", id_=4, title="Activity 2", about="NOS02")
    whole = account([*log, again], [themed])
    assert (whole.tally.hours, whole.met) == (25, True)


def test_an_outcome_that_was_told_is_not_lost_when_the_activity_is_told_again_without_it() -> None:
    lenient = policy(asks=["reflection"], **YEARS)
    log = [before("25"), done(hours="25", id_=2, title="A course")]
    assert account(log, [lenient]).met
    longer = done(hours="26", id_=3, title="A course", lacking=Evidence.OUTCOME)
    assert account([*log, longer], [lenient]).met


@pytest.mark.parametrize(
    ("pro_rata", "hours", "carried"),
    # 183 of 365 days at 25 hours a year are 12.53; or the whole of them.
    [(True, "20", "7.47"), (False, "27", "2")],
)
def test_of_a_part_year_is_carried_what_goes_beyond_its_part(
    pro_rata: bool, hours: str, carried: str
) -> None:
    paused = Pause(exempt=False, valid_from=day("2025-10-01"), valid_to=day("2026-03-31"))
    terms = policy(carry_forward="25", pro_rata=pro_rata, **YEARS)
    assert account([before(hours)], [terms], pauses=[paused]).tally.carried == Decimal(carried)


def test_the_shipped_policies_carry_cap_and_theme_nothing_and_older_ones_are_read_as_such() -> None:
    for each in POLICIES:
        assert (each.carry_forward, each.caps, each.themes) == (None, {}, frozenset())
    old = {
        name: told for name, told in PROFESSIONAL.as_dict().items() if name not in ("carry_forward", "themes")
    }
    assert parse_policy(old) == PROFESSIONAL
    assert parse_policy(CARRYING.as_dict()) == CARRYING
