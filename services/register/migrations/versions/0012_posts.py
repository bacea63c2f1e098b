"""expand: organisations and their versions, and posts that two sides attest."""

from shared.migrations import run_script

revision = "0012"
down_revision = "0011"

ORGANISATIONS = """
CREATE TABLE organisations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ukprn text CONSTRAINT organisations_ukprn_key UNIQUE
        CONSTRAINT organisations_ukprn_shape CHECK (ukprn ~ '^[0-9]{8}$'),
    association text,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE TABLE organisation_versions (
    organisation_id bigint NOT NULL REFERENCES organisations (id),
    version integer NOT NULL,
    name text NOT NULL,
    sector text NOT NULL CONSTRAINT organisation_versions_sector
        CHECK (sector IN ('public', 'private', 'third')),
    kind text NOT NULL,
    publicly_funded boolean,
    trade_body_id bigint REFERENCES organisations (id),
    closed_on date,
    successor_id bigint REFERENCES organisations (id),
    changed_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT organisation_versions_pkey PRIMARY KEY (organisation_id, version),
    CONSTRAINT organisation_versions_successor CHECK (
        successor_id <> organisation_id AND (successor_id IS NULL OR closed_on IS NOT NULL))
);
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON organisation_versions
    FOR EACH STATEMENT EXECUTE FUNCTION never();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON organisations
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON organisations, organisation_versions TO register_app;
CALL own_association_only('organisations');
"""

POSTS = """
CALL create_facts('posts', $columns$
    employer_id bigint NOT NULL REFERENCES organisations (id),
    school_scheme text CONSTRAINT posts_scheme
        CHECK (school_scheme IN ('urn', 'northern_ireland', 'scotland', 'wales')),
    school_value text,
    role text NOT NULL,
    share_percent integer CONSTRAINT posts_share CHECK (share_percent BETWEEN 1 AND 100),
    basis text NOT NULL CONSTRAINT posts_basis
        CHECK (basis IN ('employed_by_school', 'commissioned', 'all_age_service')),
    independent boolean,
    independence_declaration text,
    withheld boolean NOT NULL DEFAULT false,
    practitioner_by text,
    employer_by text,
    employer_evidence text,
    disputed_by text CONSTRAINT posts_disputed_by CHECK (disputed_by IN ('practitioner', 'employer')),
    dispute_reason text,
    ended_by text,
    CONSTRAINT posts_said_by_someone CHECK (practitioner_by IS NOT NULL OR employer_by IS NOT NULL),
    CONSTRAINT posts_school_whole CHECK ((school_scheme IS NULL) = (school_value IS NULL)),
    CONSTRAINT posts_urn_shape CHECK (school_scheme <> 'urn' OR school_value ~ '^[0-9]{5,6}$'),
    CONSTRAINT posts_dispute_said CHECK ((disputed_by IS NULL) = (dispute_reason IS NULL)),
    CONSTRAINT posts_no_overlap EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&,
        int8range(employer_id, employer_id, '[]') WITH &&,
        textrange(coalesce(school_scheme || ':' || school_value, ''),
            coalesce(school_scheme || ':' || school_value, ''), '[]') WITH &&,
        textrange(role, role, '[]') WITH &&,
        valid WITH &&, known WITH &&)
$columns$);
CREATE INDEX posts_school ON posts (school_value, school_scheme) WHERE upper_inf(known);
CREATE INDEX posts_employer ON posts (employer_id) WHERE upper_inf(known);
CALL record_rule('posts', 'posts', erases => '');
"""


def upgrade() -> None:
    """Create who works where, and for whom."""
    run_script(ORGANISATIONS)
    run_script(POSTS)


def downgrade() -> None:
    """Drop it."""
    run_script("DELETE FROM record_rules WHERE relation = 'posts'")
    run_script("DROP TABLE posts, organisation_versions, organisations")
