"""contract: a merge can be undone, and made again; the service before this one knows no end of a merge."""

from shared.migrations import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Let a merge end in what is known."""
    run_script(
        "ALTER TABLE merges ADD COLUMN known_to timestamptz;"
        "ALTER TABLE merges DROP CONSTRAINT merges_pkey, ADD PRIMARY KEY (position);"
        "CREATE UNIQUE INDEX merges_one_open ON merges (number) WHERE known_to IS NULL;"
        "CREATE INDEX ix_merges_number ON merges (number);"
    )


def downgrade() -> None:
    """Keep the merges that stand."""
    run_script(
        "DELETE FROM merges WHERE known_to IS NOT NULL;"
        "DROP INDEX ix_merges_number, merges_one_open;"
        "ALTER TABLE merges DROP CONSTRAINT merges_pkey, ADD PRIMARY KEY (number), DROP COLUMN known_to;"
    )
