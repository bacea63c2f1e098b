"""The tables by which people are found. Only storage sees them; the migrations made them."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
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

search_names = Table(
    "search_names",
    metadata,
    Column("person_id", BigInteger, ForeignKey("people.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("number", Text, nullable=False),
    Column("sort", Text, nullable=False),
    Column("keys", ARRAY(Text), nullable=False),
    CheckConstraint("place >= 0", name="search_names_place"),
    Index("search_names_keys", "keys", postgresql_using="gin"),
    Index("search_names_number", "number", unique=True, postgresql_where=text("place = 0")),
)

unlistings = Table(
    "unlistings",
    metadata,
    Column("row_id", BigInteger, Identity(always=True), primary_key=True),
    Column("id", BigInteger, nullable=False, server_default=NEXT_FACT),
    Column("corrects", BigInteger, ForeignKey("unlistings.row_id"), nullable=True),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("valid", DATERANGE, nullable=False),
    Column("known", TSTZRANGE, nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    Column("reason", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("lifted_by", Text, nullable=True),
    Column("lifted_reason", Text, nullable=True),
    Index("unlistings_one_open_version", "id", unique=True, postgresql_where=text("upper_inf(known)")),
    Index("unlistings_person", "person_id"),
)
