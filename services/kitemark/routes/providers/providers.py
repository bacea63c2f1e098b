"""Providers over HTTP: told by bodies and the panel, read and searched by anyone."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.kitemark.domain.providers.access import PANEL, WRITERS
from services.kitemark.operations.providers import providers
from services.kitemark.operations.providers.providers import SeenProvider
from services.kitemark.routes.axes import KnownAt, only_these_parameters
from services.kitemark.routes.providers.bodies import (
    ClosingIn,
    ProviderIn,
    ProviderLine,
    ProviderOut,
    ProviderPage,
    UkprnInPath,
)
from shared.paging import After, Limit
from shared.web import (
    ChangedSinceRead,
    Db,
    IfMatch,
    Now,
    OncePerRequest,
    Who,
    check_if_match,
    guarded_router,
    needs,
    page_body,
    said,
    with_etag,
)

router = guarded_router("providers")
PATH = "/v1/providers/{ukprn}"


@router.put(
    PATH,
    operation_id="upsertProvider",
    response_model=ProviderOut,
    responses={201: {"model": ProviderOut, "description": "It was not known."}},
    openapi_extra=needs(*WRITERS),
)
async def upsert_provider(
    ukprn: UkprnInPath,
    body: ProviderIn,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Record a provider, or tell of it anew; the same again changes nothing, versions before stay known.

    A body changes what it recorded itself, the panel anything.
    """
    seen, created = await providers.upsert(
        db,
        ukprn=ukprn,
        told=body.told(),
        actor=who,
        now=now,
        expecting=lambda held: _check_precondition(held, if_match),
    )
    return with_etag(request, ProviderOut.seen(seen), status=201 if created else 200)


@router.get("/v1/providers", operation_id="listProviders", response_model=ProviderPage)
async def list_providers(
    request: Request,
    response: Response,
    db: Db,
    now: Now,
    name: Annotated[
        str | None, Query(min_length=1, max_length=200, description="Part of its name or trade name.")
    ] = None,
    local_authority: Annotated[
        str | None, Query(pattern="^[0-9]{3}$", description="The code of an area that it serves.")
    ] = None,
    accredited_to: Annotated[
        str | None,
        Query(min_length=1, max_length=100, description="A standard to which it is accredited today."),
    ] = None,
    limit: Limit = 50,
    after: After = None,
) -> ProviderPage:
    """Find providers by name, area, or a standard to which they are accredited today."""
    only_these_parameters(request, "name", "local_authority", "accredited_to", "limit", "after")
    page = await providers.page(
        db,
        name=name,
        local_authority=local_authority,
        standard=accredited_to,
        after=after,
        limit=limit,
        now=now,
    )
    body = ProviderPage(items=[ProviderLine.of(each) for each in page.items], next=page.next)
    shown: ProviderPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(PATH, operation_id="getProvider", response_model=ProviderOut)
async def get_provider(
    ukprn: UkprnInPath, request: Request, db: Db, now: Now, known_at: KnownAt = None
) -> Response:
    """Return a provider with what became of it and its accreditations, as they were known at an instant."""
    only_these_parameters(request, "known_at")
    seen = await providers.get(db, ukprn=ukprn, known_at=known_at, now=now)
    return with_etag(request, ProviderOut.seen(seen))


@router.post(
    PATH + "/closing",
    operation_id="closeProvider",
    status_code=201,
    response_model=ProviderOut,
    openapi_extra=needs(PANEL),
)
async def close_provider(
    ukprn: UkprnInPath, body: ClosingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Record the last day of a provider, and its successor where it merged or was succeeded."""
    once = maker.rendering(ProviderOut.seen, location=lambda seen: f"/v1/providers/{seen.held.ukprn}")
    await providers.close(db, once, ukprn=ukprn, closing=body.told(), actor=who, now=now)
    return said(once)


def _check_precondition(held: SeenProvider | None, if_match: str | None) -> None:
    if held is None:
        if if_match is not None:
            raise ChangedSinceRead
        return
    check_if_match(if_match, ProviderOut.seen(held))
