"""The tables of CPD. Only storage sees them; the migrations made them."""

from sqlalchemy import Column, Date, Integer, MetaData, Table, Text, UniqueConstraint
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
