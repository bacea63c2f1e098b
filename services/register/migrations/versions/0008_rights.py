"""expand: disclosures, erasures, attempts to join, the rules for showing, erasing and forgetting records."""

from shared.migrations import run_script

revision = "0008"
down_revision = "0007"

TABLES = """
CREATE TABLE disclosures (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL,
    recipient text NOT NULL, recipient_kind text NOT NULL, client_id text, association text, urn text,
    about text NOT NULL, purpose text NOT NULL, operation text NOT NULL,
    fields text[] NOT NULL CONSTRAINT disclosures_some_field CHECK (cardinality(fields) > 0)
);
CREATE INDEX disclosures_about ON disclosures (about, id);
CREATE INDEX disclosures_at ON disclosures USING brin (at);
CREATE TRIGGER never_change BEFORE UPDATE OR TRUNCATE ON disclosures
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON disclosures TO register_app;
CALL own_association_only('disclosures');

CREATE TABLE join_attempts (
    counter text, day date,
    attempts integer NOT NULL DEFAULT 0 CONSTRAINT join_attempts_counted CHECK (attempts >= 0),
    PRIMARY KEY (counter, day)
);
GRANT SELECT, INSERT ON join_attempts TO register_app;
GRANT UPDATE (attempts) ON join_attempts TO register_app;

CREATE TABLE erasures (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    ground text NOT NULL,
    status text NOT NULL CONSTRAINT erasures_status CHECK (status IN ('proposed', 'done', 'declined')),
    proposed_by text NOT NULL, proposed_at timestamptz NOT NULL,
    decided_by text, decided_at timestamptz, policy_version text,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT erasures_four_eyes CHECK (decided_by <> proposed_by),
    CONSTRAINT erasures_decided_by_someone CHECK (status = 'proposed' OR decided_by IS NOT NULL)
);
CREATE UNIQUE INDEX erasures_one_open ON erasures (person_id) WHERE status = 'proposed';
GRANT SELECT, INSERT ON erasures TO register_app;
GRANT UPDATE (status, decided_by, decided_at, policy_version) ON erasures TO register_app;
CREATE FUNCTION erasure_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.status <> 'proposed' OR NEW.status = 'proposed' THEN
        RAISE '% is over', OLD.id USING ERRCODE = 'unique_violation', CONSTRAINT = 'erasures_decided_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_once BEFORE UPDATE ON erasures FOR EACH ROW EXECUTE FUNCTION erasure_decided_once();

CREATE TABLE erasing (txid bigint PRIMARY KEY);

ALTER TABLE people ADD COLUMN erased_at timestamptz;
CREATE FUNCTION stays_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE 'person % was erased', OLD.id USING ERRCODE = 'unique_violation', CONSTRAINT = 'people_stay_erased';
END $$;
CREATE TRIGGER stays_erased BEFORE UPDATE ON people FOR EACH ROW WHEN (OLD.erased_at IS NOT NULL)
    EXECUTE FUNCTION stays_erased();

ALTER TABLE memberships DROP CONSTRAINT memberships_association_member_id_fkey,
    ADD CONSTRAINT memberships_association_member_id_fkey FOREIGN KEY (association, member_id)
        REFERENCES member_ids (association, member_id) ON UPDATE CASCADE;
"""

