"""expand: corrections of a recorded death, by two registrars.

A release before this one calls somebody dead whose death was recorded by mistake and corrected: it grants
them nothing, and takes nothing from them.
"""

from shared.migrations import run_script

revision = "0017"
down_revision = "0016"

CORRECTIONS = """
CREATE TABLE death_corrections (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    status text NOT NULL CONSTRAINT death_corrections_status
        CHECK (status IN ('proposed', 'confirmed', 'refused')),
    died_on date,
    evidence_reference text NOT NULL,
    grounds text NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    reason text,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT death_corrections_four_eyes CHECK (decided_by <> proposed_by),
    CONSTRAINT death_corrections_decided_by_someone CHECK ((status = 'proposed') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX death_corrections_one_open ON death_corrections (person_id) WHERE status = 'proposed';
CREATE INDEX death_corrections_person ON death_corrections (person_id);
CREATE FUNCTION death_correction_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status <> 'proposed' OR NEW.status = 'proposed') AND NOT is_erasing() THEN
        RAISE EXCEPTION 'correction % was decided', OLD.id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'death_corrections_decided_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_once BEFORE UPDATE ON death_corrections
    FOR EACH ROW EXECUTE FUNCTION death_correction_decided_once();
GRANT SELECT, INSERT ON death_corrections TO register_app;
GRANT UPDATE (status, decided_by, decided_at, reason) ON death_corrections TO register_app;

ALTER TABLE deaths
    ALTER died_on DROP NOT NULL,
    ADD corrects bigint CONSTRAINT deaths_corrected_once UNIQUE REFERENCES deaths (id),
    ADD correction_id bigint REFERENCES death_corrections (id),
    ADD CONSTRAINT deaths_have_a_day CHECK (died_on IS NOT NULL OR correction_id IS NOT NULL),
    ADD CONSTRAINT deaths_correct_something CHECK (correction_id IS NULL OR corrects IS NOT NULL),
    DROP CONSTRAINT deaths_once;
CREATE UNIQUE INDEX deaths_once ON deaths (person_id) WHERE corrects IS NULL;

CALL record_rule('death_corrections', 'standing', open_when => 'status = ''proposed''',
    erases => 'evidence_reference = ''-'', grounds = ''-'', reason = left(reason, 0) || ''-''',
    keeps => '{status,died_on,proposed_by,decided_by}');
"""


def upgrade() -> None:
    """Create what correcting a death needs; a death is a chain of rows from now on, the last one counts."""
    run_script(CORRECTIONS)


def downgrade() -> None:
    """Drop it, which the database refuses once a death was corrected: history does not change."""
    run_script(
        "DELETE FROM record_rules WHERE relation = 'death_corrections';"
        "DROP INDEX deaths_once;"
        "ALTER TABLE deaths ADD CONSTRAINT deaths_once UNIQUE (person_id), ALTER died_on SET NOT NULL,"
        " DROP correction_id, DROP corrects;"
        "DROP TABLE death_corrections;"
        "DROP FUNCTION death_correction_decided_once"
    )
