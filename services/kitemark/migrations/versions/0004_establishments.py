"""expand: establishments, what they were before, their links."""

from shared.migrations import run_script

revision = "0004"
down_revision = "0003"

UP = """
CREATE TABLE establishments (
    number text PRIMARY KEY,
    name text NOT NULL,
    words text[] NOT NULL,
    status text NOT NULL,
    opened_on date,
    closed_on date,
    la_code text,
    la_name text,
    laestab text,
    ukprn text,
    type text,
    phase text,
    region text,
    town text,
    postcode text,
    known_from timestamptz NOT NULL
);
CREATE INDEX ix_establishments_words ON establishments USING gin (words);
CREATE INDEX ix_establishments_laestab ON establishments (laestab);
CREATE INDEX ix_establishments_ukprn ON establishments (ukprn);
CREATE INDEX ix_establishments_la_code ON establishments (la_code, number);
GRANT SELECT, INSERT, UPDATE ON establishments TO kitemark_app;

CREATE TABLE former_establishments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL,
    known tstzrange NOT NULL,
    body jsonb NOT NULL
);
CREATE INDEX ix_former_establishments_number ON former_establishments (number, id);
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON former_establishments
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON former_establishments TO kitemark_app;

CREATE TABLE establishment_links (
    number text NOT NULL,
    linked text NOT NULL,
    kind text NOT NULL,
    since date,
    known_from timestamptz NOT NULL,
    PRIMARY KEY (number, linked, kind)
);
CREATE INDEX ix_establishment_links_linked ON establishment_links (linked);
GRANT SELECT, INSERT, UPDATE ON establishment_links TO kitemark_app;
"""


def upgrade() -> None:
    """Create the tables."""
    run_script(UP)


def downgrade() -> None:
    """Drop them."""
    run_script("DROP TABLE establishment_links, former_establishments, establishments;")
