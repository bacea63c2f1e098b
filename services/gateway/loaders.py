"""Questions that meet in one request are put to a neighbour in one call, and no question is put twice."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from strawberry.dataloader import DataLoader

from services.gateway.clients.answers import LicenceAnswer, PractitionerAnswer
from services.gateway.clients.caller import Caller
from services.gateway.clients.cpd import StandingAnswer
from services.gateway.clients.neighbours import Neighbours

Answer = TypeVar("Answer")


class NumberQuestion(NamedTuple):
    """Which number is asked about, for which day, as known at which instant."""

    number: str
    valid_at: date | None = None
    known_at: datetime | None = None


class Loaders:
    """The loaders of one request; they hold nothing beyond it."""

    def __init__(self, neighbours: Neighbours, caller: Caller) -> None:
        self.caller = caller
        self.neighbours = neighbours
        self.practitioners: DataLoader[str, PractitionerAnswer] = DataLoader(load_fn=self._load_practitioners)
        self.licences: DataLoader[NumberQuestion, LicenceAnswer] = DataLoader(
            load_fn=lambda asked: _by_axes(asked, neighbours.register.licences, caller)
        )
        self.standings: DataLoader[NumberQuestion, StandingAnswer] = DataLoader(
            load_fn=lambda asked: _by_axes(asked, neighbours.cpd.standings, caller)
        )

    async def _load_practitioners(self, numbers: list[str]) -> Sequence[PractitionerAnswer]:
        return await self.neighbours.register.practitioners(numbers, caller=self.caller)


async def _by_axes(
    questions: Sequence[NumberQuestion], ask: Callable[..., Awaitable[Sequence[Answer]]], caller: Caller
) -> Sequence[Answer]:
    """Put one question for each day and instant that is asked about; as a rule that is one."""
    numbers: dict[tuple[date | None, datetime | None], list[str]] = defaultdict(list)
    for question in questions:
        numbers[question.valid_at, question.known_at].append(question.number)
    found: dict[NumberQuestion, Answer] = {}
    for (valid_at, known_at), asked in numbers.items():
        answers = await ask(asked, caller=caller, valid_at=valid_at, known_at=known_at)
        for number, answer in zip(asked, answers, strict=True):
            found[NumberQuestion(number, valid_at, known_at)] = answer
    return [found[question] for question in questions]
