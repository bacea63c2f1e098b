"""expand: a possible duplicate is decided once, and its decision is history."""

from shared.migrations import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Refuse every change of a possible duplicate that is not its decision."""
    run_script(
        """
        CREATE FUNCTION duplicate_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.status <> 'open' OR NEW.status = 'open' THEN
                RAISE EXCEPTION 'possible duplicate % was decided', OLD.id
                    USING ERRCODE = 'unique_violation', CONSTRAINT = 'possible_duplicates_decided_once';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER decided_once BEFORE UPDATE ON possible_duplicates
            FOR EACH ROW EXECUTE FUNCTION duplicate_decided_once();
        """
    )


def downgrade() -> None:
    """Let it be changed again."""
    run_script("DROP TRIGGER decided_once ON possible_duplicates;DROP FUNCTION duplicate_decided_once")
