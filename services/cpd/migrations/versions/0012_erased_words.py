"""expand: an erasure takes out why a case was opened by hand, and leaves what an erased log counts for."""

from shared.migrations import run_script

revision = "0012"
down_revision = "0011"

ERASING = """
CREATE OR REPLACE FUNCTION erase_person(given text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched bigint := 0; found bigint;
BEGIN
    INSERT INTO erasing VALUES (pg_current_xact_id()::text::bigint);
    -- Titles that were the same stay the same, and others apart: by them an activity told twice counts once.
    UPDATE entries e SET title = '-' || (
            SELECT min(o.id) FROM entries o WHERE o.number = ANY (given) AND lower(o.title) = lower(e.title)),
        provider = NULL, effect = NULL,
        void_reason = CASE WHEN void_reason IS NOT NULL THEN '-' END,
        outcomes = array_fill('-'::text, ARRAY[cardinality(outcomes)]),
        reflection = CASE WHEN reflection IS NOT NULL THEN '-' END
    WHERE number = ANY (given) AND (title !~ '^-[0-9]+$' OR provider IS NOT NULL OR effect IS NOT NULL
        OR void_reason <> '-' OR reflection <> '-'
        OR outcomes <> array_fill('-'::text, ARRAY[cardinality(outcomes)]));
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE pauses SET note = '-', reason = 'other' WHERE number = ANY (given)
        AND (note <> '-' OR reason <> 'other');
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE returns SET nature = '-' WHERE number = ANY (given) AND nature <> '-';
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE audit_packs SET activities = '[]', gaps = '[]' WHERE (activities <> '[]' OR gaps <> '[]')
        AND case_id IN (SELECT id FROM audit_cases WHERE number = ANY (given));
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE audit_cases SET reason = '-' WHERE number = ANY (given) AND reason <> '-';
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE audit_steps SET words = NULL WHERE words IS NOT NULL
        AND case_id IN (SELECT id FROM audit_cases WHERE number = ANY (given));
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE audit_findings SET reasons = '-' WHERE reasons <> '-'
        AND case_id IN (SELECT id FROM audit_cases WHERE number = ANY (given));
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    DELETE FROM idempotency_keys WHERE EXISTS (SELECT FROM unnest(given) AS one WHERE strpos(body, one) > 0);
    DELETE FROM erasing WHERE txid = pg_current_xact_id()::text::bigint;
    RETURN touched;
END $$;
"""


def upgrade() -> None:
    """Take out more words, and fewer differences."""
    run_script(ERASING)


def downgrade() -> None:
    """Leave it: the service before this one erases by it as well."""
