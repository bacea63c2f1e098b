"""Validations and authorities over HTTP, for anybody; how the panel decides them is in ``proposals``."""

from fastapi import Request

from services.kitemark.operations.awards import standings
from services.kitemark.routes.awards.standing_bodies import HeldSpanOut, SpansOut
from services.kitemark.routes.axes import KnownAt, only_these_parameters
from shared.web import Db, guarded_router

router = guarded_router("validations")


@router.get("/v1/validations", operation_id="listValidations", response_model=SpansOut)
async def list_validations(request: Request, db: Db, known_at: KnownAt = None) -> SpansOut:
    """List on which days which scheme is nationally validated, and what that rests on."""
    only_these_parameters(request, "known_at")
    found = await standings.list_all(db, of_bodies=False, known_at=known_at)
    return SpansOut(items=[HeldSpanOut.held(each) for each in found])


@router.get("/v1/authorities", operation_id="listAuthorities", response_model=SpansOut)
async def list_authorities(request: Request, db: Db, known_at: KnownAt = None) -> SpansOut:
    """List on which days which body may give the awards of which scheme, and what that rests on."""
    only_these_parameters(request, "known_at")
    found = await standings.list_all(db, of_bodies=True, known_at=known_at)
    return SpansOut(items=[HeldSpanOut.held(each) for each in found])
