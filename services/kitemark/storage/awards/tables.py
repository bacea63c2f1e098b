"""The tables of awards. Only storage sees them; the migrations made them."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, Index, Text, text

from services.kitemark.storage.tables import fact_table

validations = fact_table(
    "validations",
    Column("decision", Text, nullable=False),
    Column("conditions", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("source", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("never_held", Boolean, nullable=False, server_default=text("false")),
)

authorities = fact_table(
    "authorities",
    Column("scheme", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("never_held", Boolean, nullable=False, server_default=text("false")),
    Index("authorities_scheme", "scheme"),
)

standing_proposals = fact_table(
    "standing_proposals",
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=True),
    Column("standing", BigInteger, nullable=True),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=True),
    Column("decision", Text, nullable=False),
    Column("conditions", ARRAY(Text), nullable=False),
    Column("source", Text, nullable=False),
    Column("ties", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_for", Text, nullable=True),
    Column("decided_by", Text, nullable=True),
    Column("decided_for", Text, nullable=True),
    Column("reason", Text, nullable=True),
    Column("recorded", BigInteger, nullable=True),
    Index("standing_proposals_recorded", "recorded", postgresql_where=text("recorded IS NOT NULL")),
)

awards = fact_table(
    "awards",
    Column("body", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("school", Text, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("criteria_version", Text, nullable=True),
    Column("certificate", Text, nullable=True),
    Column("assessor", Text, nullable=True),
    Column("evidence", Text, nullable=True),
    Column("reassessment_of", Text, nullable=True),
    Column("withdrawn_on", Date, nullable=True),
    Column("withdrawn_reason", Text, nullable=True),
    Index("awards_own_id", "body", "external_id", unique=True, postgresql_where=text("upper_inf(known)")),
    Index("awards_school", "school"),
    Index("awards_scheme", "scheme", "id"),
)
