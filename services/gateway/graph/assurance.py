"""The three strands in the graph: adviser, school and provider side by side, and what they come to."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Self

import strawberry

from services.gateway.graph.arguments import KnownAt, ValidAt
from services.gateway.graph.context import Context
from services.gateway.loaders import OfOneDay
from services.gateway.operations.assurance import StrandOf, assure
from shared.clock import london_day, utc_now


@strawberry.enum(description="One of the three strands of quality.")
class Strand(Enum):
    """A strand."""

    adviser = strawberry.enum_value("adviser", description="The adviser's licence, from the register.")
    school = strawberry.enum_value("school", description="The school's mark, from the kite mark.")
    provider = strawberry.enum_value(
        "provider", description="The provider's accreditation, from the kite mark."
    )


@strawberry.enum(description="Whether a strand has what is asked of it.")
class Holds(Enum):
    """Never a boolean, which would hide an unknown."""

    yes = strawberry.enum_value("yes", description="It has.")
    no = strawberry.enum_value("no", description="It has not.")
    unknown = strawberry.enum_value("unknown", description="It is not known; this is never a no.")


@strawberry.enum(description="What the strands come to together.")
class Overall(Enum):
    """The whole."""

    assured = strawberry.enum_value("assured", description="Every strand that was asked for holds.")
    not_assured = strawberry.enum_value("not_assured", description="At least one strand does not hold.")
    incomplete = strawberry.enum_value("incomplete", description="None fails, and at least one is not known.")


@strawberry.type(description="One strand of one subject: what its service says, and how that is read.")
class AssuranceStrand:
    """A strand."""

    strand: Strand = strawberry.field(description="Which strand.")
    subject: str = strawberry.field(description="The registration number, URN or UKPRN that it is about.")
    holds: Holds = strawberry.field(description="Whether it has what is asked of it, as the policy reads it.")
    word: str | None = strawberry.field(
        description="The word of the service: a verdict, a mark, an answer; null where it gave none."
    )
    sentence: str = strawberry.field(description="What that means, in plain words.")
    reasons: list[str] = strawberry.field(description="Why, as stable codes.")
    source: str = strawberry.field(description="The service that said so.")
    journal_position: int | None = strawberry.field(
        description="How far its journal went when it answered, where it says so."
    )

    @classmethod
    def of(cls, told: StrandOf) -> Self:
        """Return the strand as it is shown."""
        return cls(
            strand=Strand(told.strand.value),
            subject=told.subject,
            holds=Holds(told.holds.value),
            word=told.word,
            sentence=told.sentence,
            reasons=list(told.reasons),
            source=told.source,
            journal_position=told.journal_position,
        )


@strawberry.type(
    description=(
        "The three strands side by side. `overall` is `assured` only where every strand that was asked for "
        "holds; what is not known makes it `incomplete`."
    )
)
class Assurance:
    """The strands, and what they come to."""

    overall: Overall = strawberry.field(description="What they come to together.")
    strands: list[AssuranceStrand] = strawberry.field(description="Each strand, the adviser's first.")
    policy_version: str = strawberry.field(description="The version of the policy by which words are read.")
    valid_at: date = strawberry.field(description="The day that all of it is about.")
    known_at: datetime | None = strawberry.field(
        description="The instant whose knowledge it rests on; null where that is now."
    )


async def assurance(
    info: strawberry.Info[Context, None],
    school: Annotated[str | None, strawberry.argument(description="The URN of a school.")] = None,
    adviser: Annotated[
        str | None,
        strawberry.argument(
            description="A registration number. Without one, every adviser who is posted at the school."
        ),
    ] = None,
    provider: Annotated[
        str | None,
        strawberry.argument(
            description="A UKPRN. Without one, every employer with a UKPRN of those advisers."
        ),
    ] = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> Assurance:
    """Return the strands of what is named, or of a whole school."""
    day = valid_at or london_day(known_at or utc_now())
    asks = OfOneDay(info.context.loaders, valid_at, known_at)
    found = await assure(asks, day=day, school=school, adviser=adviser, provider=provider)
    return Assurance(
        overall=Overall(found.overall.value),
        strands=[AssuranceStrand.of(each) for each in found.strands],
        policy_version=found.policy.version,
        valid_at=day,
        known_at=known_at,
    )
