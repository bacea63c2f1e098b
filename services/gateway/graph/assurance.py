"""The three strands in the graph: adviser, school and provider side by side, and what they come to."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from typing import Annotated

import strawberry

from services.gateway.domain import assurance as rules
from services.gateway.graph.arguments import KnownAt, ValidAt
from services.gateway.graph.context import Context
from services.gateway.graph.school import LEADER, NoSuchSchoolNumber
from services.gateway.loaders import Loaders, SubjectQuestion
from services.gateway.operations.assurance_policies import every
from shared.clock import london_day, utc_now
from shared.errors import Unavailable, Unprocessable


class NothingToAssure(Unprocessable):
    """Say at least one of school, adviser and provider."""


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
    if school is None and adviser is None and provider is None:
        raise NothingToAssure
    day = valid_at or london_day(known_at or utc_now())
    policy = rules.policy_on(every(), day)
    asking = _Asking(info.context.loaders, policy, valid_at, known_at)
    strands = await asking.strands(school=school, adviser=adviser, provider=provider)
    together = rules.overall([rules.Holds(each.holds.name) for each in strands])
    return Assurance(
        overall=Overall(together.value),
        strands=strands,
        policy_version=policy.version,
        valid_at=day,
        known_at=known_at,
    )


class _Asking:
    """Puts the questions of one assurance, all of one day and instant."""

    def __init__(
        self,
        loaders: Loaders,
        policy: rules.AssurancePolicy,
        valid_at: date | None,
        known_at: datetime | None,
    ) -> None:
        self._loaders = loaders
        self._policy = policy
        self._axes = (valid_at, known_at)

    async def strands(
        self, *, school: str | None, adviser: str | None, provider: str | None
    ) -> list[AssuranceStrand]:
        """Return the strands of what is named; of a school alone, those of everyone who works there too."""
        advisers = [] if adviser is None else [adviser]
        providers = [] if provider is None else [provider]
        unknown: list[AssuranceStrand] = []
        if school is not None and (adviser is None or provider is None):
            try:
                posted = await self._loaders.posts_of_schools.load(self._about(school))
            except Unavailable as refusal:
                unknown.append(self._unknown(Strand.adviser, school, "register", refusal.detail))
                posted = ()
            at_school = [each for each in posted if each.role != LEADER]
            if adviser is None:
                advisers = list(dict.fromkeys(each.number for each in at_school))
            if provider is None:
                named = (each.employer.ukprn for each in at_school if each.number in advisers)
                providers = list(dict.fromkeys(ukprn for ukprn in named if ukprn is not None))
            if not advisers and not unknown:
                said = "The register knows of no adviser at this school."
                unknown.append(self._unknown(Strand.adviser, school, "register", said))
        asked = [self._adviser(each) for each in advisers]
        asked += [] if school is None else [self._school(school)]
        asked += [self._provider(each) for each in providers]
        found: Sequence[AssuranceStrand] = await asyncio.gather(*asked)
        return [*unknown, *found]

    async def _adviser(self, number: str) -> AssuranceStrand:
        try:
            said = await self._loaders.licences.load(self._about(number))
        except Unavailable as refusal:
            return self._unknown(Strand.adviser, number, "register", refusal.detail)
        licensed = said.verdict.startswith("licensed") and not said.may_give_personal_guidance
        word = "licensed_not_for_guidance" if licensed else said.verdict
        return AssuranceStrand(
            strand=Strand.adviser,
            subject=said.number or number,
            holds=self._holds(rules.Strand.ADVISER, word),
            word=said.verdict,
            sentence=said.sentence,
            reasons=list(said.reasons),
            source="register",
            journal_position=said.journal_position,
        )

    async def _school(self, urn: str) -> AssuranceStrand:
        try:
            said = await self._loaders.marks.load(self._about(urn))
        except Unavailable as refusal:
            return self._unknown(Strand.school, urn, "kitemark", refusal.detail)
        if said.mark is None:
            raise NoSuchSchoolNumber(detail=said.problem.detail if said.problem else urn)
        return AssuranceStrand(
            strand=Strand.school,
            subject=said.school,
            holds=self._holds(rules.Strand.SCHOOL, said.mark),
            word=said.mark,
            sentence=said.sentence or "",
            reasons=[said.reason] if said.reason else [],
            source="kitemark",
            journal_position=said.journal_position,
        )

    async def _provider(self, ukprn: str) -> AssuranceStrand:
        try:
            said = await self._loaders.compliances.load(self._about(ukprn))
        except Unavailable as refusal:
            return self._unknown(Strand.provider, ukprn, "kitemark", refusal.detail)
        return AssuranceStrand(
            strand=Strand.provider,
            subject=said.ukprn,
            holds=self._holds(rules.Strand.PROVIDER, said.answer),
            word=said.answer,
            sentence=" ".join(each.detail for each in said.reasons),
            reasons=[each.code for each in said.reasons],
            source="kitemark",
            journal_position=None,
        )

    def _about(self, subject: str) -> SubjectQuestion:
        return SubjectQuestion(subject, *self._axes)

    def _holds(self, strand: rules.Strand, word: str) -> Holds:
        return Holds(self._policy.reading(strand, word).value)

    def _unknown(self, strand: Strand, subject: str, source: str, said: str) -> AssuranceStrand:
        return AssuranceStrand(
            strand=strand,
            subject=subject,
            holds=Holds.unknown,
            word=None,
            sentence=said,
            reasons=["unknown"],
            source=source,
            journal_position=None,
        )
