"""The tables of establishments. Only storage sees them; the migrations made them."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Index, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE

from services.kitemark.storage.tables import metadata

establishments = Table(
    "establishments",
    metadata,
    Column("number", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("words", ARRAY(Text), nullable=False),
    Column("status", Text, nullable=False),
    Column("opened_on", Date, nullable=True),
    Column("closed_on", Date, nullable=True),
    Column("la_code", Text, nullable=True),
    Column("la_name", Text, nullable=True),
    Column("laestab", Text, nullable=True, index=True),
    Column("ukprn", Text, nullable=True, index=True),
    Column("type", Text, nullable=True),
    Column("phase", Text, nullable=True),
    Column("region", Text, nullable=True),
    Column("town", Text, nullable=True),
    Column("postcode", Text, nullable=True),
    Column("known_from", DateTime(timezone=True), nullable=False),
    Index("ix_establishments_words", "words", postgresql_using="gin"),
    Index("ix_establishments_la_code", "la_code", "number"),
)

former_establishments = Table(
    "former_establishments",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("number", Text, nullable=False),
    Column("known", TSTZRANGE, nullable=False),
    Column("body", JSONB, nullable=False),
    Index("ix_former_establishments_number", "number", "id"),
)

establishment_links = Table(
    "establishment_links",
    metadata,
    Column("number", Text, primary_key=True),
    Column("linked", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("since", Date, nullable=True),
    Column("known_from", DateTime(timezone=True), nullable=False),
    Index("ix_establishment_links_linked", "linked"),
)
