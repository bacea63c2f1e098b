"""The tables where the strands meet; the migration made them."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from services.kitemark.storage.tables import fact_table, metadata
from shared.journal import TXID

staff_evidence = Table(
    "staff_evidence",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("urn", Text, nullable=False),
    Column("for_body", Text, nullable=True),
    Column("taken_at", DateTime(timezone=True), nullable=False),
    Column("content", JSONB, nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    Index("ix_staff_evidence_urn", "urn"),
)

award_reuses = fact_table(
    "award_reuses",
    Column("award_body", Text, nullable=False),
    Column("award_id", Text, nullable=False),
    Column("association", Text, nullable=False),
    Column("entry_id", Text, nullable=False),
    Column("work", Text, nullable=False),
    Column("state", Text, nullable=False),
    Index(
        "award_reuses_once",
        "award_body",
        "award_id",
        "association",
        "entry_id",
        unique=True,
        postgresql_where=text("upper_inf(known)"),
    ),
)
