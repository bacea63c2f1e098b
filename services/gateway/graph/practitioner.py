"""The practitioner in the graph: what may be seen of somebody, from the register and from CPD."""

from typing import Annotated, Self

import strawberry
from strawberry import federation

from services.gateway.clients.answers import PractitionerAnswer
from services.gateway.clients.register import MOST_PRACTITIONERS, TooManyNumbers
from services.gateway.graph.arguments import KnownAt, Number, ValidAt
from services.gateway.graph.context import Context
from services.gateway.graph.licence import Licence
from services.gateway.graph.school import Post
from services.gateway.graph.standing import CpdAnswer, standing_of
from services.gateway.loaders import SubjectQuestion


async def _licence(root: strawberry.Parent["Practitioner"], info: strawberry.Info[Context, None]) -> Licence:
    """Return the licence; for today it came with the practitioner."""
    if root.asked.valid_at is None and root.asked.known_at is None:
        return root.todays
    return Licence.of(await info.context.loaders.licences.load(root.asked))


async def _posts(
    root: strawberry.Parent["Practitioner"], info: strawberry.Info[Context, None]
) -> list[Post] | None:
    """Return where somebody works."""
    found = await info.context.loaders.posts_of_numbers.load(root.asked)
    return [Post.of(each, root.asked) for each in found]


async def _cpd(
    root: strawberry.Parent["Practitioner"], info: strawberry.Info[Context, None]
) -> CpdAnswer | None:
    """Return the standing, or why there is none to tell."""
    return await standing_of(info, root.asked)


@federation.type(
    keys=["number"],
    description=(
        "Somebody with a registration number, as the public may see them today. Names and details are there "
        "only for those who have ever been on the register. Comes from the register, by one call for all "
        "numbers of a request."
    ),
)
class Practitioner:
    """What the public may see of somebody."""

    number: str | None = strawberry.field(
        description="The registration number, properly written; null when what was asked cannot be one."
    )
    given_names: str | None = strawberry.field(description="Given names, as the person has them.")
    family_name: str | None = strawberry.field(description="Family name, or the only name.")
    home_country: str | None = strawberry.field(description="The home country of work, as a code.")
    regions: list[str] = strawberry.field(description="The regions of work, as codes.")
    settings: list[str] = strawberry.field(description="The settings of work, such as schools, as codes.")
    roles: list[str] = strawberry.field(description="The roles held, such as careers adviser, as codes.")
    specialisms: list[str] = strawberry.field(description="The specialisms, as codes.")
    posts: list[Post] | None = strawberry.field(
        resolver=_posts,
        description=(
            "Where they work, on that day, as both sides attest it. Comes from the register, by one call for "
            "all numbers of a request."
        ),
    )
    asked: strawberry.Private[SubjectQuestion]
    todays: strawberry.Private[Licence]

    licence: Licence = strawberry.field(
        resolver=_licence,
        description="The verdict on the number, on the day and as known at the instant asked about.",
    )
    cpd: CpdAnswer | None = strawberry.field(
        resolver=_cpd,
        description=(
            "Where they stand with CPD on that day, for those who may know it. Comes from the CPD service; "
            "null, with an error, only when it gives no answer."
        ),
    )

    @classmethod
    def of(cls, answer: PractitionerAnswer, asked: SubjectQuestion) -> Self:
        """Return the practitioner that the register told of."""
        return cls(
            asked=asked,
            todays=Licence.of(answer.licence),
            number=answer.number,
            given_names=answer.given_names,
            family_name=answer.family_name,
            home_country=answer.home_country,
            regions=list(answer.regions),
            settings=list(answer.settings),
            roles=list(answer.roles),
            specialisms=list(answer.specialisms),
        )

    @classmethod
    async def resolve_reference(cls, info: strawberry.Info[Context, None], number: str) -> Self:
        """Return the practitioner that another graph refers to, as of today."""
        return cls.of(await info.context.loaders.practitioners.load(number), SubjectQuestion(number))


async def practitioner(
    info: strawberry.Info[Context, None], number: Number, valid_at: ValidAt = None, known_at: KnownAt = None
) -> Practitioner | None:
    """Return what may be seen of one number."""
    answer = await info.context.loaders.practitioners.load(number)
    return Practitioner.of(answer, SubjectQuestion(number, valid_at, known_at))


async def practitioners(
    info: strawberry.Info[Context, None],
    numbers: Annotated[
        list[str],
        strawberry.argument(description="Up to 1,000 numbers; answered in this order."),
    ],
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> list[Practitioner] | None:
    """Return what may be seen of many numbers, in their order."""
    if len(numbers) > MOST_PRACTITIONERS:
        raise TooManyNumbers(most=MOST_PRACTITIONERS)
    answers = await info.context.loaders.practitioners.load_many(numbers)
    return [
        Practitioner.of(answer, SubjectQuestion(number, valid_at, known_at))
        for number, answer in zip(numbers, answers, strict=True)
    ]
