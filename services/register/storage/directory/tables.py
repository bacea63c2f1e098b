"""The tables of the directory: drafts change, and an edition and its rows never do."""

from sqlalchemy import (
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
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.register.storage.tables import metadata
from shared.journal import TXID

drafts = Table(
    "directory_drafts",
    metadata,
    Column("code", Text, primary_key=True),
    Column("document", JSONB, nullable=False),
    Column("based_on", Text, nullable=True),
    Column("worked_on_by", ARRAY(Text), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

editions = Table(
    "directory_editions",
    metadata,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("revision", Integer, nullable=False, unique=True),
    Column("published_in", Date, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("worked_on_by", ARRAY(Text), nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
)


def _edition() -> Column[str]:
    return Column("edition", Text, ForeignKey("directory_editions.code"), primary_key=True)


def _of_course() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["edition", "course"], ["directory_courses.edition", "directory_courses.code"]
    )


bodies = Table(
    "directory_bodies",
    metadata,
    _edition(),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("region", Text, nullable=True),
    Column("body", JSONB, nullable=False),
)

courses = Table(
    "directory_courses",
    metadata,
    _edition(),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("awarding_body", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    ForeignKeyConstraint(["edition", "awarding_body"], ["directory_bodies.edition", "directory_bodies.code"]),
)

awards = Table(
    "directory_awards",
    metadata,
    Column("edition", Text, primary_key=True),
    Column("course", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("framework", Text, nullable=True),
    Column("level", Text, nullable=True),
    Column("qualification", Text, nullable=True),
    _of_course(),
)

statements = Table(
    "directory_statements",
    metadata,
    _edition(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("courses", ARRAY(Text), nullable=False),
    Column("awarding_bodies", ARRAY(Text), nullable=False),
    Column("body", JSONB, nullable=False),
    Index("directory_statements_courses", "courses", postgresql_using="gin"),
)

course_facts = Table(
    "directory_course_facts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("edition", Text, nullable=False),
    Column("course", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("region", Text, nullable=True),
    Column("closeness", SmallInteger, nullable=False),
    Column("holds", Boolean, nullable=False),
    Column("firm", Boolean, nullable=False),
    _of_course(),
    Index("directory_course_facts_course", "edition", "course", "kind", "value"),
)
