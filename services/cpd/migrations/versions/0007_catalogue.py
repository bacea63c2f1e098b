"""expand: the catalogue of CPD offers, every version of each."""

from shared.migrations import run_script

revision = "0007"
down_revision = "0006"

UP = """
CREATE TABLE offers (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bigint NOT NULL DEFAULT nextval('fact_ids'),
    corrects bigint REFERENCES offers (row_id),
    association text NOT NULL,
    offer_id text NOT NULL,
    known tstzrange NOT NULL CHECK (NOT isempty(known)),
    search_key text NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    delivery text NOT NULL,
    region text,
    free boolean NOT NULL,
    specialisms text[] NOT NULL,
    withdrawn boolean NOT NULL,
    content jsonb NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE UNIQUE INDEX offers_one_open_version ON offers (id) WHERE upper_inf(known);
CREATE UNIQUE INDEX offers_own_id ON offers (association, offer_id) WHERE upper_inf(known);
CREATE INDEX ix_offers_title ON offers (title, id) WHERE upper_inf(known) AND NOT withdrawn;
CREATE TRIGGER close_corrected BEFORE INSERT ON offers FOR EACH ROW
    WHEN (NEW.corrects IS NOT NULL) EXECUTE FUNCTION close_corrected();
CREATE TRIGGER only_close BEFORE UPDATE ON offers FOR EACH ROW EXECUTE FUNCTION only_close();
CREATE TRIGGER never_delete BEFORE DELETE OR TRUNCATE ON offers
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON offers TO cpd_app;
CALL own_association_only('offers');
"""


def upgrade() -> None:
    """Create the catalogue."""
    run_script(UP)


def downgrade() -> None:
    """Drop it."""
    run_script("DROP TABLE offers;")
