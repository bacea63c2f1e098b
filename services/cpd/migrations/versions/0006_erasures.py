"""expand: whom the register erases is erased here too, out of every version; what is proved stays."""

from shared.migrations import run_script

revision = "0006"
down_revision = "0005"

GUARDS = """
CREATE OR REPLACE FUNCTION only_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NOT upper_inf(OLD.known) OR upper_inf(NEW.known) OR lower(NEW.known) <> lower(OLD.known)
        OR to_jsonb(NEW) - 'known' <> to_jsonb(OLD) - 'known') {unless} THEN
        RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF true {unless} THEN
        RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
"""

ERASING = """
CREATE TABLE erasing (txid bigint PRIMARY KEY);

CREATE FUNCTION is_erasing() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM erasing WHERE txid = pg_current_xact_id_if_assigned()::text::bigint)
$$;

CREATE FUNCTION erase_person(given text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched bigint := 0; found bigint;
BEGIN
    INSERT INTO erasing VALUES (pg_current_xact_id()::text::bigint);
    UPDATE entries SET title = '-', provider = NULL, effect = NULL,
        void_reason = CASE WHEN void_reason IS NOT NULL THEN '-' END,
        outcomes = array_fill('-'::text, ARRAY[cardinality(outcomes)]),
        reflection = CASE WHEN reflection IS NOT NULL THEN '-' END
    WHERE number = ANY (given) AND title <> '-';
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE pauses SET note = '-', reason = 'other' WHERE number = ANY (given) AND note <> '-';
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE returns SET nature = '-' WHERE number = ANY (given) AND nature <> '-';
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE audit_packs SET activities = '[]', gaps = '[]' WHERE activities <> '[]'
        AND case_id IN (SELECT id FROM audit_cases WHERE number = ANY (given));
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
REVOKE EXECUTE ON FUNCTION erase_person FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_person TO cpd_app;
"""


def upgrade() -> None:
    """Let the owner's function, and nobody else, take a person's texts out of history."""
    run_script(ERASING)
    run_script(GUARDS.format(unless="AND NOT is_erasing()"))


def downgrade() -> None:
    """Put the guards back as they were."""
    run_script(GUARDS.format(unless=""))
    run_script("DROP FUNCTION erase_person, is_erasing; DROP TABLE erasing;")
