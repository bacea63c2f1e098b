"""What follows from an edition of the directory as a whole, over HTTP."""

from dataclasses import asdict
from typing import Annotated

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, Field

from services.register.domain.directory.vocabulary import ContentCoverage, ReviewResult, StatementKind
from services.register.operations.directory import reports
from services.register.routes.axes import only_these_parameters
from services.register.routes.directory.courses import InEdition
from services.register.routes.directory.edition_bodies import (
    CoverageRule,
    FrameworkVersion,
    ModularQualification,
    Term,
)
from services.register.routes.directory.statement_bodies import Available, Content, SelfReview, Statement
from services.register.routes.fields import Code
from shared.paging import After, Limit
from shared.web import Db, guarded_router, page_body, with_etag

router = guarded_router("directory")


class RegionCoverageOut(BaseModel):
    """What a region has: running courses that are taught there, and universities that award."""

    region: str
    title: str
    taught: list[str]
    centres: list[str]
    has_taught_provision: bool
    has_enough_centres: bool


class CoverageOut(BaseModel):
    """Where an edition has taught provision and centres; `national` can be taken from every region."""

    edition: str
    rule: CoverageRule
    regions: list[RegionCoverageOut]
    without_taught_provision: list[str]
    without_enough_centres: list[str]
    national: list[str]
    statements: list[Available]


class ElementOut(BaseModel):
    """How an element of content is covered; `unnamed` is what sources state of courses they do not name."""

    term: Term
    covered: list[str]
    in_part: list[str]
    not_covered: list[str]
    silent: list[str] = Field(description="Courses of which no source says it.")
    unnamed: list[ContentCoverage]
    covered_by_no_course: bool
    not_stated: bool


class ContentOut(BaseModel):
    """What the courses of an edition cover and what none does, with what the sources say of it.

    In `not_stated` is what no source says that any course covers, nor that none does.
    """

    edition: str
    elements: list[ElementOut]
    covered_by_no_course: list[str]
    not_stated: list[str]
    statements: list[Content]


class ReviewOut(BaseModel):
    """What came of a body's review against a version of the framework; null where no source says."""

    awarding_body: str
    framework_version: str
    result: ReviewResult | None
    reviewed_on: str | None
    gaps: list[str]


class ReviewsOut(BaseModel):
    """Reviews against the national framework; a statement without awarding bodies is of some not named."""

    edition: str
    versions: list[FrameworkVersion]
    reviews: list[ReviewOut]
    not_reviewed: list[str] = Field(description="Bodies of which a source says it, in the latest version.")
    not_stated: list[str] = Field(description="Bodies of which no source says, in the latest version.")
    statements: list[SelfReview]


class StatementPage(BaseModel):
    """What an edition states, in its order."""

    edition: str
    items: list[Statement]
    next: str | None


class ModularQualifications(BaseModel):
    """Qualifications that are made of modules."""

    edition: str
    items: list[ModularQualification]


class MissingContentOut(BaseModel):
    """What is missing of a qualification; a module whose credits no source states adds none, and is named."""

    complete: bool
    core: list[str]
    optional: int
    credits: int
    credits_not_known: list[str]


@router.get("/v1/directory/coverage", operation_id="getDirectoryCoverage", response_model=CoverageOut)
async def get_coverage(request: Request, db: Db, edition: InEdition = None) -> Response:
    """Say in which regions of England nothing is taught, and which have too few centres."""
    only_these_parameters(request, "edition")
    found = await reports.coverage(db, edition=edition)
    regions = [RegionCoverageOut(title=title, **asdict(each)) for title, each in found.regions]
    body = CoverageOut(
        edition=found.edition.code,
        rule=CoverageRule.model_validate(found.rule),
        regions=regions,
        without_taught_provision=[each.region for each in regions if not each.has_taught_provision],
        without_enough_centres=[each.region for each in regions if not each.has_enough_centres],
        national=list(found.national),
        statements=[Available.model_validate(statement.body) for statement in found.statements],
    )
    return with_etag(request, body)


