"""The tables of posts and of the organisations that employ."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

from services.register.storage.tables import NEXT_FACT, metadata
from shared.journal import TXID

OPEN = text("upper_inf(known)")

organisations = Table(
    "organisations",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("ukprn", Text, nullable=True, unique=True),
    Column("association", Text, nullable=True),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
)

organisation_versions = Table(
    "organisation_versions",
    metadata,
    Column("organisation_id", BigInteger, ForeignKey("organisations.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("sector", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("publicly_funded", Boolean, nullable=True),
    Column("trade_body_id", BigInteger, ForeignKey("organisations.id"), nullable=True),
    Column("closed_on", Date, nullable=True),
    Column("successor_id", BigInteger, ForeignKey("organisations.id"), nullable=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
)

posts = Table(
    "posts",
    metadata,
    Column("row_id", BigInteger, Identity(always=True), primary_key=True),
    Column("id", BigInteger, nullable=False, server_default=NEXT_FACT),
    Column("corrects", BigInteger, ForeignKey("posts.row_id"), nullable=True),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("valid", DATERANGE, nullable=False),
    Column("known", TSTZRANGE, nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    Column("employer_id", BigInteger, ForeignKey("organisations.id"), nullable=False),
    Column("school_scheme", Text, nullable=True),
    Column("school_value", Text, nullable=True),
    Column("role", Text, nullable=False),
    Column("share_percent", Integer, nullable=True),
    Column("basis", Text, nullable=False),
    Column("independent", Boolean, nullable=True),
    Column("independence_declaration", Text, nullable=True),
    Column("withheld", Boolean, nullable=False, server_default=text("false")),
    Column("practitioner_by", Text, nullable=True),
    Column("employer_by", Text, nullable=True),
    Column("employer_evidence", Text, nullable=True),
    Column("disputed_by", Text, nullable=True),
    Column("dispute_reason", Text, nullable=True),
    Column("ended_by", Text, nullable=True),
    Index("posts_one_open_version", "id", unique=True, postgresql_where=OPEN),
    Index("posts_person", "person_id"),
    Index("posts_school", "school_value", "school_scheme", postgresql_where=OPEN),
    Index("posts_employer", "employer_id", postgresql_where=OPEN),
)
