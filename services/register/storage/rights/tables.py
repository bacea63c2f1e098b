"""The tables of a person's rights."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from services.register.storage.tables import metadata
from shared.journal import TXID


def _id() -> Column[Any]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


disclosures = Table(
    "disclosures",
    metadata,
    _id(),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("recipient_kind", Text, nullable=False),
    Column("client_id", Text, nullable=True),
    Column("association", Text, nullable=True),
    Column("urn", Text, nullable=True),
    Column("about", Text, nullable=False),
    Column("fields", ARRAY(Text), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Index("disclosures_about", "about", "id"),
    Index("disclosures_at", "at", postgresql_using="brin"),
    CheckConstraint("cardinality(fields) > 0", name="disclosures_some_field"),
)

join_attempts = Table(
    "join_attempts",
    metadata,
    Column("counter", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("attempts >= 0", name="join_attempts_counted"),
)

erasures = Table(
    "erasures",
    metadata,
    _id(),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("ground", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("policy_version", Text, nullable=True),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    Index("erasures_one_open", "person_id", unique=True, postgresql_where=text("status = 'proposed'")),
    CheckConstraint("decided_by <> proposed_by", name="erasures_four_eyes"),
    CheckConstraint("status IN ('proposed', 'done', 'declined')", name="erasures_status"),
    CheckConstraint("status = 'proposed' OR decided_by IS NOT NULL", name="erasures_decided_by_someone"),
)

erasing = Table(
    "erasing",
    metadata,
    Column("txid", BigInteger, primary_key=True, autoincrement=False),
)

record_rules = Table(
    "record_rules",
    metadata,
    Column("relation", Text, primary_key=True),
    Column("record_class", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("read_from", Text, nullable=False),
    Column("rows_of", Text, nullable=False),
    Column("association_sees", Text, nullable=True),
    Column("hides", ARRAY(Text), nullable=False),
    Column("erases", Text, nullable=True),
    Column("keeps", ARRAY(Text), nullable=False),
    Column("open_when", Text, nullable=True),
    Column("outlived", Text, nullable=True),
)
