"""The tables of the routes to entry. What was shown, judged or published is inserted and never changed."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
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

_OPEN = text("status IN ('requested', 'gathering', 'assessed')")

standards_suites = Table(
    "standards_suites",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    UniqueConstraint("name", "version", name="standards_suites_version"),
)

competence_policies = Table(
    "competence_policies",
    metadata,
    Column("code", Text, primary_key=True),
    Column("suite", Text, ForeignKey("standards_suites.code"), nullable=False),
    Column("body", JSONB, nullable=False),
)

entry_routes = Table(
    "entry_routes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("association", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("holding_id", BigInteger, nullable=True),
    Column("policy", Text, ForeignKey("competence_policies.code"), nullable=True),
    Column("optional_credits", Integer, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("modules_named_by", Text, nullable=True),
    Column("modules_reasons", Text, nullable=True),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("reasons", Text, nullable=True),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    CheckConstraint(
        "decided_by <> submitted_by AND modules_named_by <> submitted_by", name="entry_routes_four_eyes"
    ),
    Index("entry_routes_one_open_on_holding", "holding_id", unique=True, postgresql_where=_OPEN),
    Index("entry_routes_one_open_by_policy", "person_id", "policy", unique=True, postgresql_where=_OPEN),
    Index("entry_routes_association", "association", "id"),
    Index("entry_routes_person", "person_id"),
    Index("entry_routes_holding", "holding_id", postgresql_where=text("status = 'granted'")),
)

entry_route_parts = Table(
    "entry_route_parts",
    metadata,
    Column("route_id", BigInteger, ForeignKey("entry_routes.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("association", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("credits", Integer, nullable=True),
)

entry_route_evidence = Table(
    "entry_route_evidence",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("route_id", BigInteger, nullable=False),
    Column("part", Text, nullable=False),
    Column("association", Text, nullable=False),
    Column("reference_list", ARRAY(Text), nullable=False),
    Column("statement", Text, nullable=True),
    Column("submitted_by", Text, nullable=False),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    ForeignKeyConstraint(["route_id", "part"], ["entry_route_parts.route_id", "entry_route_parts.code"]),
    UniqueConstraint("id", "submitted_by", name="entry_route_evidence_by"),
    Index("entry_route_evidence_route", "route_id"),
)

entry_route_judgements = Table(
    "entry_route_judgements",
    metadata,
    Column("evidence_id", BigInteger, primary_key=True, autoincrement=False),
    Column("submitted_by", Text, nullable=False),
    Column("judgement", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("judged_by", Text, nullable=False),
    Column("judged_at", DateTime(timezone=True), nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    ForeignKeyConstraint(
        ["evidence_id", "submitted_by"], ["entry_route_evidence.id", "entry_route_evidence.submitted_by"]
    ),
    CheckConstraint("judged_by <> submitted_by", name="entry_route_judgements_four_eyes"),
)
