"""The register in a page: what one person's history allows, and what the verdict is."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

GRACE = timedelta(days=28)
AFTER = {"authenticate": "authenticated", "reject": "rejected", "falsify": "withdrawn"}


@dataclass
class Evidence:
    """A qualification and how it stands."""

    holding_id: int
    status: str = "claimed"
    by: str | None = None


@dataclass
class Model:
    """One person, as the rules would have it."""

    a_day: ClassVar[timedelta] = timedelta(days=1)

    today: date
    holdings: list[Evidence] = field(default_factory=list)
    code_accepted: bool = False
    application: int | None = None
    ever_entered: bool = False
    entered_on: date | None = None
    licence_to: date | None = None
    retired: bool = False
    bare: bool = False
    sanctions: dict[int, str] = field(default_factory=dict)

    @property
    def removed(self) -> bool:
        """Tell whether a removal stands."""
        return "removal" in self.sanctions.values()

    @property
    def barred(self) -> bool:
        """Tell whether a suspension or a removal stands, with which nobody enters the register."""
        return bool(self.sanctions) or self.bare

    @property
    def on_register(self) -> bool:
        """Tell whether the entry stands: until it is retired from, or the days of grace are over."""
        in_time = self.licence_to is not None and self.today <= self.licence_to + GRACE
        return self.entered_on is not None and not self.retired and in_time

    def declare(self, holding_id: int) -> None:
        """Add a claim."""
        self.holdings.append(Evidence(holding_id))

    def may_decide(self, holding: Evidence, event: str) -> bool:
        """Tell whether evidence stands so that this can happen to it."""
        return holding.status == ("authenticated" if event == "falsify" else "claimed")

    def decide(self, holding: Evidence, event: str, by: str) -> None:
        """Let it happen; a licence that no evidence bears any longer is suspended."""
        holding.status = {"authenticate": "authenticated", "reject": "rejected", "falsify": "withdrawn"}[
            event
        ]
        holding.by = by
        licensed = self.on_register and self.licence_to is not None and self.today <= self.licence_to
        if event == "falsify" and licensed and not self._evidence():
            self.bare = True

    def may_apply(self) -> bool:
        """Tell whether an application is accepted."""
        return self.application is None and not self.barred and not self.on_register

    def may_admit(self, by: str) -> bool:
        """Tell whether this registrar may admit."""
        others = [each for each in self._evidence() if each.by != by]
        return not self.barred and not self.on_register and self.code_accepted and bool(others)

    def admit(self) -> None:
        """Begin an entry and a licence of one year today."""
        self.ever_entered, self.retired, self.entered_on = True, False, self.today
        after = self.today.replace(year=self.today.year + 1)
        self.licence_to = after - self.a_day

    def may_retire(self) -> bool:
        """Tell whether there is an entry to retire from, begun before today."""
        return (
            self.on_register
            and not self.removed
            and self.entered_on is not None
            and self.entered_on < self.today
        )

    def retire(self) -> None:
        """End the entry and the licence the day before today."""
        self.retired, self.licence_to = True, self.today - self.a_day

    def wait(self, days: int) -> None:
        """Let days go by."""
        self.today += days * self.a_day

    def verdict(self) -> str:
        """Return what the register has to say today."""
        if not self.ever_entered:
            return "not_licensed"
        if self.removed:
            return "removed"
        if self.retired:
            return "retired"
        if self.sanctions or self.bare:
            return "suspended"
        assert self.licence_to is not None
        return "licensed" if self.today <= self.licence_to else "lapsed"

    def _evidence(self) -> list[Evidence]:
        return [each for each in self.holdings if each.status == "authenticated"]