@router.get("/v1/directory/content", operation_id="getDirectoryContent", response_model=ContentOut)
async def get_content(request: Request, db: Db, edition: InEdition = None) -> Response:
    """Say which elements of content the courses cover, and which none does."""
    only_these_parameters(request, "edition")
    found = await reports.content(db, edition=edition)
    elements = [
        ElementOut(
            term=Term.model_validate(term),
            covered=list(each.covered),
            in_part=list(each.in_part),
            not_covered=list(each.not_covered),
            silent=list(each.silent),
            unnamed=list(each.unnamed),
            covered_by_no_course=each.covered_by_no_course,
            not_stated=each.not_stated,
        )
        for term, each in found.elements
    ]
    body = ContentOut(
        edition=found.edition.code,
        elements=elements,
        covered_by_no_course=[each.term.code for each in elements if each.covered_by_no_course],
        not_stated=[each.term.code for each in elements if each.not_stated],
        statements=[Content.model_validate(statement.body) for statement in found.statements],
    )
    return with_etag(request, body)


@router.get("/v1/directory/framework-reviews", operation_id="getFrameworkReviews", response_model=ReviewsOut)
async def get_reviews(request: Request, db: Db, edition: InEdition = None) -> Response:
    """Say which providers reviewed their courses against the national framework, as far as sources say."""
    only_these_parameters(request, "edition")
    found = await reports.reviews(db, edition=edition)
    latest = max(found.versions, key=lambda version: version["published_in"], default=None)
    now = [review for review in found.reviews if latest and review.framework_version == latest["code"]]
    body = ReviewsOut(
        edition=found.edition.code,
        versions=[FrameworkVersion.model_validate(version) for version in found.versions],
        reviews=[ReviewOut.model_validate(asdict(review)) for review in found.reviews],
        not_reviewed=[each.awarding_body for each in now if each.result is ReviewResult.NOT_REVIEWED],
        not_stated=[each.awarding_body for each in now if each.result is None],
        statements=[SelfReview.model_validate(statement.body) for statement in found.statements],
    )
    return with_etag(request, body)


@router.get("/v1/directory/statements", operation_id="listStatements", response_model=StatementPage)
async def list_statements(
    request: Request,
    response: Response,
    db: Db,
    kind: StatementKind | None = None,
    edition: InEdition = None,
    limit: Limit = 50,
    after: After = None,
) -> StatementPage:
    """List what an edition states of courses, of awarding bodies, and of the directory as a whole."""
    only_these_parameters(request, "kind", "edition", "limit", "after")
    shown, page = await reports.statements(db, edition=edition, kind=kind, after=after, limit=limit)
    body = StatementPage.model_validate(
        {"edition": shown.code, "items": [each.body for each in page.items], "next": page.next}
    )
    answer: StatementPage = page_body(request, response, body, next_cursor=page.next)
    return answer


@router.get(
    "/v1/modular-qualifications",
    operation_id="listModularQualifications",
    response_model=ModularQualifications,
)
async def list_modular_qualifications(request: Request, db: Db, edition: InEdition = None) -> Response:
    """List the qualifications that are made of modules, with their rules of combination."""
    only_these_parameters(request, "edition")
    shown, found = await reports.modular_qualifications(db, edition=edition)
    items = [ModularQualification.model_validate(each) for each in found]
    return with_etag(request, ModularQualifications(edition=shown.code, items=items))


@router.get(
    "/v1/modular-qualifications/{code}/missing",
    operation_id="getMissingModules",
    response_model=MissingContentOut,
)
async def get_missing(
    code: Annotated[Code, Path(description="The qualification's code in the edition.")],
    request: Request,
    db: Db,
    done: Annotated[list[Code], Query(max_length=200, description="Codes of modules done.")] = [],  # noqa: B006
    edition: InEdition = None,
) -> Response:
    """Say what is missing of a qualification when these modules are done."""
    only_these_parameters(request, "done", "edition")
    missing = await reports.missing_modules(db, code=code, done=done, edition=edition)
    return with_etag(request, MissingContentOut(complete=missing.complete, **asdict(missing)))
