"""The tables of CPD. Only storage sees them; the migrations made them."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE

from shared.idempotency import answers_table
from shared.journal import TXID, followed_table, journal_table

metadata = MetaData()

journal = journal_table(metadata)
answers = answers_table(metadata)
followed = followed_table(metadata)

reference = Table(
    "reference",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("body", JSONB, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("version", Text, primary_key=True),
    Column("association", Text, nullable=True),
    Column("level", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("body", JSONB, nullable=False),
    UniqueConstraint(
        "association",
        "level",
        "effective_from",
        name="policies_one_a_day",
        postgresql_nulls_not_distinct=True,
    ),
)

memberships = Table(
    "memberships",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False, index=True),
    Column("association", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("category", Text, nullable=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
    Column("known_from", DateTime(timezone=True), nullable=False),
    Column("known_to", DateTime(timezone=True), nullable=True),
    Index("ix_memberships_association", "association", "number"),
)

register_moves = Table(
    "register_moves",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False, index=True),
    Column("moved_on", Date, nullable=False),
    Column("entered", Boolean, nullable=False),
    Column("died", Boolean, nullable=False, server_default=text("false")),
    Column("known_from", DateTime(timezone=True), nullable=False),
    Column("known_to", DateTime(timezone=True), nullable=True),
)

merges = Table(
    "merges",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False, index=True),
    Column("kept_number", Text, nullable=False, index=True),
    Column("known_from", DateTime(timezone=True), nullable=False),
    Column("known_to", DateTime(timezone=True), nullable=True),
    Index("merges_one_open", "number", unique=True, postgresql_where=text("known_to IS NULL")),
)


def _facts(name: str, *columns: Column[Any] | Index) -> Table:
    """Declare a table of dated facts, as ``create_facts`` makes it."""
    return Table(
        name,
        metadata,
        Column("row_id", BigInteger, Identity(always=True), primary_key=True),
        Column("id", BigInteger, nullable=False, server_default=text("nextval('fact_ids')")),
        Column("corrects", BigInteger, ForeignKey(f"{name}.row_id"), nullable=True),
        Column("number", Text, nullable=False),
        Column("valid", DATERANGE, nullable=False),
        Column("known", TSTZRANGE, nullable=False),
        Column("txid", BigInteger, nullable=False, server_default=TXID),
        *columns,
        Index(f"{name}_one_open_version", "id", unique=True, postgresql_where=text("upper_inf(known)")),
        Index(f"{name}_number", "number"),
    )


_OPEN = text("upper_inf(known)")

entries = _facts(
    "entries",
    Column("association", Text, nullable=False),
    Column("entry_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("hours", Numeric(6, 2), nullable=False),
    Column("provider", Text, nullable=True),
    Column("approaches", ARRAY(Text), nullable=False),
    Column("outcomes", ARRAY(Text), nullable=False),
    Column("standards", ARRAY(Text), nullable=False),
    Column("specialisms", ARRAY(Text), nullable=False),
    Column("reflection", Text, nullable=True),
    Column("effect", Text, nullable=True),
    Column("void_reason", Text, nullable=True),
    Index("entries_own_id", "association", "entry_id", unique=True, postgresql_where=_OPEN),
)

pauses = _facts(
    "pauses",
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
)

returns = _facts(
    "returns",
    Column("association", Text, nullable=False),
    Column("hours", Numeric(6, 2), nullable=True),
    Column("nature", Text, nullable=False),
    Column("declared_on", Date, nullable=False),
    Column("late", Boolean, nullable=False),
)
Index(
    "returns_one_a_year",
    returns.c.association,
    returns.c.number,
    func.lower(returns.c.valid),
    unique=True,
    postgresql_where=_OPEN,
)

commitments = _facts(
    "commitments",
    Column("association", Text, nullable=False),
    Column("wording_version", Text, nullable=False),
    Index(
        "commitments_once", "association", "number", "wording_version", unique=True, postgresql_where=_OPEN
    ),
)

# Only the owner's function writes here: the transactions in which history is open.
erasing = Table("erasing", metadata, Column("txid", BigInteger, primary_key=True, autoincrement=False))
