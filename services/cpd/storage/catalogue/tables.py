"""The tables of the catalogue; the migrations made them."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, ForeignKey, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE

from services.cpd.storage.tables import metadata
from shared.journal import TXID

_OPEN = text("upper_inf(known)")

offers = Table(
    "offers",
    metadata,
    Column("row_id", BigInteger, Identity(always=True), primary_key=True),
    Column("id", BigInteger, nullable=False, server_default=text("nextval('fact_ids'::regclass)")),
    Column("corrects", BigInteger, ForeignKey("offers.row_id"), nullable=True),
    Column("association", Text, nullable=False),
    Column("offer_id", Text, nullable=False),
    Column("known", TSTZRANGE, nullable=False),
    Column("search_key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("delivery", Text, nullable=False),
    Column("region", Text, nullable=True),
    Column("free", Boolean, nullable=False),
    Column("specialisms", ARRAY(Text), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    Index("offers_one_open_version", "id", unique=True, postgresql_where=_OPEN),
    Index("offers_own_id", "association", "offer_id", unique=True, postgresql_where=_OPEN),
    Index("ix_offers_title", "title", "id", postgresql_where=text("upper_inf(known) AND NOT withdrawn")),
)

equivalences = Table(
    "equivalences",
    metadata,
    Column("row_id", BigInteger, Identity(always=True), primary_key=True),
    Column("id", BigInteger, nullable=False, server_default=text("nextval('fact_ids'::regclass)")),
    Column("corrects", BigInteger, ForeignKey("equivalences.row_id"), nullable=True),
    Column("association", Text, nullable=False),
    Column("proposer", Text, nullable=False),
    Column("offer_id", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("other_offer_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("known", TSTZRANGE, nullable=False),
    Column("txid", BigInteger, nullable=False, server_default=TXID),
    Index("equivalences_one_open_version", "id", unique=True, postgresql_where=_OPEN),
    Index(
        "equivalences_one_open",
        text("least(ARRAY[proposer, offer_id], ARRAY[other, other_offer_id])"),
        text("greatest(ARRAY[proposer, offer_id], ARRAY[other, other_offer_id])"),
        unique=True,
        postgresql_where=text("upper_inf(known) AND state IN ('proposed', 'accepted')"),
    ),
    Index("ix_equivalences_proposer", "proposer", "offer_id", "id", postgresql_where=_OPEN),
    Index("ix_equivalences_other", "other", "other_offer_id", "id", postgresql_where=_OPEN),
)
