"""Progress towards an award: explained, and true of every bank of credit."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cpd.domain.credits.credit import CreditSource
from services.cpd.domain.credits.module import CreditValue
from services.cpd.domain.credits.programme import Award, Group
from services.cpd.domain.credits.progress import MEETS, Banked, Progress, Why, progress
from tests.cpd.conftest import Cpd
from tests.cpd.credits import make
from tests.cpd.make import cpd_system, post
from tests.cpd.people import ANN, BEA, member

DAY = date(2026, 11, 21)
OPTIONS = tuple(f"ICG/O-{place}" for place in range(4))
# The shape of a diploma that a source states: five mandatory units of 6, and 15 credits of optional ones.
DIPLOMA = Award(
    title="Diploma",
    framework="QCF",
    level="4",
    accepts=("4", "3"),
    core=tuple(f"ICG/U-{place}" for place in range(5)),
    groups=(Group(name="Optional", modules=OPTIONS, minimum_modules=2, minimum_credits=15),),
    minimum_credits=45,
)


def banked(id_: int, module: str, credits: int = 6, **more: object) -> Banked:
    told = {"framework": "QCF", "level": "4", "source": CreditSource.EARNED, "expires_on": None} | more
    value = CreditValue(framework=str(told.pop("framework")), level=str(told.pop("level")), credits=credits)
    return Banked(id=id_, module=module, value=value, awarded_on=date(2026, 1, 1), **told)  # type: ignore[arg-type]


CORE = [banked(place, f"ICG/U-{place}") for place in range(5)]


def test_an_award_is_complete_when_every_rule_is_met() -> None:
    found = progress(DIPLOMA, [*CORE, banked(8, OPTIONS[0], 9), banked(9, OPTIONS[1], 6)], day=DAY)
    assert (found.complete, found.credits, found.credits_missing) == (True, 45, 0)


def test_what_is_missing_is_named_by_part() -> None:
    found = progress(DIPLOMA, [*CORE[1:], banked(8, OPTIONS[0], 12)], day=DAY)
    core, optional = found.parts
    assert (core.met, core.open, core.modules_missing) == (False, ["ICG/U-0"], 1)
    assert (optional.modules_missing, optional.credits_missing) == (1, 3)
    assert optional.open == list(OPTIONS[1:])
    assert (found.complete, found.credits, found.credits_missing) == (False, 36, 9)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, Why.COUNTED),
        ({"module": "ICG/OTHER"}, Why.NOT_IN_AWARD),
        ({"framework": "SCQF"}, Why.OTHER_FRAMEWORK),
        ({"level": "6"}, Why.OTHER_LEVEL),
        ({"level": "3"}, Why.COUNTED),
        ({"source": CreditSource.RECOGNISED}, Why.COUNTED),
        ({"source": CreditSource.EXEMPTED}, Why.EXEMPTION),
        ({"expires_on": DAY}, Why.EXPIRED),
        ({"expires_on": DAY + timedelta(days=1)}, Why.COUNTED),
    ],
)
def test_each_credit_says_what_it_comes_to(more: dict[str, object], why: Why) -> None:
    (judged,) = progress(DIPLOMA, [banked(1, str(more.pop("module", OPTIONS[0])), **more)], day=DAY).judged
    assert judged.why is why


def test_a_module_counts_once_by_the_credit_that_brings_most_and_lasts_longest() -> None:
    credit = [
        banked(1, OPTIONS[0], 9, source=CreditSource.EXEMPTED),
        banked(2, OPTIONS[0], 6),
        banked(3, OPTIONS[0], 9, expires_on=DAY + timedelta(days=10)),
        banked(4, OPTIONS[0], 9, expires_on=DAY + timedelta(days=20)),
    ]
    found = progress(DIPLOMA, credit, day=DAY)
    assert [each.banked.id for each in found.counted] == [4]
    assert (found.credits, found.expires_first) == (9, DAY + timedelta(days=20))


def test_an_exemption_meets_its_module_and_brings_no_credits() -> None:
    exempted = [banked(0, "ICG/U-0", source=CreditSource.EXEMPTED), *CORE[1:]]
    found = progress(DIPLOMA, [*exempted, banked(8, OPTIONS[0], 9), banked(9, OPTIONS[1], 9)], day=DAY)
    assert found.parts[0].met
    assert (found.credits, found.credits_missing, found.complete) == (42, 3, False)


DAYS = st.integers(-400, 400).map(lambda days: DAY + timedelta(days=days))
CREDIT = st.builds(
    Banked,
    id=st.integers(1, 10**6),
    module=st.sampled_from([*DIPLOMA.modules, "ICG/OTHER"]),
    source=st.sampled_from(CreditSource),
    value=st.builds(
        CreditValue,
        framework=st.sampled_from(["QCF", "QCF", "SCQF"]),
        level=st.sampled_from(["3", "4", "6"]),
        credits=st.integers(1, 30),
    ),
    awarded_on=DAYS,
    expires_on=st.none() | DAYS,
)
BANKS = st.lists(CREDIT, max_size=14, unique_by=lambda each: each.id)


def leads_as_far(after: Progress, before: Progress) -> bool:
    """Tell whether nothing is missing that was not missing before."""
    parts = zip(after.parts, before.parts, strict=True)
    return (
        after.credits >= before.credits
        and after.credits_missing <= before.credits_missing
        and all(
            set(a.open) <= set(b.open)
            and a.modules_missing <= b.modules_missing
            and a.credits_missing <= b.credits_missing
            for a, b in parts
        )
    )


@settings(max_examples=150, deadline=None)
@given(bank=BANKS, more=CREDIT, seed=st.integers(0, 999))
def test_order_does_not_matter_more_never_leads_less_far_and_voiding_restores(
    bank: list[Banked], more: Banked, seed: int
) -> None:
    before = progress(DIPLOMA, bank, day=DAY)
    shuffled = Random(seed).sample(bank, len(bank))  # noqa: S311
    assert progress(DIPLOMA, shuffled, day=DAY) == before
    if more.id not in {each.id for each in bank}:
        after = progress(DIPLOMA, [*bank, more], day=DAY)
        assert leads_as_far(after, before)
        assert before.complete <= after.complete
        voided = [each for each in [*bank, more] if each is not more]
        assert progress(DIPLOMA, voided, day=DAY) == before


@settings(max_examples=150, deadline=None)
@given(bank=BANKS)
def test_each_module_counts_once_and_the_sum_is_that_of_a_naive_count(bank: list[Banked]) -> None:
    found = progress(DIPLOMA, bank, day=DAY)
    counted = [each.banked.module for each in found.counted]
    assert len(counted) == len(set(counted))
    assert len(found.judged) == len(bank)
    best: dict[str, int] = {}
    for each in bank:
        if (
            each.module in DIPLOMA.modules
            and each.awarded_on <= DAY
            and (each.expires_on is None or each.expires_on > DAY)
            and (each.value.framework, each.value.level) in {("QCF", "3"), ("QCF", "4")}
        ):
            brings = 0 if each.source is CreditSource.EXEMPTED else each.value.credits
            best[each.module] = max(best.get(each.module, 0), brings)
    assert found.credits == sum(best.values())
    assert {each.banked.module for each in found.judged if each.why in MEETS} == best.keys()


async def test_a_member_is_told_what_is_met_by_which_credit_and_what_is_missing(cpd: Cpd) -> None:
    await member(cpd)
    await make.three_modules(cpd)
    await make.programme(cpd)
    await make.programme(
        cpd, version="2027", effective_from="2027-01-01", awards=[make.AWARD | {"groups": []}]
    )
    path = f"/v1/people/{ANN}/progress/ICG/P-1"
    first = (await make.credit(cpd)).json()["id"]

    async def award(**params: str) -> dict[str, object]:
        answer = await cpd.http.get(path, params=params, headers=cpd_system())
        assert answer.status_code == 200, answer.text
        (shown,) = answer.json()["awards"]
        return shown  # type: ignore[no-any-return]

    shown = await award()
    assert (shown["complete"], shown["credits"], shown["credits_missing"]) == (False, 15, 15)
    core, settings_ = shown["parts"]  # type: ignore[misc]
    assert (core["met"], core["met_by"][0]["credit"]) == (True, first)  # type: ignore[has-type]
    assert settings_["open"] == ["ICG/M-2", "ACEG/M-3"]  # type: ignore[has-type]
    second = (await make.credit(cpd, "C-2", module="ACEG/M-3")).json()["id"]
    assert (await award())["complete"] is True
    assert (await award(valid_at="2026-03-30"))["credits"] == 0
    assert (await award(version="2027"))["credits"] == 15
    await post(cpd, f"/v1/credits/{second}/voiding", {"reason": "Wrong."})
    assert (await award())["complete"] is False
    for where, code in (
        (f"/v1/people/{ANN}/progress/ICG/P-9", "no-such-programme"),
        (f"/v1/people/{BEA}/progress/ICG/P-1", "no-such-member"),
    ):
        refused = await cpd.http.get(where, headers=cpd_system())
        assert (refused.status_code, refused.json()["code"]) == (404, code)
