"""The table of evidence files; the migration made it."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, Table, Text

from services.cpd.storage.tables import metadata

evidence = Table(
    "evidence",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("entry", BigInteger, nullable=False),
    Column("association", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Index("evidence_once_an_entry", "entry", "sha256", unique=True),
    Index("ix_evidence_number", "number"),
    Index("ix_evidence_sha256", "sha256"),
)
