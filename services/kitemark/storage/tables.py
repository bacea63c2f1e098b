"""The tables of the kite mark. Only storage sees them; the migrations made them."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE

from shared.idempotency import answers_table
from shared.journal import TXID, journal_table

metadata = MetaData()

journal = journal_table(metadata)
answers = answers_table(metadata)

reference = Table(
    "reference",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("body", JSONB, nullable=False),
)


def fact_table(name: str, *columns: Any) -> Table:
    """Declare a table of dated facts as ``create_facts`` makes it: ``subject`` is what a fact is about."""
    return Table(
        name,
        metadata,
        Column("row_id", BigInteger, Identity(always=True), primary_key=True),
        Column("id", BigInteger, nullable=False, server_default=text("nextval('fact_ids'::regclass)")),
        Column("corrects", BigInteger, ForeignKey(f"{name}.row_id"), nullable=True),
        Column("subject", Text, nullable=False),
        Column("valid", DATERANGE, nullable=False),
        Column("known", TSTZRANGE, nullable=False),
        Column("txid", BigInteger, nullable=False, server_default=TXID),
        *columns,
        Index(f"{name}_one_open_version", "id", unique=True, postgresql_where=text("upper_inf(known)")),
        Index(f"{name}_subject", "subject"),
    )
