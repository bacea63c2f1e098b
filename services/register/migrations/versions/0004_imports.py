"""expand: imports of member files, their rows and outcomes, and saved mappings of columns."""

from shared.migrations import run_script

revision = "0004"
down_revision = "0003"

IMPORTS = """
CREATE TABLE imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    association text NOT NULL,
    submitted_by text NOT NULL,
    client_id text,
    submitted_at timestamptz NOT NULL,
    file_name text NOT NULL,
    dry_run boolean NOT NULL,
    mapping jsonb NOT NULL,
    columns text[] NOT NULL,
    fields text[] NOT NULL,
    warnings text[] NOT NULL,
    rows integer NOT NULL CONSTRAINT imports_rows CHECK (rows > 0),
    chunks integer NOT NULL,
    state text NOT NULL CONSTRAINT imports_state
        CHECK (state IN ('received', 'running', 'finished', 'failed', 'cancelled')),
    problem text,
    next_chunk integer NOT NULL DEFAULT 0,
    created integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    unchanged integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    possible_duplicates integer NOT NULL DEFAULT 0,
    started_at timestamptz,
    finished_at timestamptz,
    worker text,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT imports_progress CHECK (next_chunk BETWEEN 0 AND chunks),
    CONSTRAINT imports_counted CHECK (created + changed + unchanged + failed <= rows)
);
CREATE INDEX imports_association ON imports (association, id);
CREATE INDEX imports_waiting ON imports (id) WHERE state IN ('received', 'running');
CREATE UNIQUE INDEX imports_one_running ON imports (association) WHERE state = 'running';
GRANT SELECT, INSERT ON imports TO register_app;
GRANT UPDATE (state, problem, next_chunk, created, changed, unchanged, failed, possible_duplicates,
    started_at, finished_at, worker, lease_until, attempts) ON imports TO register_app;
CALL own_association_only('imports');

CREATE TABLE import_chunks (
    import_id bigint REFERENCES imports (id),
    chunk integer,
    association text NOT NULL,
    content text NOT NULL,
    outcomes text,
    PRIMARY KEY (import_id, chunk)
);
GRANT SELECT, INSERT ON import_chunks TO register_app;
GRANT UPDATE (outcomes) ON import_chunks TO register_app;
CALL own_association_only('import_chunks');

CREATE FUNCTION outcomes_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the outcomes of chunk % of import % are written', OLD.chunk, OLD.import_id
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'import_chunks_once';
END $$;
CREATE TRIGGER outcomes_once BEFORE UPDATE ON import_chunks
    FOR EACH ROW WHEN (OLD.outcomes IS NOT NULL) EXECUTE FUNCTION outcomes_once();

CREATE TABLE import_mappings (
    association text,
    name text,
    body jsonb NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (association, name)
);
GRANT SELECT, INSERT ON import_mappings TO register_app;
GRANT UPDATE (body, saved_at) ON import_mappings TO register_app;
CALL own_association_only('import_mappings');
"""

FINGERPRINTS = """
CREATE TABLE row_fingerprints (
    association text,
    member_id text,
    digest bytea NOT NULL,
    PRIMARY KEY (association, member_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON row_fingerprints TO register_app;

CREATE FUNCTION forget_fingerprints() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM row_fingerprints f USING member_ids m
    WHERE m.person_id IN (SELECT (to_jsonb(w) ->> TG_ARGV[0])::bigint FROM written w)
        AND f.association = m.association AND f.member_id = m.member_id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_fingerprints AFTER UPDATE ON people REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION forget_fingerprints('id');
CREATE TRIGGER forget_fingerprints AFTER INSERT ON memberships REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION forget_fingerprints('person_id');
CREATE TRIGGER forget_fingerprints AFTER INSERT ON merges REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION forget_fingerprints('person_id');
CREATE TRIGGER forget_kept_fingerprints AFTER INSERT ON merges REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION forget_fingerprints('kept_person_id');
"""


def upgrade() -> None:
    """Create imports and what belongs to them."""
    run_script(IMPORTS)
    run_script(FINGERPRINTS)


def downgrade() -> None:
    """Drop them."""
    run_script(
        "DROP FUNCTION forget_fingerprints CASCADE;"
        "DROP TABLE row_fingerprints, import_mappings, import_chunks, imports;"
        "DROP FUNCTION outcomes_once"
    )
