"""The tables of matching. Only storage sees them; the migrations made them."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from services.register.storage.tables import metadata
from shared.journal import TXID

match_policies = Table(
    "match_policies",
    metadata,
    Column("version", Text, primary_key=True),
    Column("effective_from", Date, nullable=False, unique=True),
    Column("body", JSONB, nullable=False),
)

match_questions = Table(
    "match_questions",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("policy_version", Text, ForeignKey("match_policies.version"), nullable=False),
    Column("sent", JSONB(none_as_null=True), nullable=True),
    Column("status", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=True),
    Column("answered_by", Text, nullable=True),
    Column("answered_at", DateTime(timezone=True), nullable=True),
    Column("reason", Text, nullable=True),
    Column("forgotten_at", DateTime(timezone=True), nullable=True),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    Index("match_questions_client", "client_id", "id"),
    Index("match_questions_open", "id", postgresql_where=text("status = 'open'")),
    Index("match_questions_kept", "asked_at", postgresql_where=text("sent IS NOT NULL")),
)
