"""What follows from an edition as a whole: where nothing is taught, what none covers, who reviewed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.register.domain.directory.combination import Missing, combination_complete, parse_rule
from services.register.domain.directory.coverage import (
    ElementCoverage,
    RegionCoverage,
    Review,
    content_coverage,
    framework_reviews,
    region_coverage,
)
from services.register.domain.directory.edition import Statement
from services.register.domain.directory.vocabulary import (
    TAUGHT_PROVISION,
    Availability,
    StatementKind,
    TermKind,
)
from services.register.operations.directory.editions import SeenEdition, chosen, document
from services.register.storage import reference
from services.register.storage.directory import courses
from shared.database import Database
from shared.errors import Conflict, NotFound
from shared.paging import Page, page_of, place_of

DIVIDED = "england"
"""The home country whose regions the directory counts; of the others no source gives parts."""


class NoSuchModularQualification(NotFound):
    """The edition {edition} of the directory has no qualification of modules {code}."""


class NoRuleOfCombination(Conflict):
    """No source states yet which modules make this qualification, so nothing can be missing of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What each region has, and which courses can be taken from everywhere, with what sources say of it.

    The rule says how many centres each region should have.
    """

    edition: SeenEdition
    rule: Mapping[str, Any]
    regions: Sequence[tuple[str, RegionCoverage]]
    national: Sequence[str]
    statements: Sequence[Statement]


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentReport:
    """How each element of content is covered, with its term; and what sources say of content."""

    edition: SeenEdition
    elements: Sequence[tuple[Mapping[str, Any], ElementCoverage]]
    statements: Sequence[Statement]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewReport:
    """Versions of the national framework, what came of each body's review, and what sources say of it."""

    edition: SeenEdition
    versions: Sequence[Mapping[str, Any]]
    reviews: Sequence[Review]
    statements: Sequence[Statement]


async def coverage(db: Database, *, edition: str | None) -> Coverage:
    """Return where an edition has taught provision and centres, region by region of England."""
    async with db.reading() as tx:
        shown = await chosen(tx, edition)
        regions = {
            each["code"]: each["title"]
            for each in await reference.bodies(tx, "regions")
            if each["home_country"] == DIVIDED
        }
        rule = (await document(tx, shown))["coverage_rule"]
        taught = await courses.available(tx, shown.code, TAUGHT_PROVISION)
        national = await courses.available(tx, shown.code, {Availability.NATIONAL})
        bodies = await courses.all_bodies(tx, shown.code)
        rows = await courses.statements_of(tx, shown.code, StatementKind.AVAILABILITY)
    found = region_coverage(
        list(regions),
        taught={region: theirs for region, theirs in taught.items() if region is not None},
        bodies=bodies,
        centres_per_region=rule["centres_per_region"],
    )
    return Coverage(
        edition=shown,
        rule=rule,
        regions=[(regions[each.region], each) for each in found],
        national=national.get(None, ()),
        statements=[statement for _, statement in rows],
    )


async def content(db: Database, *, edition: str | None) -> ContentReport:
    """Return what the courses of an edition cover, and what none does."""
    async with db.reading() as tx:
        shown = await chosen(tx, edition)
        said = await document(tx, shown)
        rows = await courses.statements_of(tx, shown.code, StatementKind.CONTENT)
    statements = [statement for _, statement in rows]
    terms = [term for term in said["terms"] if term["kind"] == TermKind.CONTENT]
    codes = [course["code"] for course in said["courses"]]
    found = content_coverage([term["code"] for term in terms], codes, statements)
    return ContentReport(edition=shown, elements=list(zip(terms, found, strict=True)), statements=statements)


async def reviews(db: Database, *, edition: str | None) -> ReviewReport:
    """Return which providers reviewed their courses against the national framework, as far as sources say."""
    async with db.reading() as tx:
        shown = await chosen(tx, edition)
        versions = (await document(tx, shown))["framework_versions"]
        bodies = await courses.all_bodies(tx, shown.code)
        rows = await courses.statements_of(tx, shown.code, StatementKind.SELF_REVIEW)
    statements = [statement for _, statement in rows]
    return ReviewReport(
        edition=shown,
        versions=versions,
        reviews=framework_reviews(
            [body.code for body in bodies], [version["code"] for version in versions], statements
        ),
        statements=statements,
    )


async def statements(
    db: Database, *, edition: str | None, kind: StatementKind | None, after: str | None, limit: int
) -> tuple[SeenEdition, Page[Statement]]:
    """Return what an edition states, of one kind or of every kind, in its order."""
    (last,) = place_of(after, int) or (-1,)
    kinds = () if kind is None else (kind,)
    async with db.reading() as tx:
        shown = await chosen(tx, edition)
        rows = await courses.statements_of(tx, shown.code, *kinds, after=last, limit=limit + 1)
    page = page_of(rows, limit=limit, place=lambda row: (row[0],))
    return shown, Page([statement for _, statement in page.items], page.next)


async def modular_qualifications(
    db: Database, *, edition: str | None
) -> tuple[SeenEdition, Sequence[Mapping[str, Any]]]:
    """Return the qualifications that are made of modules, with their rules."""
    async with db.reading() as tx:
        shown = await chosen(tx, edition)
        return shown, (await document(tx, shown))["modular_qualifications"]


async def missing_modules(db: Database, *, code: str, done: Collection[str], edition: str | None) -> Missing:
    """Return what is missing of a qualification of modules when these are done."""
    shown, qualifications = await modular_qualifications(db, edition=edition)
    found = next((each for each in qualifications if each["code"] == code), None)
    if found is None:
        raise NoSuchModularQualification(edition=shown.code, code=code)
    rule = parse_rule(found)
    if rule is None:
        raise NoRuleOfCombination
    return combination_complete(done, rule)
