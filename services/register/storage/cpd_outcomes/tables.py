"""The tables of what CPD audits found. A line of CPD is a row, named by its position; nothing is changed."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
)

from services.register.storage.tables import metadata
from shared.journal import TXID, followed_table

followed = followed_table(metadata)

cpd_outcomes = Table(
    "cpd_outcomes",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("finding", Text, nullable=False),
    Column("effect", Text, nullable=False),
    Column("sanction_ids", ARRAY(BigInteger), nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    UniqueConstraint("case_id", "finding", name="cpd_outcomes_once"),
    Index("cpd_outcomes_person", "person_id"),
)

cpd_outcome_decisions = Table(
    "cpd_outcome_decisions",
    metadata,
    Column(
        "position", BigInteger, ForeignKey("cpd_outcomes.position"), primary_key=True, autoincrement=False
    ),
    Column("ruling", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("sanction_ids", ARRAY(BigInteger), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
)
