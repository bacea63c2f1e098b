"""The three strands of a school, an adviser and a provider, asked of the services that know them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.gateway.clients.answers import LicenceAnswer, PostAnswer
from services.gateway.clients.kitemark import ComplianceAnswer, MarkAnswer
from services.gateway.domain.assurance import AssurancePolicy, Holds, Overall, Strand, overall, policy_on
from services.gateway.operations.assurance_policies import every
from shared.errors import Unavailable, Unprocessable

LEADER = "careers_leader"


class NothingToAssure(Unprocessable):
    """Say at least one of school, adviser and provider."""


class NoSuchSchoolNumber(Unprocessable):
    """This is no school's number: {detail}"""


class Asks(Protocol):
    """Whatever can be asked of one day and instant; each raises what the service refuses."""

    async def licence(self, number: str) -> LicenceAnswer:
        """Return the verdict on a number."""

    async def mark(self, urn: str) -> MarkAnswer:
        """Return whether a school holds the mark."""

    async def compliance(self, ukprn: str) -> ComplianceAnswer:
        """Return whether a provider has what is asked of it."""

    async def posts_at(self, urn: str) -> Sequence[PostAnswer]:
        """Return the posts at a school."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StrandOf:
    """One strand of one subject: what its service says, and how that is read.

    ``word`` is None where the service gave no answer.
    """

    strand: Strand
    subject: str
    holds: Holds
    word: str | None
    sentence: str
    reasons: Sequence[str]
    source: str
    journal_position: int | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Assured:
    """The strands, the adviser's first, and what they come to together by a version of the policy."""

    overall: Overall
    strands: Sequence[StrandOf]
    policy: AssurancePolicy


async def assure(
    asks: Asks, *, day: date, school: str | None, adviser: str | None, provider: str | None
) -> Assured:
    """Return the strands of what is named; of a school alone, those of everyone who works there too.

    A service that is away leaves its strand unknown. Raises NothingToAssure, NoSuchSchoolNumber.
    """
    if school is None and adviser is None and provider is None:
        raise NothingToAssure
    asking = _Asking(asks, policy_on(every(), day))
    strands = await asking.strands(school=school, adviser=adviser, provider=provider)
    together = overall([each.holds for each in strands])
    return Assured(overall=together, strands=strands, policy=asking.policy)


class _Asking:
    """Puts the questions of one assurance."""

    def __init__(self, asks: Asks, policy: AssurancePolicy) -> None:
        self._asks = asks
        self.policy = policy

    async def strands(
        self, *, school: str | None, adviser: str | None, provider: str | None
    ) -> list[StrandOf]:
        """Return the strands of what is named, and of whom the school leads to."""
        advisers: dict[str, str | None] = {} if adviser is None else {adviser: None}
        providers = [] if provider is None else [provider]
        unknown: list[StrandOf] = []
        if school is not None and (adviser is None or provider is None):
            try:
                posted = await self._asks.posts_at(school)
            except Unavailable as refusal:
                unknown.append(_unknown(Strand.ADVISER, school, "register", refusal.detail))
                posted = ()
            at_school = [each for each in posted if each.role != LEADER]
            if adviser is None:
                advisers = {each.number: each.name for each in at_school}
            if provider is None:
                named = (each.employer.ukprn for each in at_school if each.number in advisers)
                providers = list(dict.fromkeys(ukprn for ukprn in named if ukprn is not None))
            if not advisers and not unknown:
                said = "The register knows of no adviser at this school."
                unknown.append(_unknown(Strand.ADVISER, school, "register", said))
        asked = [self._adviser(number, name) for number, name in advisers.items()]
        asked += [] if school is None else [self._school(school)]
        asked += [self._provider(each) for each in providers]
        found: Sequence[StrandOf] = await asyncio.gather(*asked)
        return [*unknown, *found]

    async def _adviser(self, number: str, name: str | None) -> StrandOf:
        try:
            said = await self._asks.licence(number)
        except Unavailable as refusal:
            return _unknown(Strand.ADVISER, number, "register", refusal.detail)
        elsewhere = said.verdict.startswith("licensed") and not said.may_give_personal_guidance
        word = "licensed_not_for_guidance" if elsewhere else said.verdict
        return StrandOf(
            strand=Strand.ADVISER,
            subject=said.number or number,
            holds=self.policy.reading(Strand.ADVISER, word),
            word=said.verdict,
            sentence=said.sentence,
            reasons=said.reasons,
            source="register",
            journal_position=said.journal_position,
            name=name,
        )

    async def _school(self, urn: str) -> StrandOf:
        try:
            said = await self._asks.mark(urn)
        except Unavailable as refusal:
            return _unknown(Strand.SCHOOL, urn, "kitemark", refusal.detail)
        if said.mark is None:
            raise NoSuchSchoolNumber(detail=said.problem.detail if said.problem else urn)
        return StrandOf(
            strand=Strand.SCHOOL,
            subject=said.school,
            holds=self.policy.reading(Strand.SCHOOL, said.mark),
            word=said.mark,
            sentence=said.sentence or "",
            reasons=[said.reason] if said.reason else [],
            source="kitemark",
            journal_position=said.journal_position,
        )

    async def _provider(self, ukprn: str) -> StrandOf:
        try:
            said = await self._asks.compliance(ukprn)
        except Unavailable as refusal:
            return _unknown(Strand.PROVIDER, ukprn, "kitemark", refusal.detail)
        return StrandOf(
            strand=Strand.PROVIDER,
            subject=said.ukprn,
            holds=self.policy.reading(Strand.PROVIDER, said.answer),
            word=said.answer,
            sentence=" ".join(each.detail for each in said.reasons),
            reasons=[each.code for each in said.reasons],
            source="kitemark",
            name=said.name,
        )


def _unknown(strand: Strand, subject: str, source: str, said: str) -> StrandOf:
    return StrandOf(
        strand=strand,
        subject=subject,
        holds=Holds.UNKNOWN,
        word=None,
        sentence=said,
        reasons=["unknown"],
        source=source,
    )
