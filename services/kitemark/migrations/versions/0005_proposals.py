"""expand: what the panel decides is proposed by one person and confirmed by another."""

from shared.migrations import run_script

revision = "0005"
down_revision = "0004"

UP = """
CALL create_facts('standing_proposals', $$
    kind text NOT NULL CHECK (kind IN ('validation', 'authority', 'validation_ending', 'authority_ending')),
    body text,
    standing bigint,
    first_day date NOT NULL,
    last_day date,
    decision text NOT NULL,
    conditions text[] NOT NULL,
    source text NOT NULL,
    ties text[] NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'refused', 'withdrawn')),
    proposed_by text NOT NULL,
    proposed_for text,
    decided_by text,
    decided_for text,
    reason text,
    recorded bigint,
    CONSTRAINT standing_proposals_of_a_body CHECK ((kind LIKE 'authority%') = (body IS NOT NULL)),
    CONSTRAINT standing_proposals_of_a_standing CHECK ((kind LIKE '%ending') = (standing IS NOT NULL)),
    CONSTRAINT standing_proposals_decided CHECK ((state = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT standing_proposals_recorded CHECK ((state = 'confirmed') = (recorded IS NOT NULL)),
    CONSTRAINT standing_proposals_four_eyes CHECK (
        CASE state WHEN 'withdrawn' THEN decided_by = proposed_by ELSE decided_by <> proposed_by END),
    CONSTRAINT standing_proposals_own_case CHECK (state = 'withdrawn' OR (
        coalesce(decided_for, '') <> ALL (ties)
        AND (state = 'refused' OR coalesce(proposed_for, '') <> ALL (ties))))
$$);
"""


def upgrade() -> None:
    """Create the table."""
    run_script(UP)


def downgrade() -> None:
    """Drop it."""
    run_script("DROP TABLE standing_proposals;")
