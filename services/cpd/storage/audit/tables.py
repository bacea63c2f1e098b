"""The tables of the audit. Of audits and cases only how far they are changes; all else is only added to."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.cpd.storage.tables import metadata
from shared.journal import TXID


def _txid() -> Column[Any]:
    return Column("txid", BigInteger, nullable=False, server_default=TXID)


def _id() -> Column[Any]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def _of(table: str, name: str, column: str = "id") -> Column[Any]:
    return Column(name, BigInteger, ForeignKey(f"{table}.{column}"), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable)


def _instant(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False)


def _policy() -> Column[Any]:
    return Column("policy_version", Text, ForeignKey("audit_policies.version"), nullable=False)


audit_policies = Table(
    "audit_policies",
    metadata,
    Column("version", Text, primary_key=True),
    Column("effective_from", Date, nullable=False),
    Column("body", JSONB, nullable=False),
    UniqueConstraint("effective_from", name="audit_policies_one_a_day"),
)
audits = Table(
    "audits",
    metadata,
    _id(),
    _text("title"),
    _text("state"),
    _text("seed_kind"),
    _text("seed_where"),
    _instant("seed_expected_at"),
    _policy(),
    _text("announced_by"),
    _instant("announced_at"),
    _text("cancel_reason", nullable=True),
    _txid(),
)
audit_strata = Table(
    "audit_strata",
    metadata,
    _of("audits", "audit_id"),
    Column("association", Text, primary_key=True),
    Column("rate", Numeric, nullable=True),
    Column("size", Integer, nullable=True),
    Column("tolerable_rate", Numeric, nullable=True),
    Column("confidence", Numeric, nullable=True),
    _txid(),
)
audit_freezes = Table(
    "audit_freezes",
    metadata,
    Column("audit_id", BigInteger, ForeignKey("audits.id"), primary_key=True, autoincrement=False),
    Column("frozen_on", Date, nullable=False),
    _instant("frozen_at"),
    _text("frozen_by"),
    Column("register_position", BigInteger, nullable=False),
    _text("list_hash"),
    Column("people", Integer, nullable=False),
    Column("excluded", JSONB, nullable=False),
    _txid(),
)
audit_sizes = Table(
    "audit_sizes",
    metadata,
    _of("audit_freezes", "audit_id", "audit_id"),
    Column("association", Text, primary_key=True),
    Column("population", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    _txid(),
    ForeignKeyConstraint(["audit_id", "association"], ["audit_strata.audit_id", "audit_strata.association"]),
)
audit_people = Table(
    "audit_people",
    metadata,
    _of("audits", "audit_id"),
    Column("number", Text, primary_key=True),
    Column("associations", ARRAY(Text), nullable=False),
    _text("exclusion", nullable=True),
    Column("salt", LargeBinary, nullable=True),
    Column("salted_id", Text(collation="C"), nullable=True),
    _txid(),
    Index(
        "audit_people_salted",
        "audit_id",
        "salted_id",
        unique=True,
        postgresql_where=text("salted_id IS NOT NULL"),
    ),
)
Index("audit_people_number", audit_people.c.number)
audit_seeds = Table(
    "audit_seeds",
    metadata,
    Column(
        "audit_id", BigInteger, ForeignKey("audit_freezes.audit_id"), primary_key=True, autoincrement=False
    ),
    _text("seed"),
    _instant("born_at"),
    _text("entered_by"),
    _instant("entered_at"),
    _txid(),
    UniqueConstraint("audit_id", "entered_by", name="audit_seeds_named_by_who_entered"),
)
audit_draws = Table(
    "audit_draws",
    metadata,
    Column("audit_id", BigInteger, primary_key=True, autoincrement=False),
    _text("entered_by"),
    _text("drawn_by"),
    _instant("drawn_at"),
    _txid(),
    ForeignKeyConstraint(["audit_id", "entered_by"], ["audit_seeds.audit_id", "audit_seeds.entered_by"]),
)
audit_samples = Table(
    "audit_samples",
    metadata,
    _of("audit_draws", "audit_id", "audit_id"),
    Column("association", Text, primary_key=True),
    Column("place", Integer, primary_key=True),
    _text("number"),
    Column("hash", Text(collation="C"), nullable=False),
    _txid(),
    ForeignKeyConstraint(["audit_id", "number"], ["audit_people.audit_id", "audit_people.number"]),
)
audit_cases = Table(
    "audit_cases",
    metadata,
    _id(),
    _text("number"),
    Column("audit_id", BigInteger, ForeignKey("audits.id"), nullable=True),
    _text("reason", nullable=True),
    Column("associations", ARRAY(Text), nullable=False),
    _text("state"),
    Column("due_on", Date, nullable=True),
    _text("nation", nullable=True),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    _policy(),
    _text("opened_by"),
    _instant("opened_at"),
    _txid(),
    Index(
        "audit_cases_one_open",
        "number",
        unique=True,
        postgresql_where=text(
            "state NOT IN ('met', 'failed', 'failed_under_appeal', 'overturned', 'made_good', 'withdrawn')"
        ),
    ),
    Index(
        "audit_cases_once_a_draw",
        "audit_id",
        "number",
        unique=True,
        postgresql_where=text("audit_id IS NOT NULL"),
    ),
    Index("audit_cases_number", "number"),
    Index("audit_cases_due", "due_on", postgresql_where=text("due_on IS NOT NULL")),
)


def _of_case(name: str, *columns: Column[Any] | UniqueConstraint | Index | ForeignKeyConstraint) -> Table:
    return Table(name, metadata, _of("audit_cases", "case_id"), *columns, _txid())


audit_steps = _of_case(
    "audit_steps",
    Column("place", Integer, primary_key=True),
    _text("step"),
    _text("state_before"),
    _text("state_after"),
    Column("due_on", Date, nullable=True),
    _text("words", nullable=True),
    _text("association", nullable=True),
    _text("taken_by"),
    Column("taken_on", Date, nullable=False),
    _instant("taken_at"),
)
audit_packs = _of_case(
    "audit_packs",
    Column("version", Integer, primary_key=True),
    _text("association"),
    Column("activities", JSONB, nullable=False),
    Column("gaps", JSONB, nullable=False),
    _text("submitted_by"),
    _instant("submitted_at"),
)
audit_assessors = Table(
    "audit_assessors",
    metadata,
    Column("subject", Text, primary_key=True),
    _text("association", nullable=True),
    _text("number", nullable=True),
    _text("named_by"),
    _instant("named_at"),
    _txid(),
)
audit_conflicts = Table(
    "audit_conflicts",
    metadata,
    _id(),
    Column("subject", Text, ForeignKey("audit_assessors.subject"), nullable=False),
    _text("association", nullable=True),
    _text("number", nullable=True),
    _text("nature"),
    _text("declared_by"),
    _instant("declared_at"),
    _txid(),
)
audit_assignments = _of_case(
    "audit_assignments",
    Column("place", Integer, primary_key=True),
    Column("subject", Text, ForeignKey("audit_assessors.subject"), nullable=False),
    Column("second", Boolean, nullable=False),
    Column("findings_before", Integer, nullable=False),
    _text("given_by"),
    _instant("given_at"),
    Index("audit_assignments_subject", "subject"),
)
audit_findings = _of_case(
    "audit_findings",
    Column("place", Integer, primary_key=True),
    _text("assessor"),
    _text("outcome"),
    Column("second", Boolean, nullable=False),
    Column("silence", Boolean, nullable=False),
    Column("pack_version", Integer, nullable=True),
    _text("reasons"),
    _instant("found_at"),
    UniqueConstraint("case_id", "place", "assessor", "outcome", name="audit_findings_named"),
    ForeignKeyConstraint(["case_id", "pack_version"], ["audit_packs.case_id", "audit_packs.version"]),
)
_FINDING = [f"audit_findings.{name}" for name in ("case_id", "place", "assessor", "outcome")]
audit_refusals = Table(
    "audit_refusals",
    metadata,
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_place", Integer, nullable=False),
    _text("first_by"),
    Column("second_place", Integer, primary_key=True, autoincrement=False),
    _text("second_by"),
    Column("outcome", Text, nullable=False, server_default=text("'find_not_met'")),
    _txid(),
    ForeignKeyConstraint(["case_id", "first_place", "first_by", "outcome"], _FINDING),
    ForeignKeyConstraint(["case_id", "second_place", "second_by", "outcome"], _FINDING),
)
