"""The tables of providers; the migration made them."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, DateTime, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from services.kitemark.storage.tables import fact_table, metadata
from shared.journal import TXID

_OPEN = text("upper_inf(known)")

providers = fact_table(
    "providers",
    Column("recorded_by", Text, nullable=True),
    Column("name", Text, nullable=False),
    Column("trade_name", Text, nullable=True),
    Column("search_key", Text, nullable=False),
    Column("sector", Text, nullable=True),
    Column("sole_trader", Boolean, nullable=True),
    Column("publicly_funded", Boolean, nullable=True),
    Column("local_authorities", ARRAY(Text), nullable=False),
    Column("circumstances", JSONB, nullable=False),
    Index("providers_one_a_ukprn", "subject", unique=True, postgresql_where=_OPEN),
)

provider_closings = fact_table(
    "provider_closings",
    Column("outcome", Text, nullable=False),
    Column("successor", Text, nullable=True, index=True),
    Index("provider_closings_once", "subject", unique=True, postgresql_where=_OPEN),
)

accreditations = fact_table(
    "accreditations",
    Column("keeper", Text, nullable=False),
    Column("own_id", Text, nullable=False),
    Column("standard", Text, nullable=False),
    Column("edition", Text, nullable=True),
    Column("source", Text, nullable=False),
    Column("confirmed_on", Date, nullable=True),
    Column("withdrawn_on", Date, nullable=True),
    Index("accreditations_own_id", "keeper", "own_id", unique=True, postgresql_where=_OPEN),
)

accreditation_files = Table(
    "accreditation_files",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("keeper", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("report", JSONB, nullable=False),
    Column("read_at", DateTime(timezone=True), nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    Index("ix_accreditation_files_keeper", "keeper", "as_of"),
)
