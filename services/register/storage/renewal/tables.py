"""The tables of standing over time. Only storage sees them; the migration made them."""

from typing import Any

from sqlalchemy import (
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
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.register.storage.tables import metadata
from shared.journal import TXID


def _id() -> Column[Any]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def _person() -> Column[Any]:
    return Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False)


def _txid() -> Column[Any]:
    return Column("txid", BigInteger, nullable=False, server_default=TXID)


renewals = Table(
    "renewals",
    metadata,
    _id(),
    _person(),
    Column("association", Text, nullable=False),
    Column("renewed_licence_id", BigInteger, nullable=False),
    Column("licence_id", BigInteger, nullable=False),
    Column("term_from", Date, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("entry_policy", Text, ForeignKey("entry_policies.version"), nullable=False),
    Column("licence_policy", Text, ForeignKey("licence_policies.version"), nullable=False),
    Column("transition", Text, nullable=True),
    Column("cpd_standing", Text, nullable=False),
    Column("cpd_policy", Text, nullable=True),
    Column("notices", JSONB, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("renewed_at", DateTime(timezone=True), nullable=False),
    _txid(),
    UniqueConstraint("renewed_licence_id", name="renewals_once"),
    Index("renewals_person", "person_id"),
    Index("renewals_association", "association", "id"),
)

renewal_reminders = Table(
    "renewal_reminders",
    metadata,
    _id(),
    _person(),
    Column("association", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("licence_id", BigInteger, nullable=False),
    Column("days_before", Integer, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("renew_by", Date, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    _txid(),
    UniqueConstraint("licence_id", "association", "days_before", name="renewal_reminders_once"),
    Index("renewal_reminders_association", "association", "id"),
)

restorations = Table(
    "restorations",
    metadata,
    _id(),
    _person(),
    Column("status", Text, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("application_reference", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("reason", Text, nullable=True),
    _txid(),
    CheckConstraint("decided_by <> proposed_by", name="restorations_four_eyes"),
    Index("restorations_one_open", "person_id", unique=True, postgresql_where=text("status = 'proposed'")),
    Index("restorations_person", "person_id"),
)

deaths = Table(
    "deaths",
    metadata,
    _id(),
    _person(),
    Column("died_on", Date, nullable=True),
    Column("evidence_reference", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    _txid(),
    Column("corrects", BigInteger, ForeignKey("deaths.id"), nullable=True),
    Column("correction_id", BigInteger, ForeignKey("death_corrections.id"), nullable=True),
    UniqueConstraint("corrects", name="deaths_corrected_once"),
    CheckConstraint("died_on IS NOT NULL OR correction_id IS NOT NULL", name="deaths_have_a_day"),
    CheckConstraint("correction_id IS NULL OR corrects IS NOT NULL", name="deaths_correct_something"),
    Index("deaths_once", "person_id", unique=True, postgresql_where=text("corrects IS NULL")),
)

death_corrections = Table(
    "death_corrections",
    metadata,
    _id(),
    _person(),
    Column("status", Text, nullable=False),
    Column("died_on", Date, nullable=True),
    Column("evidence_reference", Text, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("reason", Text, nullable=True),
    _txid(),
    CheckConstraint("status IN ('proposed', 'confirmed', 'refused')", name="death_corrections_status"),
    CheckConstraint("decided_by <> proposed_by", name="death_corrections_four_eyes"),
    CheckConstraint(
        "(status = 'proposed') = (decided_by IS NULL)", name="death_corrections_decided_by_someone"
    ),
    Index("death_corrections_person", "person_id"),
    Index(
        "death_corrections_one_open",
        "person_id",
        unique=True,
        postgresql_where=text("status = 'proposed'"),
    ),
)

name_changes = Table(
    "name_changes",
    metadata,
    _id(),
    _person(),
    Column("previous_name_id", BigInteger, ForeignKey("previous_names.id"), nullable=False),
    Column("association", Text, nullable=True),
    Column("changed_on", Date, nullable=False),
    Column("evidence_reference", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    _txid(),
    Index("name_changes_person", "person_id"),
)
