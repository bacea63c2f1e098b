"""expand: whoever leaves the register may have died, and a death recorded wrongly ends in what is known."""

from shared.migrations import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Tell deaths from retirements, and let one end in what is known."""
    run_script(
        "ALTER TABLE register_moves ADD COLUMN died boolean NOT NULL DEFAULT false,"
        " ADD COLUMN known_to timestamptz;"
    )


def downgrade() -> None:
    """Keep what stands, as the service before this one reads it."""
    run_script(
        "DELETE FROM register_moves WHERE died;"
        "ALTER TABLE register_moves DROP COLUMN died, DROP COLUMN known_to;"
    )
