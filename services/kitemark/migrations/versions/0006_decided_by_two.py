"""expand: the database takes no validation or authority that two people did not decide."""

from shared.migrations import run_script

revision = "0006"
down_revision = "0005"

# Looked at when the transaction ends, since the proposal is closed after its effect is written. What a job of
# ours tells of, as its sources do, nobody proposed.
UP = """
CREATE FUNCTION decided_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decided_by NOT LIKE 'system:%' OR NEW.corrects IS NOT NULL THEN
        PERFORM FROM standing_proposals p
            WHERE p.state = 'confirmed' AND p.recorded = NEW.id AND p.txid = NEW.txid
            AND p.decided_by <> p.proposed_by;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'one person alone decides on no standing'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_by_two';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE INDEX standing_proposals_recorded ON standing_proposals (recorded) WHERE recorded IS NOT NULL;
CREATE CONSTRAINT TRIGGER decided_by_two AFTER INSERT ON validations DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION decided_by_two();
CREATE CONSTRAINT TRIGGER decided_by_two AFTER INSERT ON authorities DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION decided_by_two();
"""


def upgrade() -> None:
    """Look at every standing when its transaction ends."""
    run_script(UP)


def downgrade() -> None:
    """Leave it to the application."""
    run_script(
        "DROP TRIGGER decided_by_two ON validations; DROP TRIGGER decided_by_two ON authorities;"
        "DROP FUNCTION decided_by_two; DROP INDEX standing_proposals_recorded;"
    )
