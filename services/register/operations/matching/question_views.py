"""Questions as each may see them: the caller its answer, a registrar what was sent and who may be meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from services.register.domain.matching.question import QuestionStatus
from services.register.domain.matching.scoring import Comparison, compare
from services.register.domain.person import Name
from services.register.operations.matching.matches import SentRow, as_asked, policy_in_force
from services.register.storage import people, public_entries
from services.register.storage.matching import candidates
from services.register.storage.matching.questions import HeldQuestion
from services.register.storage.people import Person
from shared.actor import Actor
from shared.database import Transaction

DECIDE = "register:decide"


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody who may be meant, with all that a registrar needs to tell."""

    compared: Comparison
    person: Person
    previous: tuple[Name, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenQuestion:
    """A question; number and verdict where somebody was named, candidates for a registrar alone."""

    held: HeldQuestion
    number: str | None
    verdict: str | None
    candidates: tuple[Candidate, ...] | None


def viewer_of(actor: Actor) -> str:
    """Return by which name a caller owns its questions: that of the client, for whomever it speaks."""
    return actor.client_id or actor.subject


async def seen_by(
    tx: Transaction,
    actor: Actor,
    held: Sequence[HeldQuestion],
    *,
    day: date,
    with_candidates: bool = False,
) -> list[SeenQuestion]:
    """Return these questions as the caller may see them; a fixed number of queries, however many they are."""
    answered = [each.person_id for each in held if each.person_id is not None]
    groups = await people.groups_of(tx, answered)
    kept = await people.find_many(tx, [group[0] for group in groups.values()])
    said = {entry.person_id: entry for entry in await public_entries.stored(tx, list(kept))}
    seen = []
    for each in held:
        kept_id = None if each.person_id is None else groups[each.person_id][0]
        looked_at = with_candidates and actor.may(DECIDE)
        seen.append(
            SeenQuestion(
                held=each,
                number=None if kept_id is None else kept[kept_id].number,
                verdict=None if kept_id is None else _verdict(said[kept_id].on_day(day)),
                candidates=await candidates_of(tx, each, day=day) if looked_at else None,
            )
        )
    return seen


async def candidates_of(tx: Transaction, held: HeldQuestion, *, day: date) -> tuple[Candidate, ...]:
    """Return who may be meant by an open question as the register stands, the likeliest first."""
    if held.sent is None or held.status is not QuestionStatus.OPEN:
        return ()
    policy = await policy_in_force(tx, day=day)
    asked = as_asked(sent_row(held.sent))
    (known,) = await candidates.find(tx, [asked], most=policy.most_candidates)
    compared = [compare(asked, person, policy) for person in known]
    likely = sorted(
        (each for each in compared if each.score >= policy.possible_from),
        key=lambda each: (-each.score, each.person.person_id),
    )
    ids = [each.person.person_id for each in likely]
    persons, previous = await people.find_many(tx, ids), await people.previous_names(tx, ids)
    return tuple(
        Candidate(
            compared=each,
            person=persons[each.person.person_id],
            previous=previous[each.person.person_id],
        )
        for each in likely
    )


def sent_row(sent: dict[str, Any]) -> SentRow:
    """Return a row as it was sent, from what is kept of it."""
    born = sent.get("date_of_birth")
    return SentRow(**sent | {"date_of_birth": None if born is None else date.fromisoformat(born)})


def _verdict(body: str) -> str:
    verdict: str = orjson.loads(body)["verdict"]
    return verdict