# In the conditions $1 are the ids and $2 the numbers of one person; $3 is the association that asks,
# or the instant of the erasure; for what is outlived, $1 is the instant before which it is.
RULES = """
CREATE TABLE record_rules (
    relation text PRIMARY KEY, record_class text NOT NULL, place integer NOT NULL,
    read_from text NOT NULL, rows_of text NOT NULL, association_sees text, hides text[] NOT NULL,
    erases text, keeps text[] NOT NULL, open_when text, outlived text
);
GRANT SELECT ON record_rules TO register_app;

CREATE PROCEDURE record_rule(relation text, record_class text, rows_of text DEFAULT 'person_id = ANY ($1)',
    association_sees text DEFAULT NULL, hides text[] DEFAULT '{}', erases text DEFAULT NULL,
    keeps text[] DEFAULT '{}', open_when text DEFAULT NULL, outlived text DEFAULT NULL,
    place integer DEFAULT 50, read_from text DEFAULT NULL) LANGUAGE sql AS $$
    INSERT INTO record_rules VALUES (relation, record_class, place, coalesce(read_from, relation), rows_of,
        association_sees, hides || '{row_id,corrects,person_id,txid}', erases, keeps, open_when, outlived)
$$;

-- A cell may hold NUL, which no jsonb can.
CREATE FUNCTION rows_in(kept text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT (CASE WHEN strpos(kept, '\\u0000') = 0 THEN kept
        ELSE regexp_replace(kept, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1 ', 'g') END)::jsonb
$$;
CREATE FUNCTION rows_of_people(content text, outcomes text, association text, ids bigint[], numbers text[])
RETURNS TABLE (place bigint, cells jsonb, outcome jsonb) LANGUAGE sql STABLE AS $$
    SELECT r.place, r.said -> 2, o.said
    FROM jsonb_array_elements(rows_in(content)) WITH ORDINALITY AS r (said, place)
    LEFT JOIN jsonb_array_elements(rows_in(outcomes)) WITH ORDINALITY AS o (said, place) USING (place)
    WHERE o.said ->> 2 = ANY (numbers) OR EXISTS (
        SELECT FROM jsonb_array_elements_text(r.said -> 2) AS cell
        WHERE trim(cell) IN (SELECT m.member_id FROM member_ids m
            WHERE m.person_id = ANY (ids) AND m.association = rows_of_people.association)
          OR cell ~* '^[^0-9a-z]*c' AND upper(regexp_replace(cell, '[^0-9A-Za-z]', '', 'g')) = ANY (numbers))
$$;
CREATE FUNCTION without_rows_of(content text, found bigint[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_agg(CASE WHEN place <> ALL (found) THEN said ELSE jsonb_set(said, '{2}', (
        SELECT coalesce(jsonb_agg(''::text), '[]') FROM jsonb_array_elements(said -> 2))) END ORDER BY place)
    FROM jsonb_array_elements(rows_in(content)) WITH ORDINALITY AS r (said, place)
$$;
CREATE FUNCTION without_messages_of(outcomes text, found bigint[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_agg(CASE WHEN place <> ALL (found) THEN said ELSE jsonb_set(said, '{3}', 'null') END
        ORDER BY place)
    FROM jsonb_array_elements(rows_in(outcomes)) WITH ORDINALITY AS r (said, place)
$$;

CALL record_rule('import_chunks', 'import_rows', place => 10, association_sees => 'association = $3',
    read_from => 'import_chunks, LATERAL rows_of_people(content, outcomes, association, $1, $2) found',
    rows_of => 'EXISTS (SELECT FROM rows_of_people(content, outcomes, association, $1, $2))',
    hides => '{content,outcomes,chunk,place}', keeps => '{association}',
    erases => 'content = without_rows_of(content, ARRAY(SELECT r.place FROM rows_of_people(content, outcomes,
        association, $1, $2) r)), outcomes = without_messages_of(outcomes, ARRAY(SELECT r.place
        FROM rows_of_people(content, outcomes, association, $1, $2) r))',
    outlived => 'import_id IN (SELECT i.id FROM imports i WHERE i.finished_at < $1)');
CALL record_rule('row_fingerprints', 'import_rows', place => 10, hides => '{digest}', erases => '',
    rows_of => '(association, member_id) IN (SELECT m.association, m.member_id FROM member_ids m
        WHERE m.person_id = ANY ($1))', association_sees => 'association = $3');
CALL record_rule('idempotency_keys', 'idempotency_answers', place => 10, hides => '{body,request_hash}',
    rows_of => 'concat(body, location) LIKE ANY (ARRAY(SELECT format(''%%%s%%'', n) FROM unnest($2) n))',
    erases => '', outlived => 'expires_at <= $1');
CALL record_rule('previous_names', 'identity', place => 20, association_sees => 'true', erases => '');
CALL record_rule('member_ids', 'identity', place => 30, association_sees => 'association = $3',
    erases => 'member_id = concat(''erased-'', gen_random_uuid()), email = NULL, telephone = NULL',
    keeps => '{association}');
CALL record_rule('memberships', 'standing', association_sees => 'association = $3',
    keeps => '{association,member_id,level,category}');
CALL record_rule('holdings', 'evidence', association_sees => 'association = $3',
    erases => 'title = ''-'', awarding_body = NULL, subject = NULL, evidence_reference = NULL, reason = NULL',
    keeps => '{association,qualification,framework,level,status,method,submitted_by,decided_by,awarded_on,
        expected_on}');
CALL record_rule('code_acceptances', 'standing', association_sees => 'association = $3',
    keeps => '{association,code_version,accepted_on}');
CALL record_rule('applications', 'admission', association_sees => 'association = $3',
    erases => 'reasons = NULL', open_when => 'status = ''submitted''',
    keeps => '{association,scopes,status,submitted_by,decided_by,policy_version}');
CALL record_rule('register_entries', 'standing', erases => 'reason = NULL', keeps => '{status}');
CALL record_rule('licences', 'standing', association_sees => 'true', keeps => '{policy_version,ended}');
CALL record_rule('licence_scopes', 'standing', association_sees => 'true', keeps => '{scope}');
CALL record_rule('sanctions', 'sanctions', erases => 'public_reason = ''-'', internal_reason = ''-'',
    conditions = left(conditions, 0) || ''-'', lifted_reason = left(lifted_reason, 0) || ''-''',
    keeps => '{kind,imposed_by,lifted_by}');
CALL record_rule('merges', 'identity', hides => '{kept_person_id}', erases => 'reason = ''-''',
    keeps => '{decided_by}');
CALL record_rule('possible_duplicates', 'identity', hides => '{first_person_id,second_person_id}',
    rows_of => '(first_person_id = ANY ($1) OR second_person_id = ANY ($1))',
    erases => 'decision_reason = NULL', open_when => 'status = ''open''',
    keeps => '{reason,status,decided_by}');
CALL record_rule('people', 'identity', place => 90, rows_of => 'id = ANY ($1)', association_sees => 'true',
    hides => '{id,folded_name}', erases => 'given_names = '''', family_name = ''-'', folded_name = '''',
    date_of_birth = NULL, home_country = NULL, regions = ''{}'', settings = ''{}'', roles = ''{}'',
    specialisms = ''{}'', erased_at = $3', keeps => '{number}');
CALL record_rule('public_entries', 'standing', association_sees => 'true', keeps => '{number,starts,bodies}');
CALL record_rule('erasures', 'rights', keeps => '{ground,status,proposed_by,decided_by,policy_version}',
    hides => '{id}');
CALL record_rule('disclosures', 'disclosures', rows_of => 'about = ANY ($2)', hides => '{id}',
    association_sees => 'association = $3', outlived => 'at < $1',
    keeps => '{recipient,recipient_kind,client_id,association,urn,about,fields,purpose,operation}');
CALL record_rule('join_attempts', 'join_attempts', keeps => '{counter,day}', outlived => 'day < $1::date',
    rows_of => 'counter = ANY (ARRAY(SELECT ''number:'' || n FROM unnest($2) n))');
CALL record_rule('journal', 'journal', rows_of => 'subject = ANY ($2)', hides => '{previous}',
    association_sees => 'facts ->> ''association'' = $3', keeps => '{actor,event,subject,facts,previous}');
"""

