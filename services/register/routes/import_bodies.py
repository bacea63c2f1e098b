"""Imports and mappings of columns as they are said over HTTP."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.register.domain.member_file import MOST_WORDS, FileMapping
from services.register.domain.member_import import ImportState

MappingName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ImportTotals(BaseModel):
    """How many rows came to what.

    `possible_duplicates` are among those created or changed, and look like another member of the same
    association. A likeness with anybody else is told to registrars only.
    """

    created: int
    changed: int
    unchanged: int
    failed: int
    possible_duplicates: int


class ImportColumn(BaseModel):
    """A column of the file and what it gives; `field` is null where the column is left out."""

    column: str
    field: str | None


class ImportFiles(BaseModel):
    """Where the files of outcomes are."""

    successful: str
    failed: str
    unprocessed: str


class ImportOut(BaseModel):
    """An import: how far it has come, what its rows came to, and where the files of outcomes are."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 7,
                "association": "ICG",
                "file_name": "members.csv",
                "dry_run": False,
                "state": "running",
                "problem": None,
                "rows": 2000,
                "processed": 1000,
                "totals": {
                    "created": 990,
                    "changed": 0,
                    "unchanged": 0,
                    "failed": 10,
                    "possible_duplicates": 1,
                },
                "columns": [{"column": "Surname", "field": "family_name"}],
                "warnings": ["These columns are not known and were left out: “Shoe size”."],
                "submitted_at": "2026-11-21T09:30:00Z",
                "started_at": "2026-11-21T09:30:01Z",
                "finished_at": None,
                "files": {
                    "successful": "/v1/imports/7/successful",
                    "failed": "/v1/imports/7/failed",
                    "unprocessed": "/v1/imports/7/unprocessed",
                },
            }
        }
    )

    id: int
    association: str
    file_name: str
    dry_run: bool
    state: ImportState
    problem: str | None
    rows: int
    processed: int
    totals: ImportTotals
    columns: list[ImportColumn]
    warnings: list[str]
    submitted_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    files: ImportFiles

    @classmethod
    def of(cls, made: Any) -> "ImportOut":
        """Say an import."""
        totals = made.totals
        return cls(
            id=made.id,
            association=made.association,
            file_name=made.file_name,
            dry_run=made.dry_run,
            state=made.state,
            problem=made.problem,
            rows=made.rows,
            processed=made.processed,
            totals=ImportTotals(
                created=totals.created,
                changed=totals.changed,
                unchanged=totals.unchanged,
                failed=totals.failed,
                possible_duplicates=totals.possible_duplicates,
            ),
            columns=[
                ImportColumn(column=column, field=field)
                for column, field in zip(made.columns, made.fields, strict=True)
            ],
            warnings=list(made.warnings),
            submitted_at=made.submitted_at,
            started_at=made.started_at,
            finished_at=made.finished_at,
            files=ImportFiles(**{name: f"/v1/imports/{made.id}/{name}" for name in ImportFiles.model_fields}),
        )


class ImportList(BaseModel):
    """A page of imports."""

    items: list[ImportOut]
    next: str | None


class MappingBody(BaseModel):
    """Which column gives which field, and which word stands for which of ours.

    A column given null is left out on purpose. Words are compared without case, accents or punctuation.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "columns": {"Mem No": "member_id", "Grade": "level", "Shoe size": None},
                "values": {"level": {"Fellow": "professional", "Full": "professional"}},
            }
        },
    )

    columns: dict[Word, Word | None] = Field(default_factory=dict, max_length=MOST_WORDS)
    values: dict[Word, dict[Word, Word]] = Field(default_factory=dict, max_length=50)


class MappingOut(BaseModel):
    """A saved mapping."""

    name: str
    columns: dict[str, str | None]
    values: dict[str, dict[str, str]]

    @classmethod
    def of(cls, name: str, mapping: FileMapping) -> "MappingOut":
        """Say a mapping."""
        return cls(name=name, **mapping.as_dict())


class MappingList(BaseModel):
    """A page of mappings."""

    items: list[MappingOut]
    next: str | None
