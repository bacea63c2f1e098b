"""The terms of complaints and alerts, as they are listed."""

from datetime import date

from pydantic import BaseModel

from services.register.routes.reference_bodies import Titled


class ConductTermsOut(BaseModel):
    """Days to act in, the panel's quorum, what waits for an appeal, and for how many days what is published.

    Of the days of publication 0 means never, and null without end.
    """

    version: str
    effective_from: date
    acknowledge_days: int
    answer_days: int
    appeal_days: int
    panel_quorum: int
    stayed_by_appeal: list[str]
    published_days: dict[str, int | None]
    alert_days: int
    recent_membership_days: int
    source: str


class ConductPolicyOut(Titled):
    """A version of the terms of complaints and alerts."""

    status: str
    policy: ConductTermsOut
