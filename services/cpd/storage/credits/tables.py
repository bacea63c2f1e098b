"""The tables of modules and credit; the migration made them."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE

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


def _of_person(name: str, *columns: Column[Any] | Index) -> Table:
    """Declare a table of dated facts, as ``create_facts`` makes it, that name their association."""
    return _versioned(
        name,
        Column("number", Text, nullable=False),
        Column("valid", DATERANGE, nullable=False),
        Index(f"{name}_number", "number"),
        *columns,
    )


credits = _of_person(
    "credits",
    Column("credit_id", Text, nullable=True),
    Column("recognition", BigInteger, nullable=True),
    Column("source", Text, nullable=False),
    Column("module_association", Text, nullable=False),
    Column("module_id", Text, nullable=False),
    Column("module_version", Text, nullable=False),
    Column("framework", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("credits", Integer, nullable=False),
    Column("awarding_body", Text, nullable=False),
    Column("reference", Text, nullable=True),
    Column("void_reason", Text, nullable=True),
    Index("credits_own_id", "association", "credit_id", unique=True, postgresql_where=_OPEN),
    Index("credits_once_a_recognition", "recognition", unique=True, postgresql_where=_OPEN),
)

recognitions = _of_person(
    "recognitions",
    Column("claimant", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("module_association", Text, nullable=False),
    Column("module_id", Text, nullable=False),
    Column("module_version", Text, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("reference", Text, nullable=True),
    Column("state", Text, nullable=False),
    Column("claimed_by", Text, nullable=False),
    Column("assessed_by", Text, nullable=True),
    Column("reasons", Text, nullable=True),
    Index(
        "recognitions_one_open",
        "number",
        "module_association",
        "module_id",
        unique=True,
        postgresql_where=text("upper_inf(known) AND state = 'claimed'"),
    ),
)

award_offers = _of_person(
    "award_offers",
    Column("programme_association", Text, nullable=False),
    Column("programme_id", Text, nullable=False),
    Column("programme_version", Text, nullable=False),
    Column("award", Text, nullable=False),
    Column("awarding_body", Text, nullable=False),
    Column("framework", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("credits", Integer, nullable=False),
    Column("rests_on", ARRAY(BigInteger), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Index(
        "award_offers_once",
        "number",
        "programme_association",
        "programme_id",
        "award",
        unique=True,
        postgresql_where=text("upper_inf(known) AND NOT withdrawn"),
    ),
)
