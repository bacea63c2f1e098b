"""The verdict on a day: its order of precedence, its reasons and its words."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from services.register.domain.licence import EntryStatus
from services.register.domain.policy import MembershipLevel, Scope
from services.register.domain.sanction import SanctionKind, lift
from services.register.domain.verdict import (
    EntryFact,
    LicenceFact,
    MembershipFact,
    SanctionFact,
    ScopeFact,
    Verdict,
    VerdictCode,
    decide,
    details_do_not_match,
    malformed,
    never_issued,
    sentence_for,
)
from tests.register.rules import make

DAY = date(2026, 6, 15)
ON, RETIRED, _ = EntryStatus
KEPT = "CR00000001"


def verdict(day: date = DAY, **changes: Any) -> Verdict:
    return decide(make.facts(**changes), day=day)


def answer(day: date = DAY, **changes: Any) -> tuple[str, list[str], bool]:
    """Return what a caller reads first: the verdict, its reasons, and whether guidance is allowed."""
    shown = verdict(day, **changes).as_public_dict()
    return shown["verdict"], shown["reasons"], shown["may_give_personal_guidance"]


CONDITIONS = make.suspension(kind=SanctionKind.CONDITIONS, conditions="Work under supervision")
REMOVAL = make.suspension(kind=SanctionKind.REMOVAL, valid_to=None)
INTERIM = make.suspension(kind=SanctionKind.INTERIM_SUSPENSION, valid_to=None)
RETIREMENT = (
    EntryFact(status=ON, valid_from=make.START, valid_to=date(2026, 6, 14)),
    EntryFact(status=RETIRED, valid_from=DAY),
)
LEADERSHIP = (ScopeFact(scope=Scope.CAREERS_LEADERSHIP, valid_from=make.START, valid_to=make.END),)
IN_FORCE = "licence-in-force"
EXCLUDED = "scope-excludes-personal-guidance"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("licensed", [IN_FORCE], True)),
        (
            {"sanctions": (CONDITIONS,)},
            ("licensed_with_conditions", [IN_FORCE, "conditions-in-force"], True),
        ),
        ({"scopes": LEADERSHIP}, ("licensed", [IN_FORCE, EXCLUDED], False)),
        ({"scopes": ()}, ("licensed", [IN_FORCE, EXCLUDED], False)),
        (
            {"scopes": LEADERSHIP, "sanctions": (CONDITIONS,)},
            ("licensed_with_conditions", [IN_FORCE, "conditions-in-force", EXCLUDED], False),
        ),
        ({"entries": ()}, ("not_licensed", ["never-admitted"], False)),
        ({"licences": ()}, ("lapsed", ["no-licence-issued"], False)),
        (
            {"entries": (EntryFact(status=ON, valid_from=make.START, valid_to=date(2026, 6, 1)),)},
            ("lapsed", ["not-on-register"], False),
        ),
        ({"sanctions": (make.suspension(),)}, ("suspended", ["suspension-in-force"], False)),
        ({"sanctions": (INTERIM,)}, ("suspended", ["interim-suspension-in-force"], False)),
        ({"sanctions": (REMOVAL,)}, ("removed", ["removal-in-force"], False)),
        ({"entries": RETIREMENT}, ("retired", ["retired-from-register"], False)),
        ({"kept_number": KEPT, "merged_on": DAY}, ("merged", ["merged-into-kept-number"], False)),
        ({"kept_number": KEPT}, ("merged", ["merged-into-kept-number"], False)),
    ],
)
def test_the_verdict_on_a_day_in_the_middle_of_the_licence(
    changes: dict[str, Any], expected: tuple[str, list[str], bool]
) -> None:
    assert answer(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kept_number": KEPT, "sanctions": (REMOVAL,)}, "merged"),
        ({"entries": (), "sanctions": (REMOVAL,)}, "not_licensed"),
        ({"entries": RETIREMENT, "sanctions": (REMOVAL,)}, "removed"),
        ({"entries": RETIREMENT, "sanctions": (INTERIM,)}, "retired"),
        ({"licences": (), "sanctions": (INTERIM,)}, "suspended"),
        ({"licences": (), "sanctions": (CONDITIONS,)}, "lapsed"),
        ({"sanctions": (CONDITIONS, INTERIM)}, "suspended"),
        ({"sanctions": (CONDITIONS, make.suspension(), REMOVAL)}, "removed"),
    ],
)
def test_the_graver_answer_goes_first(changes: dict[str, Any], expected: str) -> None:
    assert answer(**changes)[0] == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1, 1, 1), ("not_licensed", ["never-admitted"])),
        (date(2026, 1, 31), ("not_licensed", ["never-admitted"])),
        (make.START, ("licensed", [IN_FORCE])),
        (make.END, ("licensed", [IN_FORCE])),
        (date(2027, 2, 1), ("lapsed", ["in-grace"])),
        (date(2027, 2, 28), ("lapsed", ["in-grace"])),
        (date(2027, 3, 1), ("lapsed", ["licence-lapsed"])),
        (date.max, ("lapsed", ["licence-lapsed"])),
    ],
)
def test_a_licence_is_valid_to_the_end_of_its_last_day_without_any_job(
    day: date, expected: tuple[str, list[str]]
) -> None:
    assert answer(day)[:2] == expected


def test_without_days_of_grace_a_licence_lapses_at_once() -> None:
    assert answer(date(2027, 2, 1), grace_days=0)[1] == ["licence-lapsed"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 5, 31), "licensed"),
        (date(2026, 6, 1), "suspended"),
        (date(2026, 6, 30), "suspended"),
        (date(2026, 7, 1), "licensed"),
    ],
)
def test_a_suspension_holds_on_both_its_first_and_its_last_day(day: date, expected: str) -> None:
    assert answer(day, sanctions=(make.suspension(),))[0] == expected


def test_a_sanction_lifted_on_its_first_day_is_not_seen() -> None:
    imposed = make.sanction(valid_from=DAY)
    lifted = lift(imposed, by="registrar", on=DAY, reason="Imposed in error")
    fact = SanctionFact(
        kind=lifted.kind,
        public_reason=lifted.public_reason,
        valid_from=lifted.valid_from,
        valid_to=lifted.valid_to,
    )
    assert verdict(sanctions=(fact,)) == verdict()


def test_before_a_merge_the_number_had_its_own_verdict() -> None:
    merged = {"kept_number": KEPT, "merged_on": DAY}
    assert answer(DAY - timedelta(days=1), **merged)[0] == "licensed"


def test_a_merged_number_shows_nothing_but_the_kept_one() -> None:
    shown = verdict(kept_number=KEPT, sanctions=(REMOVAL,))
    assert shown.kept_number == KEPT
    assert (shown.membership_level, shown.specialisms, shown.sanctions) == (None, (), ())
    assert KEPT in shown.sentence


def test_somebody_retired_who_is_admitted_again_is_licensed() -> None:
    back = EntryFact(status=ON, valid_from=date(2026, 9, 1))
    entries = (RETIREMENT[0], EntryFact(status=RETIRED, valid_from=DAY, valid_to=date(2026, 8, 31)), back)
    again = LicenceFact(valid_from=date(2026, 9, 1), valid_to=date(2027, 8, 31))
    changes = {"entries": entries, "licences": (again,)}
    assert answer(date(2026, 8, 31), **changes)[0] == "retired"
    assert answer(date(2026, 9, 1), **changes)[0] == "licensed"


def test_a_renewed_licence_shows_the_term_of_the_day() -> None:
    terms = (
        LicenceFact(valid_from=make.START, valid_to=make.END),
        LicenceFact(valid_from=date(2027, 2, 1), valid_to=date(2028, 1, 31)),
    )
    assert verdict(make.END, licences=terms).valid_to == make.END
    assert verdict(date(2027, 2, 1), licences=terms).valid_to == date(2028, 1, 31)


def test_a_licence_without_an_end_has_no_last_day() -> None:
    shown = verdict(date.max, licences=(LicenceFact(valid_from=make.START),))
    assert (shown.verdict, shown.valid_to) == (VerdictCode.LICENSED, None)


def test_the_highest_membership_held_that_day_is_shown() -> None:
    memberships = (
        MembershipFact(level=MembershipLevel.AFFILIATE, valid_from=make.START),
        MembershipFact(level=MembershipLevel.PROFESSIONAL, valid_from=make.START, valid_to=date(2026, 6, 14)),
        MembershipFact(level=MembershipLevel.ASSOCIATE, valid_from=make.START),
    )
    assert verdict(memberships=memberships).membership_level is MembershipLevel.ASSOCIATE


@pytest.mark.parametrize("sanctions", [(REMOVAL,), (make.suspension(),)])
def test_scopes_are_shown_only_while_they_may_be_used(sanctions: tuple[SanctionFact, ...]) -> None:
    assert verdict().scopes == (Scope.PERSONAL_GUIDANCE,)
    assert verdict(sanctions=sanctions).scopes == ()


def test_only_sanctions_in_force_are_shown_the_oldest_first() -> None:
    over = make.suspension(valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31))
    older = make.suspension(
        kind=SanctionKind.CONDITIONS, conditions="No lone working", valid_from=date(2026, 4, 1)
    )
    shown = verdict(sanctions=(CONDITIONS, over, older))
    assert shown.sanctions == (older, CONDITIONS)
    assert shown.conditions == ("No lone working", "Work under supervision")


def test_the_public_answer_has_its_members_in_order_and_no_others() -> None:
    shown = verdict(sanctions=(CONDITIONS,)).as_public_dict()
    assert shown == {
        "number": make.NUMBER,
        "verdict": "licensed_with_conditions",
        "may_give_personal_guidance": True,
        "scopes": ["personal_guidance"],
        "membership_level": "professional",
        "specialisms": ["stem"],
        "conditions": ["Work under supervision"],
        "sanctions": [
            {
                "kind": "conditions",
                "public_reason": "Misleading clients",
                "from": "2026-06-01",
                "to": "2026-06-30",
            }
        ],
        "valid_from": "2026-02-01",
        "valid_to": "2027-01-31",
        "kept_number": None,
        "reasons": ["licence-in-force", "conditions-in-force"],
        "sentence": "This person is licensed to practise until the end of 31 January 2027 with conditions, "
        "and may give personal careers guidance only while keeping to them: read the conditions and ask "
        "how they are being met.",
    }
    assert " ".join(shown) == (
        "number verdict may_give_personal_guidance scopes membership_level specialisms conditions "
        "sanctions valid_from valid_to kept_number reasons sentence"
    )
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (verdict(), "may give personal careers guidance: nothing more is needed, but check again"),
        (verdict(licences=(LicenceFact(valid_from=make.START),)), "practise and may give"),
        (verdict(scopes=LEADERSHIP), "in careers leadership, but the licence does not cover"),
        (verdict(scopes=LEADERSHIP, sanctions=(CONDITIONS,)), "in careers leadership with conditions"),
        (verdict(entries=()), "has not been admitted to the register"),
        (verdict(date(2027, 2, 1)), "ended on 31 January 2027 and has not been renewed"),
        (verdict(date(2027, 3, 1)), "ended on 31 January 2027 and lapsed"),
        (verdict(licences=()), "has no licence in force"),
        (verdict(sanctions=(make.suspension(),)), "suspended until the end of 30 June 2026 and is not"),
        (verdict(sanctions=(INTERIM,)), "suspended while a concern is looked into and is not"),
        (verdict(sanctions=(INTERIM, make.suspension())), "This person is suspended and is not"),
        (verdict(sanctions=(REMOVAL,)), "was removed from the register"),
        (verdict(entries=RETIREMENT), "has retired from the register"),
        (never_issued(KEPT), "never been given to anybody"),
        (details_do_not_match(KEPT), "does not belong to it"),
        (malformed("CR12345673"), "does not fit"),
        (malformed(make.NUMBER), "not a registration number"),
    ],
)
def test_the_sentence_says_what_is_so_and_what_to_do(shown: Verdict, says: str) -> None:
    assert says in shown.sentence
    assert ": " in shown.sentence or shown.verdict is VerdictCode.MALFORMED
    assert shown.sentence.endswith(".")


@pytest.mark.parametrize("code", VerdictCode)
def test_every_verdict_has_a_sentence(code: VerdictCode) -> None:
    assert sentence_for(Verdict(number=None, verdict=code))


def test_a_malformed_number_is_not_repeated() -> None:
    shown = malformed("<script>")
    assert (shown.number, shown.verdict, shown.reasons) == (None, "malformed", ("number-malformed",))
    assert "script" not in json.dumps(shown.as_public_dict())


@pytest.mark.parametrize(
    ("shown", "code"),
    [(never_issued(KEPT), "never_issued"), (details_do_not_match(KEPT), "details_do_not_match")],
)
def test_an_answer_about_no_record_names_the_number_and_nothing_else(shown: Verdict, code: str) -> None:
    public = shown.as_public_dict()
    assert (public["number"], public["verdict"], public["may_give_personal_guidance"]) == (KEPT, code, False)
    named = {"number", "verdict", "may_give_personal_guidance", "reasons", "sentence"}
    assert not any(value for member, value in public.items() if member not in named)
