"""The tables of modules and credit; the migration made them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE

from services.cpd.storage.tables import metadata
from shared.journal import TXID

_OPEN = text("upper_inf(known)")


def _versioned(name: str, *columns: Column[Any] | Index) -> Table:
    """Declare a table of which every row is a version, and one of each id is open."""
    return Table(
        name,
        metadata,
        Column("row_id", BigInteger, Identity(always=True), primary_key=True),
        Column("id", BigInteger, nullable=False, server_default=text("nextval('fact_ids'::regclass)")),
        Column("corrects", BigInteger, ForeignKey(f"{name}.row_id"), nullable=True),
        Column("association", Text, nullable=False),
        Column("known", TSTZRANGE, nullable=False),
        Column("txid", BigInteger, nullable=False, server_default=TXID),
        *columns,
        Index(f"{name}_one_open_version", "id", unique=True, postgresql_where=_OPEN),
    )


def _told(name: str) -> Table:
    """Declare a table of what an association tells under its own id, in versions that take effect by day."""
    return _versioned(
        name,
        Column("code", Text, nullable=False),
        Column("version", Text, nullable=False),
        Column("effective_from", Date, nullable=False),
        Column("content", JSONB, nullable=False),
        Index(f"{name}_own_id", "association", "code", "version", unique=True, postgresql_where=_OPEN),
        Index(
            f"{name}_one_a_day", "association", "code", "effective_from", unique=True, postgresql_where=_OPEN
        ),
    )


modules = _told("modules")
programmes = _told("programmes")
