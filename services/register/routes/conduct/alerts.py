"""Alerts over HTTP: what an association is told of sanctions on its members, and that it took note."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from services.register.domain.conduct.alert import Occasion
from services.register.domain.sanction import SanctionKind
from services.register.operations.alerts import acknowledgements
from services.register.operations.alerts.acknowledgements import Shown
from services.register.routes.fields import NothingIn
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said

router = guarded_router("alerts")


class AlertOut(BaseModel):
    """What an association is told: the sanction as it stands now, and by when to acknowledge.

    `valid_to` is the last day on which the sanction holds; both are null where it was lifted on its first.
    """

    id: int
    association: str
    number: str
    occasion: Occasion
    kind: SanctionKind
    public_reason: str
    conditions: str | None
    valid_from: date | None
    valid_to: date | None
    raised_at: datetime
    due_on: date
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    escalated_at: datetime | None

    @classmethod
    def of(cls, seen: Shown) -> "AlertOut":
        """Return the alert as it is shown."""
        return cls(
            id=seen.alert_id,
            association=seen.alert.association,
            number=seen.number,
            occasion=seen.alert.occasion,
            kind=seen.sanction_kind,
            public_reason=seen.public_reason,
            conditions=seen.conditions,
            valid_from=seen.valid_from,
            valid_to=seen.valid_to,
            raised_at=seen.raised_at,
            due_on=seen.alert.due_on,
            acknowledged_by=seen.acknowledged_by,
            acknowledged_at=seen.alert.acknowledged_at,
            escalated_at=seen.alert.escalated_at,
        )


class AlertPage(BaseModel):
    """Some alerts, and the cursor of the next page."""

    items: list[AlertOut]
    next: str | None


@router.get(
    "/v1/alerts",
    operation_id="listAlerts",
    response_model=AlertPage,
    openapi_extra=needs("members:write", "register:decide"),
)
async def list_alerts(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    acknowledged: Annotated[bool | None, Query()] = None,
    escalated: Annotated[bool | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> AlertPage:
    """List alerts in the order in which they were raised: an association sees its own, a registrar all."""
    page = await acknowledgements.page(
        db, acknowledged=acknowledged, escalated=escalated, actor=who, after=after, limit=limit
    )
    body = AlertPage(items=[AlertOut.of(each) for each in page.items], next=page.next)
    shown: AlertPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.post(
    "/v1/alerts/{alert_id}/acknowledgements",
    operation_id="acknowledgeAlert",
    status_code=201,
    response_model=AlertOut,
    openapi_extra=needs("members:write"),
)
async def acknowledge_alert(
    alert_id: Id, maker: OncePerRequest, db: Db, who: Who, now: Now, _: NothingIn | None = None
) -> Response:
    """Say that your association knows of the sanction and acts on it."""
    once = maker.rendering(AlertOut.of)
    await acknowledgements.acknowledge(db, once, alert_id=alert_id, actor=who, now=now)
    return said(once)
