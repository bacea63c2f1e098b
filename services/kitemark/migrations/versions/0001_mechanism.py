"""expand: types, the rules of dated facts, journal, idempotency, reference data."""

from shared.migrations import run_script

revision = "0001"
down_revision = None

TYPES = """
CREATE TYPE textrange AS RANGE (subtype = text);
CREATE SEQUENCE fact_ids;
GRANT USAGE ON SEQUENCE fact_ids TO kitemark_app;
"""

FACTS = """
CREATE FUNCTION close_corrected() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE opened timestamptz; fact bigint;
BEGIN
    EXECUTE format('SELECT lower(known), id FROM %I WHERE row_id = $1 AND upper_inf(known) FOR UPDATE',
        TG_TABLE_NAME) INTO opened, fact USING NEW.corrects;
    IF opened IS NULL OR fact <> NEW.id THEN
        RAISE EXCEPTION 'row % is not the open version of fact %', NEW.corrects, NEW.id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'fact_already_corrected';
    END IF;
    NEW.known := tstzrange(greatest(lower(NEW.known), opened + interval '1 microsecond'), NULL);
    EXECUTE format('UPDATE %I SET known = tstzrange(lower(known), $2) WHERE row_id = $1', TG_TABLE_NAME)
        USING NEW.corrects, lower(NEW.known);
    RETURN NEW;
END $$;

CREATE FUNCTION only_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT upper_inf(OLD.known) OR upper_inf(NEW.known) OR lower(NEW.known) <> lower(OLD.known)
        OR to_jsonb(NEW) - 'known' <> to_jsonb(OLD) - 'known' THEN
        RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION app_body() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('app.body', true), '') $$;

CREATE PROCEDURE create_facts(name text, columns text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE %1$I ('
        ' row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,'
        ' id bigint NOT NULL DEFAULT nextval(''fact_ids''),'
        ' corrects bigint REFERENCES %1$I (row_id),'
        ' subject text NOT NULL,'
        ' valid daterange NOT NULL CHECK (NOT isempty(valid)),'
        ' known tstzrange NOT NULL CHECK (NOT isempty(known)),'
        ' txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),'
        ' %2$s)', name, columns);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (id) WHERE upper_inf(known)',
        name || '_one_open_version', name);
    EXECUTE format('CREATE INDEX %I ON %I (subject)', name || '_subject', name);
    EXECUTE format('CREATE TRIGGER close_corrected BEFORE INSERT ON %I FOR EACH ROW'
        ' WHEN (NEW.corrects IS NOT NULL) EXECUTE FUNCTION close_corrected()', name);
    EXECUTE format('CREATE TRIGGER only_close BEFORE UPDATE ON %I'
        ' FOR EACH ROW EXECUTE FUNCTION only_close()', name);
    EXECUTE format('CREATE TRIGGER never_delete BEFORE DELETE OR TRUNCATE ON %I'
        ' FOR EACH STATEMENT EXECUTE FUNCTION never()', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO kitemark_app', name);
END $$;

CREATE PROCEDURE own_body_only(name text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY anyone_reads ON %I FOR SELECT USING (true)', name);
    EXECUTE format('CREATE POLICY own_inserts ON %I FOR INSERT'
        ' WITH CHECK (app_body() IN ('''', body))', name);
    EXECUTE format('CREATE POLICY own_updates ON %I FOR UPDATE'
        ' USING (app_body() IN ('''', body))', name);
END $$;
"""

TABLES = """
CREATE TABLE journal (
    position bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    event text NOT NULL,
    subject text NOT NULL,
    facts jsonb NOT NULL,
    previous bytea NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE INDEX ix_journal_txid ON journal (txid);
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON journal TO kitemark_app;

CREATE TABLE idempotency_keys (
    client_id text,
    key text,
    request_hash text NOT NULL,
    status integer,
    body text,
    location text,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, key)
);
CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO kitemark_app;

CREATE TABLE reference (
    kind text,
    code text,
    position integer NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (kind, code)
);
GRANT SELECT, INSERT, UPDATE ON reference TO kitemark_app;
"""


def upgrade() -> None:
    """Create the mechanism on which every dated fact stands."""
    for part in (TYPES, FACTS, TABLES):
        run_script(part)


def downgrade() -> None:
    """Drop it."""
    run_script(
        "DROP TABLE reference, idempotency_keys, journal;"
        "DROP PROCEDURE own_body_only, create_facts;"
        "DROP FUNCTION app_body, never, only_close, close_corrected;"
        "DROP SEQUENCE fact_ids; DROP TYPE textrange;"
    )
