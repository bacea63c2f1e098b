"""expand: equivalence between the offers of two associations, every step of either kept."""

from shared.migrations import run_script

revision = "0009"
down_revision = "0008"

UP = """
CREATE TABLE equivalences (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bigint NOT NULL DEFAULT nextval('fact_ids'),
    corrects bigint REFERENCES equivalences (row_id),
    association text NOT NULL,
    proposer text NOT NULL,
    offer_id text NOT NULL,
    other text NOT NULL,
    other_offer_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'accepted', 'declined', 'withdrawn', 'ended')),
    known tstzrange NOT NULL CHECK (NOT isempty(known)),
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT equivalences_of_two CHECK (proposer <> other),
    CONSTRAINT equivalences_proposed_first CHECK ((state = 'proposed') = (corrects IS NULL)),
    CONSTRAINT equivalences_by_their_side CHECK (CASE
        WHEN state IN ('proposed', 'withdrawn') THEN association = proposer
        WHEN state IN ('accepted', 'declined') THEN association = other
        ELSE association IN (proposer, other) END)
);
CREATE UNIQUE INDEX equivalences_one_open_version ON equivalences (id) WHERE upper_inf(known);
-- The same two offers, whichever of them was named first.
CREATE UNIQUE INDEX equivalences_one_open ON equivalences (
    least(ARRAY[proposer, offer_id], ARRAY[other, other_offer_id]),
    greatest(ARRAY[proposer, offer_id], ARRAY[other, other_offer_id])
) WHERE upper_inf(known) AND state IN ('proposed', 'accepted');
CREATE INDEX ix_equivalences_proposer ON equivalences (proposer, offer_id, id) WHERE upper_inf(known);
CREATE INDEX ix_equivalences_other ON equivalences (other, other_offer_id, id) WHERE upper_inf(known);
CREATE TRIGGER close_corrected BEFORE INSERT ON equivalences FOR EACH ROW
    WHEN (NEW.corrects IS NOT NULL) EXECUTE FUNCTION close_corrected();
CREATE TRIGGER only_close BEFORE UPDATE ON equivalences FOR EACH ROW EXECUTE FUNCTION only_close();
CREATE TRIGGER never_delete BEFORE DELETE OR TRUNCATE ON equivalences
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON equivalences TO cpd_app;
CALL own_association_only('equivalences');
"""


def upgrade() -> None:
    """Create the equivalences."""
    run_script(UP)


def downgrade() -> None:
    """Drop them."""
    run_script("DROP TABLE equivalences;")
