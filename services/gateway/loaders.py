"""Questions that meet in one request are put to a neighbour in one call, and no question is put twice."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from strawberry.dataloader import DataLoader

from services.gateway.clients.answers import LicenceAnswer, PractitionerAnswer
from services.gateway.clients.caller import Caller
from services.gateway.clients.register import RegisterClient


class LicenceQuestion(NamedTuple):
    """Which number is asked about, for which day, as known at which instant."""

    number: str
    valid_at: date | None = None
    known_at: datetime | None = None


class Loaders:
    """The loaders of one request; they hold nothing beyond it."""

    def __init__(self, register: RegisterClient, caller: Caller) -> None:
        self._register = register
        self._caller = caller
        self.licences: DataLoader[LicenceQuestion, LicenceAnswer] = DataLoader(load_fn=self._load_licences)
        self.practitioners: DataLoader[str, PractitionerAnswer] = DataLoader(load_fn=self._load_practitioners)

    async def _load_licences(self, questions: list[LicenceQuestion]) -> Sequence[LicenceAnswer]:
        numbers: dict[tuple[date | None, datetime | None], list[str]] = defaultdict(list)
        for question in questions:
            numbers[question.valid_at, question.known_at].append(question.number)
        found: dict[LicenceQuestion, LicenceAnswer] = {}
        for (valid_at, known_at), asked in numbers.items():
            answers = await self._register.licences(
                asked, caller=self._caller, valid_at=valid_at, known_at=known_at
            )
            for number, answer in zip(asked, answers, strict=True):
                found[LicenceQuestion(number, valid_at, known_at)] = answer
        return [found[question] for question in questions]

    async def _load_practitioners(self, numbers: list[str]) -> Sequence[PractitionerAnswer]:
        return await self._register.practitioners(numbers, caller=self._caller)
