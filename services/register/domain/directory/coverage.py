"""What an edition does not offer: regions without taught provision or a centre, content that none covers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.register.domain.directory.edition import AwardingBody, Statement
from services.register.domain.directory.vocabulary import (
    BodyKind,
    ContentCoverage,
    ReviewResult,
    StatementKind,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionCoverage:
    """What a region has: courses that are taught there, and universities that award."""

    region: str
    taught: tuple[str, ...]
    centres: tuple[str, ...]
    has_taught_provision: bool
    has_enough_centres: bool


def region_coverage(
    regions: Sequence[str],
    *,
    taught: Mapping[str, Sequence[str]],
    bodies: Sequence[AwardingBody],
    centres_per_region: int,
) -> tuple[RegionCoverage, ...]:
    """Return what each region has; ``taught`` gives by region the running courses that are taught there.

    A centre is a university of the directory in the region (working paper 3, 4: at least one in each).
    """
    found = []
    for region in regions:
        courses = tuple(taught.get(region, ()))
        centres = tuple(
            body.code for body in bodies if body.region == region and body.kind is BodyKind.HIGHER_EDUCATION
        )
        found.append(
            RegionCoverage(
                region=region,
                taught=courses,
                centres=centres,
                has_taught_provision=bool(courses),
                has_enough_centres=len(centres) >= centres_per_region,
            )
        )
    return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class ElementCoverage:
    """How an element of content is covered; `silent` are the courses of which no source says it.

    ``unnamed`` are the coverages that sources state of courses which they do not name.
    """

    element: str
    covered: tuple[str, ...]
    in_part: tuple[str, ...]
    not_covered: tuple[str, ...]
    silent: tuple[str, ...]
    unnamed: tuple[ContentCoverage, ...]

    @property
    def covered_by_no_course(self) -> bool:
        """Tell whether sources say of every course that it does not cover it, not even in part."""
        return not (self.silent or self._covered_somewhere)

    @property
    def not_stated(self) -> bool:
        """Tell whether no source says that any course covers it, nor that none does."""
        return bool(self.silent) and not self._covered_somewhere

    @property
    def _covered_somewhere(self) -> bool:
        return bool(self.covered or self.in_part or set(self.unnamed) - {ContentCoverage.NOT_COVERED})


def content_coverage(
    elements: Sequence[str], courses: Sequence[str], statements: Iterable[Statement]
) -> tuple[ElementCoverage, ...]:
    """Return how each element is covered. A denial outweighs what is said of a class of courses."""
    said: dict[tuple[str, ContentCoverage], list[str]] = {}
    unnamed: dict[str, list[ContentCoverage]] = {}
    for statement in statements:
        if statement.kind is not StatementKind.CONTENT:
            continue
        coverage = ContentCoverage(statement.body["coverage"])
        for element in statement.body["elements"]:
            said.setdefault((element, coverage), []).extend(statement.courses)
            if not statement.courses:
                unnamed.setdefault(element, []).append(coverage)
    return tuple(_element(element, courses, said, unnamed.get(element, ())) for element in elements)


def _element(
    element: str,
    courses: Sequence[str],
    said: Mapping[tuple[str, ContentCoverage], Sequence[str]],
    unnamed: Sequence[ContentCoverage],
) -> ElementCoverage:
    denied = set(said.get((element, ContentCoverage.NOT_COVERED), ()))
    part = set(said.get((element, ContentCoverage.IN_PART), ())) - denied
    whole = set(said.get((element, ContentCoverage.COVERED), ())) - denied - part
    return ElementCoverage(
        element=element,
        covered=tuple(course for course in courses if course in whole),
        in_part=tuple(course for course in courses if course in part),
        not_covered=tuple(course for course in courses if course in denied),
        silent=tuple(course for course in courses if course not in whole | part | denied),
        unnamed=tuple(unnamed),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """What came of one body's review against one version of a framework; None where no source says."""

    awarding_body: str
    framework_version: str
    result: ReviewResult | None
    reviewed_on: str | None
    gaps: tuple[str, ...]


def framework_reviews(
    bodies: Sequence[str], versions: Sequence[str], statements: Iterable[Statement]
) -> tuple[Review, ...]:
    """Return for each version, and each body in it, the last review that a statement gives."""
    stated = {
        (body, statement.body["framework_version"]): statement.body
        for statement in statements
        if statement.kind is StatementKind.SELF_REVIEW
        for body in statement.awarding_bodies
    }
    found = []
    for version in versions:
        for body in bodies:
            review = stated.get((body, version))
            found.append(
                Review(
                    awarding_body=body,
                    framework_version=version,
                    result=None if review is None else ReviewResult(review["result"]),
                    reviewed_on=None if review is None else review["reviewed_on"],
                    gaps=() if review is None else tuple(review["gaps"]),
                )
            )
    return tuple(found)
