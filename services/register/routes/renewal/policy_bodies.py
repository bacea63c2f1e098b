"""What policies say of renewal and of transitions, as it is listed and as it is sent."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from services.register.domain.renewal_rules import CpdStanding, OnLeaving, RenewalConsequence
from services.register.routes.fields import Body, Code, Day, Line


class TransitionOut(BaseModel):
    """Until when an earlier policy judges those who held a licence, and those on the way to one."""

    judged_by: str
    grandfathered_until: date | None
    working_towards_until: date | None
    source: str


class OnLeavingOut(BaseModel):
    """What becomes of a licence whose holder leaves every association, after so many days where it rests."""

    rule: OnLeaving
    days: int | None


class RenewalRulesOut(BaseModel):
    """When a licence may be renewed, when its holder is reminded, and what a standing in CPD means for it."""

    opens_days_before: int
    reminders_days_before: list[int] = Field(
        description="Days before the last day; a negative one is after it."
    )
    cpd: dict[CpdStanding, RenewalConsequence]
    on_leaving: OnLeavingOut
    restoration_after_months: int
    source: str


class TransitionIn(Body):
    """Until when an earlier policy judges those who held a licence, and those on the way to one."""

    judged_by: Code
    grandfathered_until: Day | None = None
    working_towards_until: Day | None = None
    source: Annotated[Line, Field(min_length=1)]
