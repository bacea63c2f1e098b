"""The practitioner in the graph: what the public may see of somebody, from the register."""

from typing import Annotated, Self

import strawberry
from strawberry import federation

from services.gateway.clients.answers import PractitionerAnswer
from services.gateway.clients.register import MOST_PRACTITIONERS, TooManyNumbers
from services.gateway.graph.context import Context
from services.gateway.graph.licence import Licence


@federation.type(
    keys=["number"],
    description=(
        "Somebody with a registration number, as the public may see them. Names and details are there only "
        "for those who have ever been on the register. Comes from the register, by one call for all numbers "
        "of a request."
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
    licence: Licence = strawberry.field(description="Today's verdict on the number.")

    @classmethod
    def of(cls, answer: PractitionerAnswer) -> Self:
        """Return the practitioner that the register told of."""
        return cls(
            number=answer.number,
            given_names=answer.given_names,
            family_name=answer.family_name,
            home_country=answer.home_country,
            regions=list(answer.regions),
            settings=list(answer.settings),
            roles=list(answer.roles),
            specialisms=list(answer.specialisms),
            licence=Licence.of(answer.licence),
        )

    @classmethod
    async def resolve_reference(cls, info: strawberry.Info[Context, None], number: str) -> Self:
        """Return the practitioner that another graph refers to."""
        return cls.of(await info.context.loaders.practitioners.load(number))


async def practitioner(
    info: strawberry.Info[Context, None],
    number: Annotated[
        str, strawberry.argument(description="A registration number; case, spaces and hyphens do not matter.")
    ],
) -> Practitioner | None:
    """Return what the public may see of one number."""
    return Practitioner.of(await info.context.loaders.practitioners.load(number))


async def practitioners(
    info: strawberry.Info[Context, None],
    numbers: Annotated[
        list[str],
        strawberry.argument(description="Up to 1,000 numbers; answered in this order."),
    ],
) -> list[Practitioner] | None:
    """Return what the public may see of many numbers, in their order."""
    if len(numbers) > MOST_PRACTITIONERS:
        raise TooManyNumbers(most=MOST_PRACTITIONERS)
    answers = await info.context.loaders.practitioners.load_many(numbers)
    return [Practitioner.of(answer) for answer in answers]