ERASING = """
CREATE FUNCTION is_erasing() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM erasing WHERE txid = pg_current_xact_id_if_assigned()::text::bigint)
$$;

CREATE FUNCTION erase_person(erasure bigint, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE ids bigint[]; numbers text[]; rule record;
BEGIN
    WITH RECURSIVE one (id) AS (
        SELECT kept_person(e.person_id) FROM erasures e
        WHERE e.id = erasure AND e.status = 'done' AND e.decided_by <> e.proposed_by
        UNION SELECT m.person_id FROM merges m JOIN one ON m.kept_person_id = one.id
            WHERE upper_inf(m.known) AND NOT isempty(m.valid))
    SELECT array_agg(p.id), array_agg(p.number) INTO ids, numbers FROM people p JOIN one USING (id);
    IF ids IS NULL THEN
        RAISE EXCEPTION 'erasure % is not confirmed', erasure USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO erasing VALUES (pg_current_xact_id()::text::bigint);
    FOR rule IN SELECT * FROM record_rules WHERE erases IS NOT NULL ORDER BY place, relation LOOP
        EXECUTE format(CASE rule.erases WHEN '' THEN 'DELETE FROM %1$I WHERE %3$s'
            ELSE 'UPDATE %1$I SET %2$s WHERE %3$s' END, rule.relation, rule.erases, rule.rows_of)
            USING ids, numbers, at;
    END LOOP;
    DELETE FROM erasing WHERE txid = pg_current_xact_id()::text::bigint;
END $$;
REVOKE EXECUTE ON FUNCTION erase_person FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_person TO register_app;

CREATE FUNCTION forget_outlived(outlived_class text, before timestamptz, rehearsing boolean) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE rule record; touched bigint; found bigint := 0;
BEGIN
    IF before > greatest(clock_timestamp(), (SELECT max(j.at) FROM journal j)) THEN
        RAISE EXCEPTION 'nothing is outlived by a day to come' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR rule IN SELECT * FROM record_rules WHERE record_class = outlived_class AND outlived IS NOT NULL LOOP
        IF rehearsing THEN
            EXECUTE format('SELECT count(*) FROM %I WHERE %s', rule.relation, rule.outlived)
                INTO touched USING before;
        ELSE
            EXECUTE format('DELETE FROM %I WHERE %s', rule.relation, rule.outlived) USING before;
            GET DIAGNOSTICS touched = ROW_COUNT;
        END IF;
        found := found + touched;
    END LOOP;
    RETURN found;
END $$;
REVOKE EXECUTE ON FUNCTION forget_outlived FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_outlived TO register_app;
"""

