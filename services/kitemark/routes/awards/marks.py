"""The mark over HTTP: of one school, of many."""

from fastapi import Request, Response

from services.kitemark.operations.awards import marks
from services.kitemark.operations.awards.marks import Axes, SeenMark
from services.kitemark.routes.awards.awards import SchoolInPath
from services.kitemark.routes.awards.mark_bodies import MarkBatchIn, MarkBatchOut, MarkItemOut, MarkOut
from services.kitemark.routes.axes import KnownAt, ValidAt, only_these_parameters
from shared.web import Db, Now, guarded_router

router = guarded_router("marks")


@router.get("/v1/marks/{school}", operation_id="getMark", response_model=MarkOut)
async def get_mark(
    school: SchoolInPath,
    request: Request,
    db: Db,
    now: Now,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> MarkOut:
    """Say whether a school holds the mark on a day, as known at an instant, and prove it.

    A school of which nothing is recorded has the mark `none`: that is what is known of it.
    """
    only_these_parameters(request, "valid_at", "known_at")
    axes = Axes(valid_at=valid_at, known_at=known_at)
    return MarkOut.of(await marks.get(db, school=school, axes=axes, now=now))


@router.post("/v1/marks/batch", operation_id="lookUpMarks", response_model=MarkBatchOut)
async def look_up_marks(body: MarkBatchIn, db: Db, now: Now) -> Response:
    """Say of up to 10,000 schools whether they hold the mark, with one outcome for each, in order."""
    axes = Axes(valid_at=body.valid_at, known_at=body.known_at)
    outcomes = await marks.batch(db, schools=body.schools, axes=axes, now=now)
    positions = [each.journal_position for each in outcomes if isinstance(each, SeenMark)]
    shown = MarkBatchOut(
        items=[MarkItemOut.of(*each) for each in zip(body.schools, outcomes, strict=True)],
        journal_position=positions[0] if positions else None,
    )
    return Response(shown.model_dump_json(), media_type="application/json")
