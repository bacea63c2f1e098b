"""expand: routes to entry with parts, evidence and judgements; standards suites, competence policies."""

from shared.migrations import run_script

revision = "0011"
down_revision = "0010"

PUBLISHED = """
CREATE TABLE standards_suites (
    code text PRIMARY KEY,
    name text NOT NULL,
    version text NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT standards_suites_version UNIQUE (name, version)
);
CREATE TABLE competence_policies (
    code text PRIMARY KEY,
    suite text NOT NULL REFERENCES standards_suites (code),
    body jsonb NOT NULL
);
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON standards_suites
    FOR EACH STATEMENT EXECUTE FUNCTION never();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON competence_policies
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON standards_suites, competence_policies TO register_app;
"""

ROUTES = """
CREATE TABLE entry_routes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    association text NOT NULL,
    route text NOT NULL CONSTRAINT entry_routes_route
        CHECK (route IN ('alternative', 'competence', 'top_up')),
    status text NOT NULL CONSTRAINT entry_routes_status
        CHECK (status IN ('requested', 'gathering', 'assessed', 'granted', 'refused', 'withdrawn')),
    holding_id bigint,
    policy text REFERENCES competence_policies (code),
    optional_credits integer NOT NULL,
    submitted_by text NOT NULL,
    submitted_at timestamptz NOT NULL,
    modules_named_by text,
    modules_reasons text,
    decided_by text,
    decided_at timestamptz,
    reasons text,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT entry_routes_rests_on CHECK (
        CASE route WHEN 'competence' THEN policy IS NOT NULL AND (holding_id IS NULL) = (status <> 'granted')
            ELSE policy IS NULL AND holding_id IS NOT NULL END),
    CONSTRAINT entry_routes_four_eyes CHECK (decided_by <> submitted_by AND modules_named_by <> submitted_by),
    CONSTRAINT entry_routes_decided_by_someone CHECK (
        status NOT IN ('granted', 'refused') OR decided_by IS NOT NULL)
);
CREATE UNIQUE INDEX entry_routes_one_open_on_holding ON entry_routes (holding_id)
    WHERE status IN ('requested', 'gathering', 'assessed');
CREATE UNIQUE INDEX entry_routes_one_open_by_policy ON entry_routes (person_id, policy)
    WHERE status IN ('requested', 'gathering', 'assessed');
CREATE INDEX entry_routes_association ON entry_routes (association, id);
CREATE INDEX entry_routes_person ON entry_routes (person_id);
CREATE INDEX entry_routes_holding ON entry_routes (holding_id) WHERE status = 'granted';
GRANT SELECT, INSERT ON entry_routes TO register_app;
GRANT UPDATE (status, holding_id, modules_named_by, modules_reasons, decided_by, decided_at, reasons)
    ON entry_routes TO register_app;
CALL own_association_only('entry_routes');

CREATE TABLE entry_route_parts (
    route_id bigint REFERENCES entry_routes (id),
    code text,
    place integer NOT NULL,
    association text NOT NULL,
    title text NOT NULL,
    required boolean NOT NULL,
    credits integer,
    PRIMARY KEY (route_id, code)
);

CREATE TABLE entry_route_evidence (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    route_id bigint NOT NULL,
    part text NOT NULL,
    association text NOT NULL,
    reference_list text[] NOT NULL CONSTRAINT entry_route_evidence_refers CHECK (
        cardinality(reference_list) > 0),
    statement text,
    submitted_by text NOT NULL,
    submitted_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    FOREIGN KEY (route_id, part) REFERENCES entry_route_parts (route_id, code),
    CONSTRAINT entry_route_evidence_by UNIQUE (id, submitted_by)
);
CREATE INDEX entry_route_evidence_route ON entry_route_evidence (route_id);

CREATE TABLE entry_route_judgements (
    evidence_id bigint CONSTRAINT entry_route_judgements_once PRIMARY KEY,
    submitted_by text NOT NULL,
    judgement text NOT NULL CONSTRAINT entry_route_judgements_judgement
        CHECK (judgement IN ('met', 'not_met', 'more_evidence')),
    reasons text NOT NULL,
    judged_by text NOT NULL,
    judged_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    FOREIGN KEY (evidence_id, submitted_by) REFERENCES entry_route_evidence (id, submitted_by),
    CONSTRAINT entry_route_judgements_four_eyes CHECK (judged_by <> submitted_by)
);
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_route_parts
    FOR EACH STATEMENT EXECUTE FUNCTION never();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_route_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION never();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_route_judgements
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON entry_route_parts, entry_route_evidence, entry_route_judgements TO register_app;
CALL own_association_only('entry_route_parts');
CALL own_association_only('entry_route_evidence');
ALTER TABLE entry_route_judgements ENABLE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON entry_route_judgements FOR SELECT USING (true);
CREATE POLICY no_association_inserts ON entry_route_judgements FOR INSERT
    WITH CHECK (app_association() = '');
"""

