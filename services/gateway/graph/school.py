"""The school in the graph: whether it holds the mark, and who works there."""

from datetime import date
from typing import Annotated, Self

import strawberry
from strawberry import federation

from services.gateway.clients.answers import PostAnswer
from services.gateway.clients.kitemark import MarkAnswer
from services.gateway.graph.arguments import KnownAt, ValidAt
from services.gateway.graph.context import Context
from services.gateway.graph.licence import Licence
from services.gateway.graph.provider import GuidanceProvider
from services.gateway.graph.vocabulary import MarkWord
from services.gateway.loaders import SubjectQuestion
from services.gateway.operations.assurance import LEADER, NoSuchSchoolNumber
from shared.errors import TooLarge

MOST_SCHOOLS = 1_000
URN_SCHEME = "urn"


class TooManySchools(TooLarge):
    """At most {most} schools are answered at once: ask for the rest in a further request."""


@strawberry.type(description="Whether a school holds the national mark of quality on the day asked about.")
class SchoolMark:
    """The kite mark's answer on one school, word for word."""

    mark: MarkWord = strawberry.field(description="The mark.")
    sentence: str = strawberry.field(description="What it means, in plain words.")
    reason: str | None = strawberry.field(
        description="Why, as a stable code; null where no award is recorded."
    )
    valid_to: date | None = strawberry.field(description="The last day of the award that decides.")
    scheme: str | None = strawberry.field(description="The scheme of that award, as a code.")
    body: str | None = strawberry.field(description="The body that gave it, as a code.")
    journal_position: int | None = strawberry.field(
        description="How far the kite mark's journal went when this was answered."
    )

    @classmethod
    def of(cls, answer: MarkAnswer) -> Self:
        """Return what the kite mark told; raises NoSuchSchoolNumber where it could not read the number."""
        if answer.mark is None:
            raise NoSuchSchoolNumber(detail=answer.problem.detail if answer.problem else answer.school)
        return cls(
            mark=MarkWord(answer.mark),
            sentence=answer.sentence or "",
            reason=answer.reason,
            valid_to=answer.valid_to,
            scheme=answer.scheme,
            body=answer.body,
            journal_position=answer.journal_position,
        )


async def _licence(root: strawberry.Parent["Post"], info: strawberry.Info[Context, None]) -> Licence | None:
    """Return the verdict on who holds the post."""
    return Licence.of(await info.context.loaders.licences.load(root.asked._replace(subject=root.number)))


def _provider(root: strawberry.Parent["Post"]) -> GuidanceProvider | None:
    """Return the employer as a provider of guidance, where it has a UKPRN."""
    ukprn = root.employer_ukprn
    return None if ukprn is None else GuidanceProvider(ukprn=ukprn, asked=root.asked._replace(subject=ukprn))


def _school(
    root: strawberry.Parent["Post"],
) -> Annotated["School", strawberry.lazy("services.gateway.graph.school")] | None:
    """Return the school where it is practised, where that has a URN."""
    return None if root.urn is None else School(urn=root.urn, asked=root.asked._replace(subject=root.urn))


@strawberry.type(
    description=(
        "Who works where and for whom, on the day asked about, as both sides attest it. From the register."
    )
)
class Post:
    """A post as anyone sees it."""

    number: str = strawberry.field(description="The registration number of who holds it.")
    name: str | None = strawberry.field(description="Their name, where the register shows it.")
    role: str = strawberry.field(description="The role, such as careers adviser, as a code.")
    basis: str = strawberry.field(description="Employed by the school, commissioned and so on, as a code.")
    independent: bool | None = strawberry.field(
        description="Whether the guidance is independent of the school; null where nobody said."
    )
    employer_name: str = strawberry.field(description="The name of the employer.")
    employer_ukprn: str | None = strawberry.field(description="The employer's UKPRN, where it has one.")
    urn: str | None = strawberry.field(description="The URN of the school where it is practised.")
    valid_from: date = strawberry.field(description="The first day of the post.")
    valid_to: date | None = strawberry.field(description="Its last day; null while nobody knows one.")
    asked: strawberry.Private[SubjectQuestion]
    licence: Licence | None = strawberry.field(
        resolver=_licence, description="The verdict on who holds it, on the day asked about."
    )
    provider: GuidanceProvider | None = strawberry.field(
        resolver=_provider, description="The employer as a provider of guidance; null without a UKPRN."
    )
    school: Annotated["School", strawberry.lazy("services.gateway.graph.school")] | None = strawberry.field(
        resolver=_school, description="The school where it is practised; null where it has no URN."
    )

    @classmethod
    def of(cls, answer: PostAnswer, asked: SubjectQuestion) -> Self:
        """Return the post that the register told of."""
        is_urn = answer.school is not None and answer.school.scheme == URN_SCHEME
        return cls(
            number=answer.number,
            name=answer.name,
            role=answer.role,
            basis=answer.basis,
            independent=answer.independent,
            employer_name=answer.employer.name,
            employer_ukprn=answer.employer.ukprn,
            urn=answer.school.value if is_urn and answer.school else None,
            valid_from=answer.valid_from,
            valid_to=answer.valid_to,
            asked=asked,
        )


async def _mark(root: strawberry.Parent["School"], info: strawberry.Info[Context, None]) -> SchoolMark | None:
    """Return whether the school holds the mark."""
    return SchoolMark.of(await info.context.loaders.marks.load(root.asked))


async def _posts(
    root: strawberry.Parent["School"], info: strawberry.Info[Context, None]
) -> list[Post] | None:
    """Return the posts at the school."""
    found = await info.context.loaders.posts_of_schools.load(root.asked)
    return [Post.of(each, root.asked) for each in found]


async def _leader(root: strawberry.Parent["School"], info: strawberry.Info[Context, None]) -> Post | None:
    """Return the careers leader, where one is known."""
    found = await info.context.loaders.posts_of_schools.load(root.asked)
    return next((Post.of(each, root.asked) for each in found if each.role == LEADER), None)


@federation.type(keys=["urn"], description="A school or college, by its URN.")
class School:
    """A school."""

    urn: str = strawberry.field(description="Its unique reference number: six digits.")
    asked: strawberry.Private[SubjectQuestion]
    mark: SchoolMark | None = strawberry.field(
        resolver=_mark,
        description=(
            "Whether it holds the mark. Comes from the kite mark, by one call for all schools of a request; "
            "null, with an error, only when that gives no answer."
        ),
    )
    posts: list[Post] | None = strawberry.field(
        resolver=_posts,
        description=(
            "Who works there, as both sides attest it. Comes from the register, by one call for all schools "
            "of a request; an empty list says that nobody is known, not that there is nobody."
        ),
    )
    careers_leader: Post | None = strawberry.field(
        resolver=_leader, description="The careers leader; null where none is known."
    )

    @classmethod
    async def resolve_reference(cls, info: strawberry.Info[Context, None], urn: str) -> Self:
        """Return the school that another graph refers to, as of today."""
        return cls(urn=urn, asked=SubjectQuestion(urn))


def school(
    urn: Annotated[str, strawberry.argument(description="A URN: six digits.")],
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> School:
    """Return a school."""
    return School(urn=urn, asked=SubjectQuestion(urn, valid_at, known_at))


def schools(
    urns: Annotated[list[str], strawberry.argument(description="Up to 1,000 URNs; answered in this order.")],
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> list[School]:
    """Return many schools, in their order."""
    if len(urns) > MOST_SCHOOLS:
        raise TooManySchools(most=f"{MOST_SCHOOLS:,}")
    return [School(urn=urn, asked=SubjectQuestion(urn, valid_at, known_at)) for urn in urns]
