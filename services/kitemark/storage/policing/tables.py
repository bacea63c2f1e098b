"""The tables of moderation and concerns. Only storage sees them; the migrations made them."""

from sqlalchemy import ARRAY, BigInteger, Column, Date, DateTime, Index, Integer, Table, Text, text

from services.kitemark.storage.tables import fact_table, metadata

moderations = fact_table(
    "moderations",
    Column("moderator", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("ties", ARRAY(Text), nullable=False),
    Column("policy", Text, nullable=False),
    Column("seed_kind", Text, nullable=False),
    Column("seed_where", Text, nullable=False),
    Column("seed_expected_at", DateTime(timezone=True), nullable=False),
    Column("list_hash", Text, nullable=False),
    Column("population", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("frozen_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("announced_by", Text, nullable=False),
    Column("seed", Text, nullable=True),
    Column("seed_born_at", DateTime(timezone=True), nullable=True),
    Column("seed_entered_by", Text, nullable=True),
    Column("drawn_by", Text, nullable=True),
    Column("cancel_reason", Text, nullable=True),
    Index(
        "moderations_once_a_year",
        "subject",
        "year",
        unique=True,
        postgresql_where=text("upper_inf(known) AND state <> 'cancelled'"),
    ),
)

moderation_entries = Table(
    "moderation_entries",
    metadata,
    Column("moderation", BigInteger, primary_key=True),
    Column("award", Text, primary_key=True),
)

moderation_cases = fact_table(
    "moderation_cases",
    Column("moderation", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("moderator", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("ties", ARRAY(Text), nullable=False),
    Column("found_by", Text, nullable=True),
    Column("found_for", Text, nullable=True),
    Column("number", Text, nullable=True),
    Column("reasons", Text, nullable=True),
    Column("response", Text, nullable=True),
    Column("due_on", Date, nullable=True),
    Column("closed_on", Date, nullable=True),
    Index(
        "moderation_cases_once",
        "moderation",
        "subject",
        unique=True,
        postgresql_where=text("upper_inf(known)"),
    ),
    Index("moderation_cases_body", "body", "id"),
)

concerns = fact_table(
    "concerns",
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("award_id", Text, nullable=True),
    Column("body", Text, nullable=False),
    Column("ties", ARRAY(Text), nullable=False),
    Column("words", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("acknowledge_by", Date, nullable=False),
    Column("acknowledged_on", Date, nullable=True),
    Column("answer_by", Date, nullable=True),
    Column("answered_on", Date, nullable=True),
    Column("answer", Text, nullable=True),
    Column("closed_on", Date, nullable=True),
    Column("outcome", Text, nullable=True),
    Column("reasons", Text, nullable=True),
    Column("moved_by", Text, nullable=True),
    Column("moved_for", Text, nullable=True),
    Index("concerns_reference", "digest", unique=True, postgresql_where=text("upper_inf(known)")),
    Index("concerns_body", "body", "id"),
)
