"""Standards, circumstances and requirement rules as they are sent and shown."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool

from services.kitemark.domain.providers.rule import Binding, Severity
from services.kitemark.operations.providers import rules
from services.kitemark.operations.providers.rules import TitledRule
from services.kitemark.routes.fields import Body, Code, Day, Line, Sentence


class SourceRef(BaseModel):
    """Where a fact stands: the tag of a source, or a text; and what has to be said of it."""

    ref: str
    note: str | None = None


class RuleCriterionOut(BaseModel):
    """A criterion in our words. `joins` names the service that knows of it."""

    number: str
    title: str
    joins: str | None


class ElementOut(BaseModel):
    """An element of a standard; `complete` says whether all of its criteria are known here."""

    number: str
    title: str
    complete: bool
    criteria: list[RuleCriterionOut]


class EditionOut(BaseModel):
    """An edition of a standard as far as it is known."""

    code: str
    title: str
    status: str
    effective_from: date | None
    effective_to: date | None
    complete: bool
    elements: list[ElementOut]
    source: SourceRef


class KeeperOut(BaseModel):
    """Who administered the standard, where a source says."""

    name: str
    valid_from: date | None
    valid_to: date | None
    source: SourceRef


class StandardOut(BaseModel):
    """A standard for providers. `period` null: no source gives how long an accreditation holds, so each
    accreditation has its own days. `kept_by` are the bodies that may tell who is accredited."""

    code: str
    title: str
    owner: str | None
    launched: date | None
    period: str | None
    kept_by: list[str]
    keepers: list[KeeperOut]
    editions: list[EditionOut]
    source: SourceRef


class StandardPage(BaseModel):
    """Some standards, and the cursor of the next page."""

    items: list[StandardOut]
    next: str | None


class CircumstanceKindOut(BaseModel):
    """A circumstance that can be told of a provider, by its code."""

    code: str
    title: str
    source: SourceRef


class CircumstancePage(BaseModel):
    """Some circumstances, and the cursor of the next page."""

    items: list[CircumstanceKindOut]
    next: str | None


class ClaimIn(Body):
    """What has to be so of a provider: `publicly_funded`, `sole_trader`, `sector:private` and the like, or
    the code of a circumstance."""

    claim: Code
    is_: Annotated[StrictBool, Field(alias="is")]


class RequirementRuleIn(Body):
    """A version of a rule: it applies where all claims of one of its cases hold."""

    rule: Code
    version: Code
    title: Line
    standard: Code
    severity: Severity
    binding: Binding
    applies_when: Annotated[
        list[Annotated[list[ClaimIn], Field(min_length=1, max_length=10)]], Field(min_length=1, max_length=10)
    ]
    asks_of: Sentence
    effective_from: Day
    effective_to: Day | None = None
    source: Sentence

    def told(self) -> TitledRule:
        """Return the rule; raises RuleNotUnderstood."""
        cases = [[{"claim": each.claim, "is": each.is_} for each in case] for case in self.applies_when]
        ends = self.effective_to
        return rules.titled(
            {
                "code": self.version,
                "rule": self.rule,
                "title": self.title,
                "standard": self.standard,
                "severity": self.severity.value,
                "binding": self.binding.value,
                "applies_when": cases,
                "asks_of": self.asks_of,
                "effective_from": self.effective_from.isoformat(),
                "effective_to": None if ends is None else ends.isoformat(),
                "source": {"ref": self.source},
            }
        )


class RequirementRuleOut(BaseModel):
    """A version of a rule. `binding` says whose word it is: a position of the profession is not the law."""

    code: str
    rule: str
    title: str
    standard: str
    severity: Severity
    binding: Binding
    applies_when: list[list[dict[str, str | bool]]]
    asks_of: str
    effective_from: date
    effective_to: date | None
    source: SourceRef


class RequirementRulePage(BaseModel):
    """Some rules, and the cursor of the next page."""

    items: list[RequirementRuleOut]
    next: str | None


class CircumstanceKindIn(Body):
    """A circumstance that can be told of providers from now on, such as membership of another association."""

    code: Code
    title: Line
    source: Sentence

    def entry(self) -> dict[str, Any]:
        """Return it as it is listed."""
        return {"code": self.code, "title": self.title, "source": {"ref": self.source}}


class EditionIn(Body):
    """An edition of a standard, by its code."""

    code: Code
    title: Line
    effective_from: Day | None = None


class StandardIn(Body):
    """A standard for providers. `launched` is the first day on which it can have been there, where known."""

    code: Code
    title: Line
    owner: Line | None = None
    launched: Day | None = None
    kept_by: Annotated[list[Code], Field(default_factory=list, max_length=20)]
    editions: Annotated[list[EditionIn], Field(default_factory=list, max_length=20)]
    source: Sentence

    def entry(self) -> dict[str, Any]:
        """Return it as it is listed: of its elements and criteria nothing is known here."""
        source = {"ref": self.source}
        return {
            "code": self.code,
            "title": self.title,
            "owner": self.owner,
            "launched": self.launched and self.launched.isoformat(),
            "period": None,
            "kept_by": self.kept_by,
            "keepers": [],
            "editions": [
                {
                    "code": each.code,
                    "title": each.title,
                    "status": "in_use",
                    "effective_from": each.effective_from and each.effective_from.isoformat(),
                    "effective_to": None,
                    "complete": False,
                    "elements": [],
                    "source": source,
                }
                for each in self.editions
            ],
            "source": source,
        }
