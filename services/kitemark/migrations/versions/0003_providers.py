"""expand: providers, their accreditations and the files that told of these, and where the strands meet."""

from shared.migrations import run_script

revision = "0003"
down_revision = "0002"

PROVIDERS = """
CALL create_facts('providers', $$
    recorded_by text,
    name text NOT NULL CHECK (name <> ''),
    trade_name text,
    search_key text NOT NULL,
    sector text CHECK (sector IN ('public', 'private', 'third')),
    sole_trader boolean,
    publicly_funded boolean,
    local_authorities text[] NOT NULL,
    circumstances jsonb NOT NULL,
    CONSTRAINT providers_have_a_ukprn CHECK (subject ~ '^[0-9]{8}$')
$$);
CREATE UNIQUE INDEX providers_one_a_ukprn ON providers (subject) WHERE upper_inf(known);

CALL create_facts('provider_closings', $$
    outcome text NOT NULL CHECK (outcome IN ('closed', 'merged', 'succeeded')),
    successor text,
    CONSTRAINT provider_closings_successor CHECK ((outcome = 'closed') = (successor IS NULL)),
    CONSTRAINT provider_closings_other CHECK (successor <> subject)
$$);
CREATE UNIQUE INDEX provider_closings_once ON provider_closings (subject) WHERE upper_inf(known);
CREATE INDEX ix_provider_closings_successor ON provider_closings (successor);
"""

ACCREDITATIONS = """
CALL create_facts('accreditations', $$
    keeper text NOT NULL,
    own_id text NOT NULL,
    standard text NOT NULL,
    edition text,
    source text NOT NULL,
    confirmed_on date,
    withdrawn_on date,
    CONSTRAINT accreditations_withdrawn_after_they_began CHECK (withdrawn_on >= lower(valid))
$$);
CREATE UNIQUE INDEX accreditations_own_id ON accreditations (keeper, own_id) WHERE upper_inf(known);
ALTER TABLE accreditations ENABLE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON accreditations FOR SELECT USING (true);
CREATE POLICY own_inserts ON accreditations FOR INSERT WITH CHECK (app_body() IN ('', keeper));

CREATE TABLE accreditation_files (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    keeper text NOT NULL,
    as_of date NOT NULL,
    sha256 text NOT NULL,
    report jsonb NOT NULL,
    read_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE INDEX ix_accreditation_files_keeper ON accreditation_files (keeper, as_of);
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON accreditation_files
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON accreditation_files TO kitemark_app;
"""

EVIDENCE = """
CREATE TABLE staff_evidence (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    urn text NOT NULL,
    for_body text,
    taken_at timestamptz NOT NULL,
    content jsonb NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE INDEX ix_staff_evidence_urn ON staff_evidence (urn);
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON staff_evidence TO kitemark_app;
"""

REUSES = """
CALL create_facts('award_reuses', $$
    award_body text NOT NULL,
    award_id text NOT NULL,
    association text NOT NULL,
    entry_id text NOT NULL,
    work text NOT NULL,
    state text NOT NULL CHECK (state IN ('asked', 'consented', 'refused', 'withdrawn'))
$$);
CREATE UNIQUE INDEX award_reuses_once ON award_reuses (award_body, award_id, association, entry_id)
    WHERE upper_inf(known);
ALTER TABLE award_reuses ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_association_reads ON award_reuses FOR SELECT
    USING (coalesce(current_setting('app.association', true), '') IN ('', association));
CREATE POLICY own_association_inserts ON award_reuses FOR INSERT
    WITH CHECK (coalesce(current_setting('app.association', true), '') IN ('', association));
"""


def upgrade() -> None:
    """Create the tables of the third strand, and of where the strands meet."""
    for part in (PROVIDERS, ACCREDITATIONS, EVIDENCE, REUSES):
        run_script(part)


def downgrade() -> None:
    """Drop them."""
    run_script(
        "DROP TABLE award_reuses, staff_evidence, accreditation_files, accreditations, provider_closings;"
        "DROP TABLE providers;"
    )
