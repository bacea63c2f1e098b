"""The sample of matching: questions in every state, and two made-up people who were merged by mistake."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from services.register.operations.matching import merges, questions
from services.register.operations.matching.matches import SentRow
from services.register.operations.matching.merges import NewMerge
from services.register.operations.matching.questions import Answer
from services.register.storage import sample as progress
from shared.actor import Actor
from shared.database import Database
from shared.idempotency import WithoutKey

CRM = Actor(subject="sample-crm", client_id="sample-crm", scopes=frozenset({"people:match"}))
MERGER, PARTER = (
    Actor(subject=f"sample-{name}", client_id="sample", scopes=frozenset({"register:decide"}))
    for name in ("merger", "parter")
)
# What the sample's careers service knows of three people: a name and a birth, which is not enough.
ROWS = (
    ("Dafydd", "ap Enghraifft", date(1961, 1, 31)),
    ("Niamh", "O'Specimen", date(1975, 5, 5)),
    ("Jorg", "Muester", date(1968, 9, 12)),
)


async def load_sample(db: Database, *, now: datetime) -> None:
    """Ask and answer, merge and undo, where that was not done; the people of the sample are there."""
    asked = await questions.page(db, status=None, actor=CRM, after=None, limit=1, now=now)
    async with db.reading() as tx:
        numbers = await progress.numbers(tx, "SAMPLE-")
    if not asked.items:
        await _ask(db, numbers, now=now)
    made = await merges.page(db, actor=MERGER, after=None, limit=200)
    if not any(each.held.merged_by == MERGER.subject for each in made.items):
        await _merge(db, numbers, now=now)


async def _ask(db: Database, numbers: Mapping[str, str], *, now: datetime) -> None:
    rows = [
        SentRow(reference=f"sample-{place}", given_names=given, family_name=family, date_of_birth=born)
        for place, (given, family, born) in enumerate(ROWS, start=1)
    ]
    put = await questions.ask(db, WithoutKey(), rows=rows, actor=CRM, now=now)
    ids: Sequence[int] = [each.question_id for each in put if each.question_id is not None]
    answers = (
        Answer(number=numbers["SAMPLE-LAPSED"], reason="The association has the same person on file."),
        Answer(number=None, reason="The association says that this is somebody else."),
    )
    for question_id, given in zip(ids, answers, strict=False):
        await questions.answer(db, WithoutKey(), question_id=question_id, given=given, actor=MERGER, now=now)


async def _merge(db: Database, numbers: Mapping[str, str], *, now: datetime) -> None:
    wanted = NewMerge(
        kept_number=numbers["SAMPLE-EXTRA-02"],
        retired_number=numbers["SAMPLE-EXTRA-05"],
        survives=frozenset(),
        reason="Sample: the two files were taken for one.",
    )
    seen = await merges.merge(db, WithoutKey(), wanted=wanted, actor=MERGER, now=now)
    reason = "Sample: both people came to the office."
    await merges.undo(db, WithoutKey(), merge_id=seen.held.merge_id, reason=reason, actor=PARTER, now=now)
