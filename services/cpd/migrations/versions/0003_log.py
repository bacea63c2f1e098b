"""expand: the log, deferrals and exemptions, yearly returns, commitments."""

from shared.migrations import run_script

revision = "0003"
down_revision = "0002"

LOG = """
CALL create_facts('entries', $$
    association text NOT NULL,
    entry_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('planned', 'done', 'voided')),
    title text NOT NULL,
    kind text NOT NULL,
    hours numeric(6, 2) NOT NULL CHECK (hours > 0),
    provider text,
    approaches text[] NOT NULL,
    outcomes text[] NOT NULL,
    standards text[] NOT NULL,
    specialisms text[] NOT NULL,
    reflection text,
    effect text,
    void_reason text,
    CONSTRAINT entries_voided_for_a_reason CHECK ((status = 'voided') = (void_reason IS NOT NULL))
$$);
CREATE UNIQUE INDEX entries_own_id ON entries (association, entry_id) WHERE upper_inf(known);
CALL own_association_only('entries');
"""

OBLIGATIONS = """
CALL create_facts('pauses', $$
    kind text NOT NULL CHECK (kind IN ('deferral', 'exemption')),
    reason text NOT NULL,
    note text NOT NULL,
    decided_by text NOT NULL,
    CONSTRAINT pauses_no_overlap EXCLUDE USING gist (
        textrange(number, number, '[]') WITH &&, valid WITH &&, known WITH &&)
$$);

CALL create_facts('returns', $$
    association text NOT NULL,
    hours numeric(6, 2),
    nature text NOT NULL,
    declared_on date NOT NULL,
    late boolean NOT NULL
$$);
CREATE UNIQUE INDEX returns_one_a_year ON returns (association, number, lower(valid)) WHERE upper_inf(known);
CALL own_association_only('returns');

CALL create_facts('commitments', $$
    association text NOT NULL,
    wording_version text NOT NULL
$$);
CREATE UNIQUE INDEX commitments_once ON commitments (association, number, wording_version)
    WHERE upper_inf(known);
CALL own_association_only('commitments');
"""


def upgrade() -> None:
    """Create the log, and what is decided and declared beside it."""
    run_script(LOG)
    run_script(OBLIGATIONS)


def downgrade() -> None:
    """Drop it."""
    run_script("DROP TABLE commitments, returns, pauses, entries;")
