"""The tables of CPD. Only storage sees them; the migrations made them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.idempotency import answers_table
from shared.journal import followed_table, journal_table

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
    Column("known_from", DateTime(timezone=True), nullable=False),
)

merges = Table(
    "merges",
    metadata,
    Column("number", Text, primary_key=True),
    Column("kept_number", Text, nullable=False, index=True),
    Column("position", BigInteger, nullable=False),
    Column("known_from", DateTime(timezone=True), nullable=False),
)
