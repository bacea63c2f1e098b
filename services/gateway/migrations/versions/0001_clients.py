"""expand: journal, idempotency, clients, revoked tokens, used assertions."""

from shared.migrations import run_script

revision = "0001"
down_revision = None

MECHANISM = """
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

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
GRANT SELECT, INSERT ON journal TO gateway_app;

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
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO gateway_app;
"""

CLIENTS = """
CREATE TABLE clients (
    client_id text PRIMARY KEY,
    kind text NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    scopes text[] NOT NULL,
    association text,
    body text,
    urn text,
    secret_hash bytea CONSTRAINT clients_secret_is_hashed CHECK (octet_length(secret_hash) = 32),
    keys jsonb,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    tokens_void_before timestamptz
);
CREATE TRIGGER revoked_for_good BEFORE UPDATE ON clients
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL) EXECUTE FUNCTION never();
GRANT SELECT, INSERT, UPDATE (secret_hash, keys, revoked_at, tokens_void_before) ON clients TO gateway_app;

CREATE TABLE revoked_tokens (
    token_id text PRIMARY KEY,
    client_id text NOT NULL REFERENCES clients (client_id),
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_revoked_tokens_expires_at ON revoked_tokens (expires_at);

CREATE TABLE used_assertions (
    client_id text REFERENCES clients (client_id),
    assertion_id text,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, assertion_id)
);
CREATE INDEX ix_used_assertions_expires_at ON used_assertions (expires_at);
GRANT SELECT, INSERT, DELETE ON revoked_tokens, used_assertions TO gateway_app;
"""


def upgrade() -> None:
    """Create what the gateway keeps of its callers."""
    run_script(MECHANISM)
    run_script(CLIENTS)


def downgrade() -> None:
    """Drop it."""
    run_script(
        "DROP TABLE used_assertions, revoked_tokens, clients, idempotency_keys, journal; DROP FUNCTION never;"
    )
