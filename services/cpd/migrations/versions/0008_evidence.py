"""expand: evidence files, by the hash of their bytes."""

from shared.migrations import run_script

revision = "0008"
down_revision = "0007"

UP = """
CREATE TABLE evidence (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry bigint NOT NULL,
    association text NOT NULL,
    number text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    media_type text NOT NULL,
    size integer NOT NULL CHECK (size BETWEEN 1 AND 10485760),
    added_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX evidence_once_an_entry ON evidence (entry, sha256);
CREATE INDEX ix_evidence_number ON evidence (number);
CREATE INDEX ix_evidence_sha256 ON evidence (sha256);
GRANT SELECT, INSERT, DELETE ON evidence TO cpd_app;
CALL own_association_only('evidence');
CREATE POLICY own_deletes ON evidence FOR DELETE USING (app_association() IN ('', association));
"""


def upgrade() -> None:
    """Create the table of links."""
    run_script(UP)


def downgrade() -> None:
    """Drop it; the files stay in their store."""
    run_script("DROP TABLE evidence;")
