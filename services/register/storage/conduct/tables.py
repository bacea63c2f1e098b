"""The tables of conduct. Steps, parts, conflicts, decisions and publications are only ever added to."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB

from services.register.storage.tables import metadata
from shared.journal import TXID


def _txid() -> Column[Any]:
    return Column("txid", BigInteger, nullable=False, server_default=TXID)


def _complaint() -> Column[Any]:
    return Column("complaint_id", BigInteger, ForeignKey("complaints.id"), primary_key=True)


def _policy() -> Column[Any]:
    return Column("policy_version", Text, ForeignKey("conduct_policies.version"), nullable=False)


conduct_policies = Table(
    "conduct_policies",
    metadata,
    Column("version", Text, primary_key=True),
    Column("effective_from", Date, nullable=False, unique=True),
    Column("body", JSONB, nullable=False),
)

complaints = Table(
    "complaints",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("reference_digest", LargeBinary, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("due_on", Date, nullable=True),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=True),
    Column("described_person", Text, nullable=True),
    Column("conduct_on", Date, nullable=False),
    Column("code_version", Text, nullable=True),
    Column("principles", ARRAY(Text), nullable=False),
    Column("principles_listed", ARRAY(Boolean), nullable=False),
    Column("account", Text, nullable=False),
    Column("complainant_name", Text, nullable=True),
    Column("complainant_contact", Text, nullable=True),
    Column("relationship", Text, nullable=True),
    Column("complaining_association", Text, nullable=True),
    Column("complaining_member_id", Text, nullable=True),
    Column("answering_association", Text, nullable=True),
    Column("submitted_by", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    _policy(),
    _txid(),
    Index("complaints_person", "person_id"),
    Index("complaints_due", "due_on", postgresql_where=text("due_on IS NOT NULL")),
    Index("complaints_complaining", "complaining_association", "id"),
    Index("complaints_answering", "answering_association", "id"),
)

complaint_steps = Table(
    "complaint_steps",
    metadata,
    _complaint(),
    Column("place", Integer, primary_key=True),
    Column("step", Text, nullable=False),
    Column("state_before", Text, nullable=False),
    Column("state_after", Text, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
    Column("words", Text, nullable=True),
    _txid(),
)

complaint_conflicts = Table(
    "complaint_conflicts",
    metadata,
    _complaint(),
    Column("subject", Text, primary_key=True),
    Column("nature", Text, nullable=False),
    Column("declared_by", Text, nullable=False),
    Column("declared_at", DateTime(timezone=True), nullable=False),
    _txid(),
)

complaint_parts = Table(
    "complaint_parts",
    metadata,
    _complaint(),
    Column("subject", Text, primary_key=True),
    Column("part", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    _txid(),
)

complaint_decisions = Table(
    "complaint_decisions",
    metadata,
    _complaint(),
    Column("part", Text, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("public_summary", Text, nullable=False),
    Column("conditions", Text, nullable=True),
    Column("sanction_days", Integer, nullable=True),
    Column("review_on", Date, nullable=True),
    Column("members", ARRAY(Text), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    _policy(),
    _txid(),
)

complaint_sanctions = Table(
    "complaint_sanctions",
    metadata,
    _complaint(),
    Column("sanction_id", BigInteger, primary_key=True),
    Column("interim", Boolean, nullable=False),
    Column("review_on", Date, nullable=True),
    _txid(),
)

decision_publications = Table(
    "decision_publications",
    metadata,
    _complaint(),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("public_summary", Text, nullable=False),
    Column("code_version", Text, nullable=True),
    Column("principles", ARRAY(Text), nullable=False),
    Column("conduct_on", Date, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("published", DATERANGE, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    _policy(),
    _txid(),
    Index("decision_publications_person", "person_id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("association", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("sanction_id", BigInteger, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Column("due_on", Date, nullable=False),
    _policy(),
    Column("acknowledged_by", Text, nullable=True),
    Column("acknowledged_at", DateTime(timezone=True), nullable=True),
    Column("escalated_at", DateTime(timezone=True), nullable=True),
    _txid(),
    UniqueConstraint("sanction_id", "association", "occasion", name="alerts_once"),
    Index("alerts_association", "association", "id"),
    Index(
        "alerts_waiting",
        "due_on",
        postgresql_where=text("acknowledged_at IS NULL AND escalated_at IS NULL"),
    ),
)
