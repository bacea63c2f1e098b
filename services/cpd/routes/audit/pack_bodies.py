"""Packs as they are handed in, and as they are shown to those who assess."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from services.cpd.domain.audit.pack import Described, Gap, Pack
from services.cpd.operations.audit.assessments import SeenPack
from services.cpd.routes.fields import Body, Day, Sentence

Words = Annotated[Sentence, Field(min_length=1)]
EntryNumber = Annotated[int, Field(ge=1, lt=2**63, strict=True)]


class DescribedIn(Body):
    """An entry of the log described: what was done, what was learnt, whom it benefits and how."""

    entry_id: EntryNumber
    what: Words
    learned: Words
    benefit: Words


class GapIn(Body):
    """Days without any activity, both included, and why."""

    first: Day
    last: Day
    why: Words


class PackIn(Body):
    """What a member shows."""

    activities: Annotated[list[DescribedIn], Field(min_length=1, max_length=50)]
    gaps: Annotated[list[GapIn], Field(default_factory=list, max_length=50)]

    def read(self) -> Pack:
        """Return the pack."""
        return Pack(
            activities=tuple(Described(**each.model_dump()) for each in self.activities),
            gaps=tuple(Gap(**each.model_dump()) for each in self.gaps),
        )


class PackEntryOut(BaseModel):
    """An activity as described, and the entry of the log as it was when the pack was handed in."""

    entry_id: int
    what: str
    learned: str
    benefit: str
    title: str
    kind: str
    hours: float
    outcomes: list[str]
    standards: list[str]
    reflection: str | None


class GapOut(BaseModel):
    """Days without any activity, and why."""

    first: date
    last: date
    why: str


class PackOut(BaseModel):
    """A version of a pack; `number` is null to those who assess."""

    case_id: int
    number: str | None
    version: int
    submitted_at: datetime
    activities: list[PackEntryOut]
    gaps: list[GapOut]

    @classmethod
    def of(cls, seen: SeenPack) -> "PackOut":
        """Return the pack as it is shown."""
        held = seen.pack
        return cls(
            case_id=seen.case_id,
            number=seen.number,
            version=held.version,
            submitted_at=held.submitted_at,
            activities=[
                _entry(each, told) for each, told in zip(held.pack.activities, held.entries, strict=True)
            ],
            gaps=[GapOut(first=each.first, last=each.last, why=each.why) for each in held.pack.gaps],
        )


def _entry(described: Described, told: dict[str, Any]) -> PackEntryOut:
    return PackEntryOut(
        entry_id=described.entry_id,
        what=described.what,
        learned=described.learned,
        benefit=described.benefit,
        title=told["title"],
        kind=told["kind"],
        hours=float(told["hours"]),
        outcomes=told["outcomes"],
        standards=told["standards"],
        reflection=told["reflection"],
    )
