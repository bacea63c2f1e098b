"""The tables of imports. A file is kept as chunks of its rows, each with its outcomes once it was done."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.register.storage.tables import metadata
from shared.journal import TXID

NONE_YET = text("0")

imports = Table(
    "imports",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("association", Text, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("client_id", Text, nullable=True),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("mapping", JSONB, nullable=False),
    Column("columns", ARRAY(Text), nullable=False),
    Column("fields", ARRAY(Text), nullable=False),
    Column("warnings", ARRAY(Text), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("problem", Text, nullable=True),
    Column("next_chunk", Integer, nullable=False, server_default=NONE_YET),
    Column("created", Integer, nullable=False, server_default=NONE_YET),
    Column("changed", Integer, nullable=False, server_default=NONE_YET),
    Column("unchanged", Integer, nullable=False, server_default=NONE_YET),
    Column("failed", Integer, nullable=False, server_default=NONE_YET),
    Column("possible_duplicates", Integer, nullable=False, server_default=NONE_YET),
    Column("started_at", DateTime(timezone=True), nullable=True),
    Column("finished_at", DateTime(timezone=True), nullable=True),
    Column("worker", Text, nullable=True),
    Column("lease_until", DateTime(timezone=True), nullable=True),
    Column("attempts", Integer, nullable=False, server_default=NONE_YET),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    CheckConstraint("rows > 0", name="imports_rows"),
    CheckConstraint("next_chunk BETWEEN 0 AND chunks", name="imports_progress"),
    CheckConstraint("created + changed + unchanged + failed <= rows", name="imports_counted"),
    CheckConstraint(
        "state IN ('received', 'running', 'finished', 'failed', 'cancelled')", name="imports_state"
    ),
    Index("imports_association", "association", "id"),
    Index("imports_waiting", "id", postgresql_where=text("state IN ('received', 'running')")),
    Index("imports_one_running", "association", unique=True, postgresql_where=text("state = 'running'")),
)

import_chunks = Table(
    "import_chunks",
    metadata,
    Column("import_id", BigInteger, ForeignKey("imports.id"), primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("association", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("outcomes", Text, nullable=True),
)

import_mappings = Table(
    "import_mappings",
    metadata,
    Column("association", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("body", JSONB, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
)

row_fingerprints = Table(
    "row_fingerprints",
    metadata,
    Column("association", Text, primary_key=True),
    Column("member_id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("number", Text, nullable=True),
)
