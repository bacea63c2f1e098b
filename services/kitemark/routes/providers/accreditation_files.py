"""A keeper's whole list over HTTP, as a CSV file of a day."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator

from services.kitemark.domain.providers.access import WRITERS
from services.kitemark.domain.providers.accreditation_file import RowOutcome
from services.kitemark.operations.providers import files
from services.kitemark.operations.providers.files import SeenFile
from services.kitemark.routes.axes import only_these_parameters, parse_day
from services.kitemark.routes.providers.naming import Keeper
from shared.errors import Malformed
from shared.web import Db, Now, Who, guarded_router, needs, with_etag

router = guarded_router("accreditations")
FILE_PATH = "/v1/accreditation-files/{keeper}/{as_of}"
CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}, "required": True}


AsOf = Annotated[date, BeforeValidator(parse_day), Path(description="The day on which the list stood so.")]


class FileNotCsv(Malformed):
    """Send the file as text/csv in UTF-8, and say so in Content-Type."""


class FileRowOut(BaseModel):
    """What one row came to; `line` is that of the file."""

    line: int
    accreditation_id: str | None
    outcome: RowOutcome
    problem: str | None


class MissingOut(BaseModel):
    """An accreditation that may still hold and is not in the file. It was not ended."""

    accreditation_id: str
    ukprn: str
    standard: str


class FileCountsOut(BaseModel):
    """How many rows came to what, and how many accreditations are missing."""

    recorded: int
    changed: int
    unchanged: int
    refused: int
    missing: int


class FileOut(BaseModel):
    """What came of a file; of a dry run, what would."""

    keeper: str
    as_of: date
    dry_run: bool
    sha256: str
    counts: FileCountsOut
    rows: list[FileRowOut]
    missing: list[MissingOut]
    read_at: datetime

    @classmethod
    def of(cls, file: SeenFile, *, dry_run: bool = False) -> "FileOut":
        """Return what came of a file as it is shown."""
        return cls(
            keeper=file.keeper,
            as_of=file.as_of,
            dry_run=dry_run,
            sha256=file.sha256,
            read_at=file.read_at,
            **file.report,
        )


@router.put(
    FILE_PATH,
    operation_id="readAccreditationFile",
    response_model=FileOut,
    openapi_extra={**needs(*WRITERS), "requestBody": CSV},
)
async def read_accreditation_file(
    keeper: Keeper,
    as_of: AsOf,
    request: Request,
    db: Db,
    who: Who,
    now: Now,
    dry_run: Annotated[bool, Query(description="Tell what would come of it, and write nothing.")] = False,
) -> FileOut:
    """Bring a keeper's list up to a CSV file that says how it stood on a day.

    What is new or changed is written, with one outcome for each row; what is missing from the file is
    reported and not ended. The same file again changes nothing, an older one is refused.
    """
    only_these_parameters(request, "dry_run")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/csv":
        raise FileNotCsv
    file = await files.read_in(
        db, keeper=keeper, as_of=as_of, content=await request.body(), dry_run=dry_run, actor=who, now=now
    )
    return FileOut.of(file, dry_run=dry_run)


@router.get(
    FILE_PATH,
    operation_id="getAccreditationFile",
    response_model=FileOut,
    openapi_extra=needs(*WRITERS),
)
async def get_accreditation_file(keeper: Keeper, as_of: AsOf, request: Request, db: Db, who: Who) -> Response:
    """Return what came of the last file of a keeper as of a day."""
    return with_etag(request, FileOut.of(await files.get(db, keeper=keeper, as_of=as_of, actor=who)))
