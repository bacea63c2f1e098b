"""expand: modules, programmes, the credit bank, prior learning, awards offered; every version of each."""

from shared.migrations import run_script

revision = "0011"
down_revision = "0010"

VERSIONED = """
CREATE TABLE {name} (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bigint NOT NULL DEFAULT nextval('fact_ids'),
    corrects bigint REFERENCES {name} (row_id),
    association text NOT NULL,
    known tstzrange NOT NULL CHECK (NOT isempty(known)),
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    {columns}
);
CREATE UNIQUE INDEX {name}_one_open_version ON {name} (id) WHERE upper_inf(known);
CREATE TRIGGER close_corrected BEFORE INSERT ON {name} FOR EACH ROW
    WHEN (NEW.corrects IS NOT NULL) EXECUTE FUNCTION close_corrected();
CREATE TRIGGER only_close BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION only_close();
CREATE TRIGGER never_delete BEFORE DELETE OR TRUNCATE ON {name}
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON {name} TO cpd_app;
CALL own_association_only('{name}');
"""

TOLD = """
    code text NOT NULL,
    version text NOT NULL,
    effective_from date NOT NULL,
    content jsonb NOT NULL
"""

TOLD_ONCE = """
CREATE UNIQUE INDEX {name}_own_id ON {name} (association, code, version) WHERE upper_inf(known);
CREATE UNIQUE INDEX {name}_one_a_day ON {name} (association, code, effective_from) WHERE upper_inf(known);
"""

BANK = """
CALL create_facts('credits', $$
    association text NOT NULL,
    credit_id text,
    recognition bigint,
    source text NOT NULL CHECK (source IN ('earned', 'recognised', 'exempted')),
    module_association text NOT NULL,
    module_id text NOT NULL,
    module_version text NOT NULL,
    framework text NOT NULL,
    level text NOT NULL,
    credits integer NOT NULL CHECK (credits > 0),
    awarding_body text NOT NULL,
    reference text,
    void_reason text,
    CONSTRAINT credits_by_one_way CHECK ((source = 'earned') = (credit_id IS NOT NULL)
        AND (credit_id IS NULL) = (recognition IS NOT NULL))
$$);
CREATE UNIQUE INDEX credits_own_id ON credits (association, credit_id) WHERE upper_inf(known);
CREATE UNIQUE INDEX credits_once_a_recognition ON credits (recognition) WHERE upper_inf(known);
"""

RECOGNITIONS = """
CALL create_facts('recognitions', $$
    association text NOT NULL,
    claimant text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('credit', 'exemption')),
    module_association text NOT NULL,
    module_id text NOT NULL,
    module_version text NOT NULL,
    grounds text NOT NULL,
    reference text,
    state text NOT NULL CHECK (state IN ('claimed', 'granted', 'refused', 'withdrawn')),
    claimed_by text NOT NULL,
    assessed_by text,
    reasons text,
    CONSTRAINT recognitions_claimed_first CHECK ((state = 'claimed') = (corrects IS NULL)),
    CONSTRAINT recognitions_assessed CHECK ((state IN ('granted', 'refused'))
        = (assessed_by IS NOT NULL AND reasons IS NOT NULL)),
    CONSTRAINT recognitions_by_two CHECK (assessed_by <> claimed_by)
$$);
CREATE UNIQUE INDEX recognitions_one_open ON recognitions (number, module_association, module_id)
    WHERE upper_inf(known) AND state = 'claimed';
"""

OFFERS = """
CALL create_facts('award_offers', $$
    association text NOT NULL,
    programme_association text NOT NULL,
    programme_id text NOT NULL,
    programme_version text NOT NULL,
    award text NOT NULL,
    awarding_body text NOT NULL,
    framework text NOT NULL,
    level text NOT NULL,
    credits integer NOT NULL,
    rests_on bigint[] NOT NULL CHECK (cardinality(rests_on) > 0),
    withdrawn boolean NOT NULL
$$);
CREATE UNIQUE INDEX award_offers_once ON award_offers (number, programme_association, programme_id, award)
    WHERE upper_inf(known) AND NOT withdrawn;
CALL own_association_only('award_offers');
"""

# Credit that prior learning brings is written by whoever tells the module.
KEEPERS = """
ALTER TABLE credits ENABLE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON credits FOR SELECT USING (true);
CREATE POLICY own_inserts ON credits FOR INSERT WITH CHECK (app_association() IN ('', association)
    OR (source <> 'earned' AND app_association() = module_association));
CREATE POLICY own_updates ON credits FOR UPDATE USING (app_association() IN ('', association));
CALL own_association_only('recognitions');
"""

ERASING = """
CREATE FUNCTION erase_credits(given text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched bigint := 0; found bigint;
BEGIN
    INSERT INTO erasing VALUES (pg_current_xact_id()::text::bigint);
    UPDATE credits SET reference = NULL, void_reason = CASE WHEN void_reason IS NOT NULL THEN '-' END
    WHERE number = ANY (given) AND (reference IS NOT NULL OR void_reason <> '-');
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    UPDATE recognitions SET grounds = '-', reference = NULL,
        reasons = CASE WHEN reasons IS NOT NULL THEN '-' END
    WHERE number = ANY (given) AND grounds <> '-';
    GET DIAGNOSTICS found = ROW_COUNT; touched := touched + found;
    DELETE FROM erasing WHERE txid = pg_current_xact_id()::text::bigint;
    RETURN touched;
END $$;
REVOKE EXECUTE ON FUNCTION erase_credits FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_credits TO cpd_app;
"""


def upgrade() -> None:
    """Create the tables."""
    for name in ("modules", "programmes"):
        run_script(VERSIONED.format(name=name, columns=TOLD) + TOLD_ONCE.format(name=name))
    for part in (BANK, RECOGNITIONS, OFFERS, KEEPERS, ERASING):
        run_script(part)


def downgrade() -> None:
    """Drop them."""
    run_script(
        "DROP FUNCTION erase_credits; DROP TABLE award_offers, recognitions, credits, programmes, modules;"
    )