# History stays as it was written, but for what an erasure takes away.
GUARDS = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition}{unless} THEN
        RAISE EXCEPTION {said};
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
"""
PRIVILEGE = "'history is append-only' USING ERRCODE = 'insufficient_privilege'"
DECIDED = "'{0} % was decided', OLD.id USING ERRCODE = 'unique_violation', CONSTRAINT = '{1}_decided_once'"
GUARDED = {
    "never": ("true", PRIVILEGE),
    "only_close": (
        "(NOT upper_inf(OLD.known) OR upper_inf(NEW.known) OR lower(NEW.known) <> lower(OLD.known)"
        " OR to_jsonb(NEW) - 'known' <> to_jsonb(OLD) - 'known')",
        PRIVILEGE,
    ),
    "decided_once": ("OLD.status <> 'submitted'", DECIDED.format("application", "applications")),
    "duplicate_decided_once": (
        "(OLD.status <> 'open' OR NEW.status = 'open')",
        DECIDED.format("possible duplicate", "possible_duplicates"),
    ),
    "outcomes_once": (
        "true",
        "'the outcomes of chunk % of import % are written', OLD.chunk, OLD.import_id"
        " USING ERRCODE = 'unique_violation', CONSTRAINT = 'import_chunks_once'",
    ),
}

READS = """
CREATE POLICY own_reads ON {0} FOR SELECT USING (app_association() IN ('', association));
DROP POLICY anyone_reads ON {0};
"""
# Those that no verdict is decided from: a verdict needs what every association told.
READ_BY_OWN = ("member_ids", "applications", "imports", "import_chunks", "import_mappings")


def guards(*, unless: str) -> None:
    """Make the guards of history anew."""
    for name, (condition, said) in GUARDED.items():
        run_script(GUARDS.format(name=name, unless=unless, condition=condition, said=said))


def upgrade() -> None:
    """Create what a person's rights need."""
    for part in (TABLES, RULES, ERASING):
        run_script(part)
    guards(unless=" AND NOT is_erasing()")
    for name in READ_BY_OWN:
        run_script(READS.format(name))
    run_script(
        "CALL own_association_only('row_fingerprints');"
        "CREATE POLICY own_deletes ON row_fingerprints FOR DELETE"
        " USING (app_association() IN ('', association));" + READS.format("row_fingerprints")
    )


def downgrade() -> None:
    """Drop it."""
    for name in READ_BY_OWN:
        run_script(f"CREATE POLICY anyone_reads ON {name} FOR SELECT USING (true)")
        run_script(f"DROP POLICY own_reads ON {name}")
    run_script(
        "DROP POLICY own_reads ON row_fingerprints; DROP POLICY own_deletes ON row_fingerprints;"
        "DROP POLICY own_inserts ON row_fingerprints; DROP POLICY own_updates ON row_fingerprints;"
        "ALTER TABLE row_fingerprints DISABLE ROW LEVEL SECURITY;"
    )
    guards(unless="")
    run_script(
        "ALTER TABLE memberships DROP CONSTRAINT memberships_association_member_id_fkey,"
        " ADD CONSTRAINT memberships_association_member_id_fkey FOREIGN KEY (association, member_id)"
        " REFERENCES member_ids (association, member_id);"
        "DROP TRIGGER stays_erased ON people; ALTER TABLE people DROP COLUMN erased_at;"
        "DROP FUNCTION forget_outlived, erase_person, is_erasing, without_messages_of, without_rows_of,"
        " rows_of_people, rows_in; DROP PROCEDURE record_rule; DROP FUNCTION stays_erased;"
        "DROP TABLE record_rules, erasing, erasures, join_attempts, disclosures;"
        "DROP FUNCTION erasure_decided_once"
    )
