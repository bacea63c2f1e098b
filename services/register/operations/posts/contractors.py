"""Who of a contractor's advisers is licensed, qualified, works towards a qualification, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.register.domain.qualification import HoldingStatus
from services.register.domain.reports.policy import policy_on
from services.register.operations.posts.organisations import NoSuchOrganisation
from services.register.operations.verdicts import Axes
from services.register.storage import holdings, people, reference
from services.register.storage.holdings import HeldHolding
from services.register.storage.posts import organisations, posts
from services.register.storage.posts.posts import HeldPost
from shared.actor import Actor
from shared.database import Database, Transaction
from shared.paging import Page, page_of, place_of


class Compliance(StrEnum):
    """The most that can be said of an adviser, best first."""

    LICENSED = "licensed"
    QUALIFIED = "qualified"
    WORKING_TOWARDS = "working_towards"
    NEITHER = "neither"


@dataclass(frozen=True, kw_only=True, slots=True)
class ContractorAdviser:
    """An adviser by number; ``overdue`` says that the expected day of the qualification has passed."""

    number: str
    compliance: Compliance
    expected_on: date | None
    overdue: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ContractorReport:
    """All advisers in numbers, and a page of those who may be listed."""

    counts: dict[Compliance, int]
    page: Page[ContractorAdviser]
    axes: Axes


async def advisers(
    db: Database,
    *,
    organisation_id: int,
    valid_at: date | None,
    actor: Actor,
    now: datetime,
    after: str | None,
    limit: int,
) -> ContractorReport:
    """Return the advisers of an organisation whose posts both sides attest, on a day.

    Whoever may not be shown is in the counts and not in the list.
    """
    actor.require("people:read", "register:decide")
    (last,) = place_of(after, str) or ("",)
    axes = Axes.chosen(valid_at=valid_at, known_at=None, now=now)
    async with db.reading() as tx:
        if await organisations.find(tx, organisation_id) is None:
            raise NoSuchOrganisation(organisation_id=organisation_id)
        found = await _posts(tx, organisation_id, day=axes.valid_at)
        shown = await posts.chosen(tx, [each.post_id for each in found], posts.shown_to_anyone())
        said = await _said(tx, {each.number: each for each in found}, day=axes.valid_at)
    listed = {each.number for each in found if each.post_id in shown}
    items = sorted(
        (each for each in said if each.number in listed and each.number > last),
        key=lambda each: each.number,
    )
    counts = {compliance: sum(each.compliance is compliance for each in said) for compliance in Compliance}
    page = page_of(items[: limit + 1], limit=limit, place=lambda each: (each.number,))
    return ContractorReport(counts=counts, page=page, axes=axes)


async def _posts(tx: Transaction, organisation_id: int, *, day: date) -> list[HeldPost]:
    policy = policy_on(await reference.bodies(tx, "report_policies"), day)
    found = await posts.held(
        tx, posts.of_employer(organisation_id), posts.attested(), day=day, only_standing=True
    )
    return [each for each in found if each.post.role in policy.adviser_roles]


async def _said(tx: Transaction, by_number: dict[str, HeldPost], *, day: date) -> list[ContractorAdviser]:
    groups = await people.groups_of(tx, [each.person_id for each in by_number.values()])
    everyone = sorted({each for group in groups.values() for each in group})
    by_person: dict[int, list[HeldHolding]] = {}
    for each in await holdings.held(tx, everyone, valid_at=day):
        by_person.setdefault(each.person_id, []).append(each)
    return [
        _adviser(number, post, [h for i in groups[post.person_id] for h in by_person.get(i, ())], day=day)
        for number, post in by_number.items()
    ]


def _adviser(number: str, post: HeldPost, held: Sequence[HeldHolding], *, day: date) -> ContractorAdviser:
    statuses = {each.holding.status for each in held if each.holding.relevant}
    expected = min(
        (
            each.holding.expected_on
            for each in held
            if each.holding.status is HoldingStatus.WORKING_TOWARDS and each.holding.expected_on is not None
        ),
        default=None,
    )
    if post.may_give_personal_guidance:
        compliance = Compliance.LICENSED
    elif HoldingStatus.AUTHENTICATED in statuses:
        compliance = Compliance.QUALIFIED
    else:
        compliance = Compliance.NEITHER if expected is None else Compliance.WORKING_TOWARDS
    return ContractorAdviser(
        number=number,
        compliance=compliance,
        expected_on=expected,
        overdue=expected is not None and expected < day,
    )
