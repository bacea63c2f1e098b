"""The tables of the gateway. Only storage sees them; the migrations made them."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.idempotency import answers_table
from shared.journal import journal_table

metadata = MetaData()

journal = journal_table(metadata)
answers = answers_table(metadata)

clients = Table(
    "clients",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("association", Text, nullable=True),
    Column("body", Text, nullable=True),
    Column("urn", Text, nullable=True),
    Column("secret_hash", LargeBinary, nullable=True),
    Column("keys", JSONB, nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True), nullable=True),
    Column("tokens_void_before", DateTime(timezone=True), nullable=True),
    CheckConstraint("octet_length(secret_hash) = 32", name="clients_secret_is_hashed"),
)

revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("token_id", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("clients.client_id"), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)

used_assertions = Table(
    "used_assertions",
    metadata,
    Column("client_id", Text, ForeignKey("clients.client_id"), primary_key=True),
    Column("assertion_id", Text, primary_key=True),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)
