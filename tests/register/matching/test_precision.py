"""Nobody in a made-up population with realistic errors is matched with somebody else."""

from collections import defaultdict
from datetime import date

import pytest

from services.register.domain.matching import scoring
from services.register.domain.matching.names import name_key_of
from services.register.domain.matching.policy import MatchPolicy
from services.register.domain.matching.scoring import KnownPerson, MatchOutcome, judge
from services.register.operations.matching.matches import SentRow, as_asked
from tests.bench import population
from tests.bench.population import Held, Person
from tests.register.matching.make import policy

PEOPLE, ROWS = 1_000, 3_000


def known(person: Person) -> KnownPerson:
    """Return what the register knows of somebody."""
    previous = (name_key_of(person.given, person.maiden),) if person.maiden_recorded else ()
    return KnownPerson(
        person_id=person.place,
        number=person.number,
        numbers=frozenset({person.number}),
        current=(name_key_of(person.given, person.family),),
        previous=previous,
        births=frozenset({person.born} if person.born_recorded else ()),
        emails=frozenset({person.email} if person.email else ()),
        member_ids=frozenset({("ICG", f"M{person.place}")}),
    )


def told(rules: MatchPolicy) -> tuple[list[tuple[Held, int | None]], int]:
    """Return each match with the place of whom it names, and how many rows are of people who are known."""
    everybody = list(population.people(PEOPLE, seed=1))
    register: defaultdict[object, list[KnownPerson]] = defaultdict(list)
    for person in map(known, everybody):
        for trait in (person.number, *person.emails, *person.member_ids, *person.births):
            register[trait].append(person)
    matches, rows = [], population.rows(everybody, ROWS, seed=1)
    for held in rows:
        born = held.row.get("date_of_birth")
        asked = as_asked(SentRow(**held.row | {"date_of_birth": born and date.fromisoformat(born)}))
        traits = (asked.number, asked.email, (asked.association, asked.member_id), asked.date_of_birth)
        meant = {person.person_id: person for trait in traits for person in register.get(trait, ())}
        judged = judge(asked, list(meant.values()), rules)
        if judged.outcome is MatchOutcome.MATCH and judged.person is not None:
            matches.append((held, judged.person.person_id))
    return matches, sum(held.truth is not None for held in rows)


def test_every_match_is_right_and_most_that_can_be_told_are_found() -> None:
    matches, of_known = told(policy())
    assert [each for each in matches if each[0].truth != each[1]] == []
    assert len(matches) > of_known * 0.55


def test_rules_that_let_a_family_name_and_an_address_do_would_take_twins_for_one_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The fault that shows that the question above can be answered otherwise."""
    monkeypatch.setattr(scoring, "_FORBIDS", frozenset())
    rests = {each: ["same", "family"] for each in ("number", "member_id", "email")}
    assert [each for each in told(policy(match_rests_on=rests))[0] if each[0].truth != each[1]]
