"""Progress towards awards over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel

from services.cpd.domain.credits.progress import Judged, Part, Progress, Why
from services.cpd.operations.credits import progress
from services.cpd.operations.credits.progress import SeenProgress
from services.cpd.operations.standings import Axes
from services.cpd.routes.axes import KnownAt, ValidAt
from services.cpd.routes.credits.module_bodies import Version
from services.cpd.routes.fields import Code, Number
from shared.web import Db, Now, Who, guarded_router, needs, with_etag

router = guarded_router("credits")
ProgrammeInPath = Annotated[Code, Path(description="A programme by association and id, such as ICG/P-1.")]


class JudgedOut(BaseModel):
    """What one credit comes to; `exemption` meets its module and brings no credits."""

    credit: int
    module: str
    why: Why
    credits: int
    expires_on: date | None

    @classmethod
    def of(cls, judged: Judged) -> "JudgedOut":
        """Return the credit as it is explained."""
        banked = judged.banked
        return cls(
            credit=banked.id,
            module=banked.module,
            why=judged.why,
            credits=banked.value.credits if judged.why is Why.COUNTED else 0,
            expires_on=banked.expires_on,
        )


class AwardPartOut(BaseModel):
    """The core, without a name, or a group. `open` are its modules that are not met yet: of the core each
    is needed, of a group as many as are missing."""

    name: str | None
    met: bool
    met_by: list[JudgedOut]
    open: list[str]
    modules_missing: int
    credits_missing: int

    @classmethod
    def of(cls, part: Part) -> "AwardPartOut":
        """Return the part as it is shown."""
        return cls(
            name=part.name,
            met=part.met,
            met_by=[JudgedOut.of(each) for each in part.met_by],
            open=list(part.open),
            modules_missing=part.modules_missing,
            credits_missing=part.credits_missing,
        )


class AwardProgressOut(BaseModel):
    """How far somebody has come towards one award, and what each of their credits comes to."""

    award: str
    framework: str
    level: str
    complete: bool
    credits: int
    credits_missing: int
    expires_first: date | None
    parts: list[AwardPartOut]
    explained: list[JudgedOut]

    @classmethod
    def of(cls, found: Progress) -> "AwardProgressOut":
        """Return the progress as it is shown."""
        return cls(
            award=found.award.title,
            framework=found.award.framework,
            level=found.award.level,
            complete=found.complete,
            credits=found.credits,
            credits_missing=found.credits_missing,
            expires_first=found.expires_first,
            parts=[AwardPartOut.of(each) for each in found.parts],
            explained=[JudgedOut.of(each) for each in found.judged],
        )


class ProgressOut(BaseModel):
    """How far somebody has come towards each award of a programme, by its version and on a day."""

    number: str
    programme: str
    version: str
    valid_at: date
    awards: list[AwardProgressOut]

    @classmethod
    def of(cls, seen: SeenProgress) -> "ProgressOut":
        """Return the progress as it is shown."""
        return cls(
            number=seen.number,
            programme=f"{seen.programme.association}/{seen.programme.code}",
            version=seen.programme.told.version,
            valid_at=seen.valid_at,
            awards=[AwardProgressOut.of(each) for each in seen.awards],
        )


@router.get(
    "/v1/people/{number}/progress/{programme:path}",
    operation_id="getProgress",
    response_model=ProgressOut,
    openapi_extra=needs("cpd:write", "cpd:audit", "register:decide", "internal"),
)
async def get_progress(
    number: Number,
    programme: ProgrammeInPath,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    version: Annotated[Version | None, Query(description="The version under which somebody began.")] = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> Response:
    """Say what of each award is met, by which credit, what is missing, and what expires when."""
    seen = await progress.get(
        db,
        number=number,
        programme=programme,
        version=version,
        axes=Axes(valid_at=valid_at, known_at=known_at),
        actor=who,
        now=now,
    )
    return with_etag(request, ProgressOut.of(seen))
