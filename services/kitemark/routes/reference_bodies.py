"""Reference data as it is listed, each entry with where it comes from."""

from datetime import date
from typing import Generic, TypeVar

from pydantic import BaseModel

Item = TypeVar("Item")


class ListOut(BaseModel, Generic[Item]):
    """A page of a list, and the cursor of the next one where there is one."""

    items: list[Item]
    next: str | None


class Provenance(BaseModel):
    """Where an entry comes from: tags of `GET /v1/sources`, and what has to be said of them."""

    ref: str
    note: str | None = None


class SourceOut(BaseModel):
    """A document that reference data were taken from."""

    code: str
    title: str
    address: str | None


class Titled(BaseModel):
    """An entry with a title, its days, both included and null where not known, and its provenance."""

    code: str
    title: str
    effective_from: date | None
    effective_to: date | None
    source: Provenance