GUARDS = """
CREATE FUNCTION entry_route_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('granted', 'refused', 'withdrawn') AND NOT is_erasing() THEN
        RAISE EXCEPTION 'entry route % is over', OLD.id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'entry_routes_decided_once';
    END IF;
    IF NEW.decided_by IS NOT NULL AND EXISTS (
        SELECT FROM entry_route_evidence e LEFT JOIN entry_route_judgements j ON j.evidence_id = e.id
        WHERE e.route_id = NEW.id AND NEW.decided_by IN (e.submitted_by, j.judged_by)) THEN
        RAISE EXCEPTION 'entry route % was judged by whoever decides it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_routes_judged_by_another';
    END IF;
    IF NEW.status = 'granted' AND NOT entry_route_shown(NEW.id, NEW.optional_credits) THEN
        RAISE EXCEPTION 'a part of entry route % was not met', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_routes_shown';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION entry_route_shown(asked bigint, optional_credits integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT count(*) > 0 AND bool_and(met OR NOT required)
        AND coalesce(sum(credits) FILTER (WHERE met AND NOT required), 0) >= optional_credits
    FROM (
        SELECT p.required, p.credits, EXISTS (
            SELECT FROM entry_route_evidence e JOIN entry_route_judgements j ON j.evidence_id = e.id
            WHERE e.route_id = p.route_id AND e.part = p.code AND j.judgement = 'met') AS met
        FROM entry_route_parts p WHERE p.route_id = asked) parts
$$;
CREATE TRIGGER entry_route_moves BEFORE UPDATE ON entry_routes
    FOR EACH ROW EXECUTE FUNCTION entry_route_moves();

CREATE FUNCTION holding_has_route() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'authenticated' OR NOT NEW.relevant THEN
        RETURN NEW;
    END IF;
    IF NEW.method IS DISTINCT FROM 'competence_route' AND NOT EXISTS (
        SELECT FROM holdings h WHERE h.row_id = NEW.corrects AND h.status = 'authenticated'
            AND NOT h.relevant) THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM entry_routes r WHERE r.holding_id = NEW.id AND r.status = 'granted'
            AND (r.route = 'competence') = (NEW.method = 'competence_route')
            AND kept_person(r.person_id) = kept_person(NEW.person_id)) THEN
        RAISE EXCEPTION 'no granted route bears holding %', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'holdings_have_route';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holding_has_route BEFORE INSERT ON holdings
    FOR EACH ROW WHEN (NEW.corrects IS NOT NULL OR NEW.method = 'competence_route')
    EXECUTE FUNCTION holding_has_route();
"""

ERASING = """
CALL record_rule('entry_routes', 'evidence', association_sees => 'association = $3',
    erases => 'modules_reasons = NULL, reasons = NULL',
    keeps => '{association,route,status,policy,submitted_by,modules_named_by,decided_by}',
    open_when => 'status IN (''requested'', ''gathering'', ''assessed'')');
CALL record_rule('entry_route_parts', 'evidence', association_sees => 'association = $3',
    rows_of => 'route_id IN (SELECT r.id FROM entry_routes r WHERE r.person_id = ANY ($1))',
    erases => 'title = ''-''', keeps => '{code,association}');
CALL record_rule('entry_route_evidence', 'evidence', association_sees => 'association = $3',
    rows_of => 'route_id IN (SELECT r.id FROM entry_routes r WHERE r.person_id = ANY ($1))',
    erases => 'reference_list = ''{-}'', statement = NULL', keeps => '{part,association,submitted_by}');
CALL record_rule('entry_route_judgements', 'evidence',
    rows_of => 'evidence_id IN (SELECT e.id FROM entry_route_evidence e
        JOIN entry_routes r ON r.id = e.route_id WHERE r.person_id = ANY ($1))',
    association_sees => 'evidence_id IN (SELECT e.id FROM entry_route_evidence e WHERE e.association = $3)',
    erases => 'reasons = ''-''', keeps => '{judgement,submitted_by,judged_by}');
"""


def upgrade() -> None:
    """Create the routes to entry and what they rest on."""
    for part in (PUBLISHED, ROUTES, GUARDS, ERASING):
        run_script(part)


def downgrade() -> None:
    """Drop them."""
    run_script(
        "DELETE FROM record_rules WHERE relation LIKE 'entry_route%';"
        "DROP FUNCTION holding_has_route CASCADE;"
        "DROP TABLE entry_route_judgements, entry_route_evidence, entry_route_parts, entry_routes,"
        " competence_policies, standards_suites;"
        "DROP FUNCTION entry_route_moves, entry_route_shown"
    )
