"""I21: merging loses nothing and can be undone, whatever is merged, parted and sanctioned, beside a model."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.register.domain import merged_record
from services.register.domain.facts import Facts
from services.register.operations import integrity
from services.register.storage import standing
from tests.conftest import Clone
from tests.register import make, make_licences
from tests.register.conftest import Register
from tests.register.invariants.test_random_operations import running as running_operations
from tests.register.matching import make_merges

ASSOCIATIONS = ("ICG", "ACEG", "NAEGA")
SOMEBODY = st.integers(0, len(ASSOCIATIONS) - 1)
RANK = {"licensed": 0, "licensed_with_conditions": 1, "suspended": 2, "removed": 3}
MEANS = {"conditions": "licensed_with_conditions", "suspension": "suspended", "removal": "removed"}


class Merging(RuleBasedStateMachine):
    """A licensee and two whose licences have lapsed: merged and parted, sanctioned and forgiven."""

    register: Register
    run: Callable[[Awaitable[Any]], Any]
    serial = 0

    @initialize()
    def three_people(self) -> None:
        """Begin with three licensees, of whom all but the first have lapsed."""
        type(self).serial += 1
        ids = [f"{self.serial}" for _ in ASSOCIATIONS]
        pairs = list(zip(ASSOCIATIONS, ids, strict=True))
        older = [
            self.run(make_licences.licensed(self.register, each, association=code))
            for code, each in pairs[1:]
        ]
        self.register.clock.now += timedelta(days=500)
        self.numbers = [self.run(make_licences.licensed(self.register, ids[0])), *older]
        self.kept: dict[int, int] = {}
        self.made: list[tuple[int, int, int]] = []
        self.sanctions: dict[int, tuple[int, str]] = {}

    def end(self, place: int) -> int:
        """Return whose number is kept for somebody's."""
        while place in self.kept:
            place = self.kept[place]
        return place

    @rule(one=SOMEBODY, other=SOMEBODY)
    def merge(self, one: int, other: int) -> None:
        """A registrar merges two numbers; the licensee's is kept."""
        kept, retired = sorted((self.end(one), self.end(other)))
        answer = self.run(make_merges.merge(self.register, self.numbers[kept], self.numbers[retired]))
        assert answer.status_code == (409 if kept == retired else 201), answer.text
        if kept != retired:
            self.kept[retired] = kept
            self.made.append((answer.json()["id"], kept, retired))

    @rule(place=st.integers(0, 5))
    def undo(self, place: int) -> None:
        """Another registrar undoes a merge, the last or an earlier one."""
        if self.made:
            merge_id, _, retired = self.made.pop(place % len(self.made))
            answer = self.run(make_merges.undo(self.register, merge_id))
            assert answer.status_code == 201, answer.text
            del self.kept[retired]

    @rule(place=SOMEBODY, kind=st.sampled_from(["conditions", "suspension", "suspension", "removal"]))
    def impose(self, place: int, kind: str) -> None:
        """A registrar imposes a sanction, by whichever number; it stays with the one that is kept now."""
        words = {"conditions": "Works supervised."} if kind == "conditions" else {}
        answer = self.run(make_licences.impose(self.register, self.numbers[place], kind, **words))
        assert answer.status_code == 201, answer.text
        self.sanctions[answer.json()["id"]] = (self.end(place), kind)

    @rule(place=st.integers(0, 5))
    def lift(self, place: int) -> None:
        """A registrar lifts a sanction that can be lifted, whoever's it is."""
        open_ones = [each for each, (_, kind) in self.sanctions.items() if kind != "removal"]
        if open_ones:
            chosen = sorted(open_ones)[place % len(open_ones)]
            answer = self.run(make_licences.lift(self.register, chosen))
            assert answer.status_code == 201, answer.text
            del self.sanctions[chosen]

    @rule()
    def wait(self) -> None:
        """A day goes by."""
        self.register.clock.now += timedelta(days=1)

    @invariant()
    def everybody_has_the_strictest_of_what_stands_of_theirs(self) -> None:
        """Ask for every verdict after every step."""
        for place, number in enumerate(self.numbers):
            seen = self.run(make_licences.verdict(self.register, number))
            assert seen == self.expected(place), (number, self.sanctions, self.kept)

    def expected(self, place: int) -> str:
        """Return what the register has to say of a number."""
        if place in self.kept:
            return "merged"
        kinds = [kind for whose, kind in self.sanctions.values() if self.end(whose) == place]
        worst = max((MEANS[kind] for kind in kinds), key=RANK.__getitem__, default="licensed")
        return worst if place == 0 or RANK[worst] > 1 else "lapsed"


@contextmanager
def running(clone: Clone) -> Iterator[type[Merging]]:
    """Give the machine a register of its own."""
    with clone("register") as urls, running_operations(urls) as made:
        yield type("Machine", (Merging,), {"register": made.register, "run": staticmethod(made.run)})


QUICK = settings(
    max_examples=4,
    stateful_step_count=20,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_whatever_is_merged_and_parted_every_sanction_stands_with_whose_it_is(clone: Clone) -> None:
    with running(clone) as machine:
        run_state_machine_as_test(machine, settings=QUICK)
        reached = set(machine.run(make.events(machine.register)))
        now = machine.register.clock.now
        assert machine.run(integrity.check(machine.register.db, now=now, everybody=True)) == []
    assert reached >= {"people.merged", "people.parted", "sanction.imposed", "sanction.lifted"}


def test_a_merge_that_forgot_the_sanctions_of_the_retired_number_would_disagree_with_the_model(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault that shows that the comparison above can fail."""

    def forgetful(kept: Facts, merged: list[Facts]) -> Facts:
        return merged_record.together(kept, [])

    with running(clone) as machine:
        story = machine()
        story.three_people()
        story.impose(place=1, kind="suspension")
        monkeypatch.setattr(standing, "together", forgetful)
        story.merge(one=0, other=1)
        with pytest.raises(AssertionError):
            story.everybody_has_the_strictest_of_what_stands_of_theirs()
