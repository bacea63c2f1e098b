"""The tables of checks. Only storage sees them; the migrations made them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.gateway.storage.tables import metadata

receipt_keys = Table(
    "receipt_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("jwk", JSONB, nullable=False),
    Column("first_used_at", DateTime(timezone=True), nullable=False),
    Column("distrusted_at", DateTime(timezone=True), nullable=True),
    CheckConstraint("NOT jwk ? 'd'", name="receipt_keys_are_public"),
)

checks = Table(
    "checks",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("reference", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("urn", Text, nullable=True),
    Column("association", Text, nullable=True),
    Column("purpose", Text, nullable=False),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("told_from", DateTime(timezone=True), nullable=False),
    Column("asked", JSONB, nullable=False),
    Column("said", JSONB, nullable=False),
    Column("rows", JSONB(none_as_null=True), nullable=True),
    Column("positions", JSONB, nullable=False),
    Column("receipt", Text, nullable=False),
    UniqueConstraint("reference", name="checks_reference"),
    Index("ix_checks_client_id", "client_id", "id"),
    Index("ix_checks_subjects", "subjects", postgresql_using="gin"),
)
