"""Questions that meet in one request are put to a neighbour in one call, and no question is put twice."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from strawberry.dataloader import DataLoader

from services.gateway.clients.answers import LicenceAnswer, PostAnswer, PractitionerAnswer
from services.gateway.clients.caller import Caller
from services.gateway.clients.cpd import StandingAnswer
from services.gateway.clients.kitemark import ComplianceAnswer, MarkAnswer
from services.gateway.clients.neighbours import Neighbours

Answer = TypeVar("Answer")


class SubjectQuestion(NamedTuple):
    """Which number, school or provider is asked about, for which day, as known at which instant."""

    subject: str
    valid_at: date | None = None
    known_at: datetime | None = None


class Loaders:
    """The loaders of one request; they hold nothing beyond it."""

    def __init__(self, neighbours: Neighbours, caller: Caller) -> None:
        self.caller = caller
        self.neighbours = neighbours
        self.practitioners: DataLoader[str, PractitionerAnswer] = DataLoader(load_fn=self._load_practitioners)
        self.licences: DataLoader[SubjectQuestion, LicenceAnswer] = DataLoader(
            load_fn=lambda asked: _by_axes(asked, neighbours.register.licences, caller)
        )
        self.marks: DataLoader[SubjectQuestion, MarkAnswer] = DataLoader(
            load_fn=lambda asked: _by_axes(asked, neighbours.kitemark.marks, caller)
        )
        self.compliances: DataLoader[SubjectQuestion, ComplianceAnswer] = DataLoader(
            load_fn=lambda asked: _by_axes(asked, neighbours.kitemark.compliances, caller)
        )
        self.posts_of_schools: DataLoader[SubjectQuestion, tuple[PostAnswer, ...]] = DataLoader(
            load_fn=lambda asked: _by_axes(asked, self._posts_of_schools, caller)
        )
        self.posts_of_numbers: DataLoader[SubjectQuestion, tuple[PostAnswer, ...]] = DataLoader(
            load_fn=lambda asked: _by_axes(asked, self._posts_of_numbers, caller)
        )
        self.standings: DataLoader[SubjectQuestion, StandingAnswer] = DataLoader(
            load_fn=lambda asked: _by_axes(asked, neighbours.cpd.standings, caller)
        )

    async def _posts_of_schools(self, urns: Sequence[str], **more: Any) -> Sequence[tuple[PostAnswer, ...]]:
        return await self.neighbours.register.posts(urns=urns, **more)

    async def _posts_of_numbers(
        self, numbers: Sequence[str], **more: Any
    ) -> Sequence[tuple[PostAnswer, ...]]:
        return await self.neighbours.register.posts(numbers=numbers, **more)

    async def _load_practitioners(self, numbers: list[str]) -> Sequence[PractitionerAnswer]:
        return await self.neighbours.register.practitioners(numbers, caller=self.caller)


class OfOneDay:
    """What can be asked of one day and instant: the questions of an assurance, met with all others."""

    def __init__(self, loaders: Loaders, valid_at: date | None, known_at: datetime | None) -> None:
        self._loaders = loaders
        self._axes = (valid_at, known_at)

    async def licence(self, number: str) -> LicenceAnswer:
        """Return the verdict on a number."""
        return await self._loaders.licences.load(SubjectQuestion(number, *self._axes))

    async def mark(self, urn: str) -> MarkAnswer:
        """Return whether a school holds the mark."""
        return await self._loaders.marks.load(SubjectQuestion(urn, *self._axes))

    async def compliance(self, ukprn: str) -> ComplianceAnswer:
        """Return whether a provider has what is asked of it."""
        return await self._loaders.compliances.load(SubjectQuestion(ukprn, *self._axes))

    async def posts_at(self, urn: str) -> Sequence[PostAnswer]:
        """Return the posts at a school."""
        return await self._loaders.posts_of_schools.load(SubjectQuestion(urn, *self._axes))


async def _by_axes(
    questions: Sequence[SubjectQuestion], ask: Callable[..., Awaitable[Sequence[Answer]]], caller: Caller
) -> Sequence[Answer]:
    """Put one question for each day and instant that is asked about; as a rule that is one."""
    subjects: dict[tuple[date | None, datetime | None], list[str]] = defaultdict(list)
    for question in questions:
        subjects[question.valid_at, question.known_at].append(question.subject)
    found: dict[SubjectQuestion, Answer] = {}
    for (valid_at, known_at), asked in subjects.items():
        answers = await ask(asked, caller=caller, valid_at=valid_at, known_at=known_at)
        for subject, answer in zip(asked, answers, strict=True):
            found[SubjectQuestion(subject, valid_at, known_at)] = answer
    return [found[question] for question in questions]
