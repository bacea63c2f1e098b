"""expand: who is a member of what, as the register's journal tells it.

These rows repeat what stands in a neighbour's journal, so they may be deleted and made again from it. Each is
named by the position of the line that it comes from.
"""

from shared.migrations import run_script

revision = "0002"
down_revision = "0001"

MEMBERS = """
CREATE TABLE memberships (
    position bigint PRIMARY KEY,
    number text NOT NULL,
    association text NOT NULL,
    level text NOT NULL,
    category text,
    valid_from date NOT NULL,
    valid_to date,
    known_from timestamptz NOT NULL,
    known_to timestamptz
);
CREATE INDEX ix_memberships_number ON memberships (number);
CREATE INDEX ix_memberships_association ON memberships (association, number);

CREATE TABLE register_moves (
    position bigint PRIMARY KEY,
    number text NOT NULL,
    moved_on date NOT NULL,
    entered boolean NOT NULL,
    known_from timestamptz NOT NULL
);
CREATE INDEX ix_register_moves_number ON register_moves (number);

CREATE TABLE merges (
    number text PRIMARY KEY,
    kept_number text NOT NULL,
    position bigint NOT NULL,
    known_from timestamptz NOT NULL
);
CREATE INDEX ix_merges_kept_number ON merges (kept_number);

GRANT SELECT, INSERT, UPDATE, DELETE ON memberships, register_moves, merges TO cpd_app;
"""


def upgrade() -> None:
    """Create what is known of the register's people."""
    run_script(MEMBERS)


def downgrade() -> None:
    """Drop it."""
    run_script("DROP TABLE merges, register_moves, memberships;")
