"""The tables of the register. Only storage sees them; the migrations made them.

A *fact* table keeps dated facts on two axes: ``valid``, the days for which a fact is true, and ``known``,
the instants at which we held it to be so. The runtime role only inserts: a correction is a new row
that names the row it ``corrects``, whose ``known`` the database then closes.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE

from shared.idempotency import answers_table
from shared.journal import TXID, journal_table

metadata = MetaData()

journal = journal_table(metadata)
answers = answers_table(metadata)

NEXT_FACT = text("nextval('fact_ids')")


def _txid() -> Column[Any]:
    return Column("txid", BigInteger, nullable=False, server_default=TXID)


def _person(name: str = "person_id") -> Column[Any]:
    return Column(name, BigInteger, ForeignKey("people.id"), nullable=False)


def _fact(name: str, *columns: Any) -> Table:
    return Table(
        name,
        metadata,
        Column("row_id", BigInteger, Identity(always=True), primary_key=True),
        Column("id", BigInteger, nullable=False, server_default=NEXT_FACT),
        Column("corrects", BigInteger, ForeignKey(f"{name}.row_id"), nullable=True),
        _person(),
        Column("valid", DATERANGE, nullable=False),
        Column("known", TSTZRANGE, nullable=False),
        _txid(),
        *columns,
        Index(f"{name}_one_open_version", "id", unique=True, postgresql_where=text("upper_inf(known)")),
        Index(f"{name}_person", "person_id"),
    )


reference = Table(
    "reference",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("body", JSONB, nullable=False),
)

entry_policies = Table(
    "entry_policies",
    metadata,
    Column("version", Text, primary_key=True),
    Column("effective_from", Date, nullable=False, unique=True),
    Column("body", JSONB, nullable=False),
)

entry_thresholds = Table(
    "entry_thresholds",
    metadata,
    Column("policy_version", Text, ForeignKey("entry_policies.version"), primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("framework", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("minimum_credits", Integer, nullable=True),
)

licence_policies = Table(
    "licence_policies",
    metadata,
    Column("version", Text, primary_key=True),
    Column("effective_from", Date, nullable=False, unique=True),
    Column("body", JSONB, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("given_names", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("folded_name", Text, nullable=False),
    Column("date_of_birth", Date, nullable=True),
    Column("home_country", Text, nullable=True),
    Column("regions", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("settings", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("roles", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("specialisms", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("languages", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("client_groups", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("erased_at", DateTime(timezone=True), nullable=True),
    Index("people_same_name_and_birth", "folded_name", "date_of_birth"),
    Index("people_birth_and_name", "date_of_birth", "folded_name", postgresql_include=["id"]),
)

previous_names = Table(
    "previous_names",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _person(),
    Column("given_names", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("folded_name", Text, nullable=False, server_default=text("''")),
    Column("replaced_at", DateTime(timezone=True), nullable=True),
    Index("previous_names_person", "person_id"),
    Index("previous_names_folded", "folded_name"),
)

member_ids = Table(
    "member_ids",
    metadata,
    Column("association", Text, primary_key=True),
    Column("member_id", Text, primary_key=True),
    _person(),
    Column("email", Text, nullable=True),
    Column("telephone", Text, nullable=True),
    Index("member_ids_person", "person_id"),
    Index("member_ids_email", text("lower(email)")),
)

memberships = _fact(
    "memberships",
    Column("association", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("category", Text, nullable=True),
    ForeignKeyConstraint(
        ["association", "member_id"],
        ["member_ids.association", "member_ids.member_id"],
        onupdate="CASCADE",
    ),
)

holdings = _fact(
    "holdings",
    Column("association", Text, nullable=False),
    Column("qualification", Text, nullable=True),
    Column("title", Text, nullable=False),
    Column("awarding_body", Text, nullable=True),
    Column("framework", Text, nullable=True),
    Column("level", Text, nullable=True),
    Column("credits", Integer, nullable=True),
    Column("subject", Text, nullable=True),
    Column("relevant", Boolean, nullable=False),
    Column("awarded_on", Date, nullable=True),
    Column("expected_on", Date, nullable=True),
    Column("status", Text, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("method", Text, nullable=True),
    Column("evidence_reference", Text, nullable=True),
    Column("reason", Text, nullable=True),
    Index("holdings_evidence", "evidence_reference", postgresql_where=text("status = 'authenticated'")),
    CheckConstraint("decided_by <> submitted_by", name="holdings_four_eyes"),
    CheckConstraint(
        "status NOT IN ('authenticated', 'rejected') OR decided_by IS NOT NULL",
        name="holdings_decided_by_someone",
    ),
)

code_acceptances = Table(
    "code_acceptances",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _person(),
    Column("association", Text, nullable=False),
    Column("code_version", Text, nullable=False),
    Column("accepted_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    _txid(),
    UniqueConstraint("person_id", "code_version", name="code_acceptances_once"),
)

possible_duplicates = Table(
    "possible_duplicates",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _person("first_person_id"),
    _person("second_person_id"),
    Column("reason", Text, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("status", Text, nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("decision_reason", Text, nullable=True),
    _txid(),
    UniqueConstraint("first_person_id", "second_person_id", name="possible_duplicates_once"),
    CheckConstraint("first_person_id < second_person_id", name="possible_duplicates_ordered"),
)

merges = _fact(
    "merges",
    _person("kept_person_id"),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("survives", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("undone_by", Text, nullable=True),
    Column("undone_reason", Text, nullable=True),
    Index("merges_kept_person", "kept_person_id"),
    CheckConstraint("kept_person_id <> person_id", name="merges_two_people"),
    CheckConstraint("undone_by <> decided_by", name="merges_undone_by_another"),
)

applications = Table(
    "applications",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _person(),
    Column("association", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("status", Text, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("reasons", Text, nullable=True),
    Column("policy_version", Text, nullable=True),
    _txid(),
    CheckConstraint("decided_by <> submitted_by", name="applications_four_eyes"),
    Index(
        "applications_one_open",
        "person_id",
        unique=True,
        postgresql_where=text("status = 'submitted'"),
    ),
    Index("applications_association", "association", "id"),
)

register_entries = _fact(
    "register_entries",
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=True),
)

licences = _fact(
    "licences",
    Column("application_id", BigInteger, ForeignKey("applications.id"), nullable=False),
    Column("holding_id", BigInteger, nullable=False),
    Column("policy_version", Text, ForeignKey("entry_policies.version"), nullable=False),
    Column("ended", Text, nullable=True),
)

licence_scopes = _fact("licence_scopes", Column("scope", Text, nullable=False))

sanctions = _fact(
    "sanctions",
    Column("kind", Text, nullable=False),
    Column("public_reason", Text, nullable=False),
    Column("internal_reason", Text, nullable=False),
    Column("conditions", Text, nullable=True),
    Column("imposed_by", Text, nullable=False),
    Column("lifted_by", Text, nullable=True),
    Column("lifted_reason", Text, nullable=True),
)

public_entries = Table(
    "public_entries",
    metadata,
    Column("number", Text, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False, unique=True),
    Column("starts", ARRAY(Date), nullable=False),
    Column("bodies", ARRAY(Text), nullable=False),
    Column("version", BigInteger, nullable=False),
)
