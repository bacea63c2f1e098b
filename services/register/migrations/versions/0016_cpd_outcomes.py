"""expand: how far CPD was followed, what its audits found, and what was done about it."""

from shared.migrations import run_script

revision = "0016"
down_revision = "0015"

OUTCOMES = """
CREATE TABLE followed (
    source text PRIMARY KEY,
    position bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON followed TO register_app;

CREATE TABLE cpd_outcomes (
    position bigint PRIMARY KEY,
    case_id bigint NOT NULL,
    person_id bigint NOT NULL REFERENCES people (id),
    finding text NOT NULL CONSTRAINT cpd_outcomes_finding
        CHECK (finding IN ('audit.failed', 'audit.overturned', 'audit.made-good')),
    effect text NOT NULL CONSTRAINT cpd_outcomes_effect
        CHECK (effect IN ('imposed', 'proposed', 'lifted', 'left', 'nothing')),
    sanction_ids bigint[] NOT NULL,
    policy_version text NOT NULL,
    heard_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT cpd_outcomes_once UNIQUE (case_id, finding)
);
CREATE INDEX cpd_outcomes_person ON cpd_outcomes (person_id);
CREATE TABLE cpd_outcome_decisions (
    position bigint PRIMARY KEY REFERENCES cpd_outcomes (position),
    ruling text NOT NULL CONSTRAINT cpd_outcome_decisions_ruling CHECK (ruling IN ('impose', 'no_action')),
    reasons text NOT NULL,
    sanction_ids bigint[] NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON cpd_outcomes
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON cpd_outcomes, cpd_outcome_decisions TO register_app;

CALL record_rule('cpd_outcomes', 'sanctions', keeps => '{finding,effect,policy_version}');
CALL record_rule('cpd_outcome_decisions', 'sanctions',
    rows_of => 'position IN (SELECT o.position FROM cpd_outcomes o WHERE o.person_id = ANY ($1))',
    erases => 'reasons = ''-''', keeps => '{ruling,decided_by}');
"""


def upgrade() -> None:
    """Create what is heard of CPD audits."""
    run_script(OUTCOMES)


def downgrade() -> None:
    """Drop it."""
    run_script(
        "DELETE FROM record_rules WHERE relation IN ('cpd_outcomes', 'cpd_outcome_decisions');"
        "DROP TABLE cpd_outcome_decisions, cpd_outcomes, followed;"
    )
