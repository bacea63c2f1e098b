"""expand: checks that can be proved, the public keys of their receipts."""

from shared.migrations import run_script

revision = "0002"
down_revision = "0001"

UP = """
CREATE TABLE receipt_keys (
    kid text PRIMARY KEY,
    jwk jsonb NOT NULL CONSTRAINT receipt_keys_are_public CHECK (NOT jwk ? 'd'),
    first_used_at timestamptz NOT NULL,
    distrusted_at timestamptz
);
CREATE TRIGGER distrusted_for_good BEFORE UPDATE ON receipt_keys
    FOR EACH ROW WHEN (OLD.distrusted_at IS NOT NULL) EXECUTE FUNCTION never();
CREATE TRIGGER never_delete BEFORE DELETE OR TRUNCATE ON receipt_keys
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT, UPDATE (distrusted_at) ON receipt_keys TO gateway_app;

CREATE TABLE checks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL CONSTRAINT checks_reference UNIQUE,
    kind text NOT NULL,
    client_id text NOT NULL,
    urn text,
    association text,
    purpose text NOT NULL,
    subjects text[] NOT NULL,
    made_at timestamptz NOT NULL,
    told_from timestamptz NOT NULL,
    asked jsonb NOT NULL,
    said jsonb NOT NULL,
    rows jsonb,
    positions jsonb NOT NULL,
    receipt text NOT NULL
);
CREATE INDEX ix_checks_client_id ON checks (client_id, id);
CREATE INDEX ix_checks_subjects ON checks USING gin (subjects);
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON checks
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON checks TO gateway_app;
"""


def upgrade() -> None:
    """Create the tables."""
    run_script(UP)


def downgrade() -> None:
    """Drop them."""
    run_script("DROP TABLE checks, receipt_keys;")
