"""expand: complaints with their steps, parts, decisions and publication, and alerts to associations."""

from shared.migrations import run_script

revision = "0014"
down_revision = "0013"

POLICIES = """
CREATE TABLE conduct_policies (
    version text PRIMARY KEY,
    effective_from date NOT NULL CONSTRAINT conduct_policies_effective_from_key UNIQUE,
    body jsonb NOT NULL
);
GRANT SELECT, INSERT ON conduct_policies TO register_app;
"""

COMPLAINTS = """
CREATE TABLE complaints (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference_digest bytea NOT NULL CONSTRAINT complaints_reference_digest_key UNIQUE,
    state text NOT NULL CONSTRAINT complaints_state CHECK (state IN (
        'received', 'acknowledged', 'investigated', 'answer_awaited', 'answered', 'case_to_answer',
        'before_panel', 'decided', 'under_appeal', 'closed', 'withdrawn')),
    due_on date,
    person_id bigint REFERENCES people (id),
    described_person text,
    conduct_on date NOT NULL,
    code_version text,
    principles text[] NOT NULL,
    principles_listed boolean[] NOT NULL,
    account text NOT NULL,
    complainant_name text,
    complainant_contact text,
    relationship text,
    complaining_association text,
    complaining_member_id text,
    answering_association text,
    submitted_by text NOT NULL,
    received_at timestamptz NOT NULL,
    policy_version text NOT NULL REFERENCES conduct_policies (version),
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT complaints_about_somebody CHECK (person_id IS NOT NULL OR described_person IS NOT NULL)
);
CREATE INDEX complaints_person ON complaints (person_id);
CREATE INDEX complaints_due ON complaints (due_on) WHERE due_on IS NOT NULL;
CREATE INDEX complaints_complaining ON complaints (complaining_association, id);
CREATE INDEX complaints_answering ON complaints (answering_association, id);
GRANT SELECT, INSERT ON complaints TO register_app;
GRANT UPDATE (state, due_on, person_id, answering_association) ON complaints TO register_app;
ALTER TABLE complaints ENABLE ROW LEVEL SECURITY;
CREATE POLICY anyone_reads ON complaints FOR SELECT USING (true);
CREATE POLICY own_inserts ON complaints FOR INSERT
    WITH CHECK (app_association() IN ('', complaining_association));
CREATE POLICY own_updates ON complaints FOR UPDATE
    USING (app_association() IN ('', complaining_association, answering_association));

CREATE TABLE complaint_steps (
    complaint_id bigint REFERENCES complaints (id),
    place integer,
    step text NOT NULL,
    state_before text NOT NULL,
    state_after text NOT NULL,
    taken_by text NOT NULL,
    taken_at timestamptz NOT NULL,
    words text,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT complaint_steps_in_order PRIMARY KEY (complaint_id, place)
);
CREATE TABLE complaint_conflicts (
    complaint_id bigint REFERENCES complaints (id),
    subject text,
    nature text NOT NULL,
    declared_by text NOT NULL,
    declared_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (complaint_id, subject)
);
CREATE TABLE complaint_parts (
    complaint_id bigint REFERENCES complaints (id),
    subject text,
    part text NOT NULL CONSTRAINT complaint_parts_part
        CHECK (part IN ('investigator', 'panel', 'appeal_panel')),
    given_by text NOT NULL,
    given_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT complaint_parts_one_each PRIMARY KEY (complaint_id, subject)
);
CREATE TABLE complaint_decisions (
    complaint_id bigint REFERENCES complaints (id),
    part text,
    outcome text NOT NULL,
    reasons text NOT NULL,
    public_summary text NOT NULL,
    conditions text,
    sanction_days integer,
    review_on date,
    members text[] NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL,
    policy_version text NOT NULL REFERENCES conduct_policies (version),
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT complaint_decisions_once PRIMARY KEY (complaint_id, part),
    CONSTRAINT complaint_decisions_outcome CHECK (
        part = 'panel' AND outcome IN (
            'no_action', 'advice', 'warning', 'conditions', 'suspension', 'removal')
        OR part = 'appeal_panel' AND outcome IN ('dismissed', 'allowed')),
    CONSTRAINT complaint_decisions_by_a_member CHECK (decided_by = ANY (members))
);
CREATE TABLE complaint_sanctions (
    complaint_id bigint REFERENCES complaints (id),
    sanction_id bigint,
    interim boolean NOT NULL,
    review_on date,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (complaint_id, sanction_id)
);
CREATE TABLE decision_publications (
    complaint_id bigint PRIMARY KEY REFERENCES complaints (id),
    person_id bigint NOT NULL REFERENCES people (id),
    outcome text NOT NULL,
    public_summary text NOT NULL,
    code_version text,
    principles text[] NOT NULL,
    conduct_on date NOT NULL,
    decided_on date NOT NULL,
    published daterange NOT NULL,
    published_at timestamptz NOT NULL,
    policy_version text NOT NULL REFERENCES conduct_policies (version),
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE INDEX decision_publications_person ON decision_publications (person_id);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['complaint_steps', 'complaint_conflicts', 'complaint_parts',
        'complaint_decisions', 'complaint_sanctions', 'decision_publications']
    LOOP
        EXECUTE format('GRANT SELECT, INSERT ON %I TO register_app', name);
        EXECUTE format('CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION never()', name);
    END LOOP;
END $$;
"""

OWN_CASE = """
CREATE FUNCTION nobody_judges_their_own_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM complaints c WHERE c.id = NEW.complaint_id AND c.submitted_by = NEW.subject)
        OR EXISTS (SELECT FROM complaint_conflicts k
            WHERE k.complaint_id = NEW.complaint_id AND k.subject = NEW.subject) THEN
        RAISE EXCEPTION '% may have no part in complaint %', NEW.subject, NEW.complaint_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_parts_own_case';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_judges_their_own_case BEFORE INSERT ON complaint_parts
    FOR EACH ROW EXECUTE FUNCTION nobody_judges_their_own_case();

CREATE FUNCTION only_the_panel_decides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(NEW.members) AS member (subject)
        WHERE NOT EXISTS (SELECT FROM complaint_parts p WHERE p.complaint_id = NEW.complaint_id
            AND p.subject = member.subject AND p.part = NEW.part)
        OR EXISTS (SELECT FROM complaint_conflicts k
            WHERE k.complaint_id = NEW.complaint_id AND k.subject = member.subject)) THEN
        RAISE EXCEPTION 'complaint % was decided by somebody who may not', NEW.complaint_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_decisions_by_the_panel';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_the_panel_decides BEFORE INSERT ON complaint_decisions
    FOR EACH ROW EXECUTE FUNCTION only_the_panel_decides();
"""

ALERTS = """
CREATE TABLE alerts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    association text NOT NULL,
    person_id bigint NOT NULL REFERENCES people (id),
    sanction_id bigint NOT NULL,
    occasion text NOT NULL CONSTRAINT alerts_occasion CHECK (occasion IN ('imposed', 'lifted')),
    raised_at timestamptz NOT NULL,
    due_on date NOT NULL,
    policy_version text NOT NULL REFERENCES conduct_policies (version),
    acknowledged_by text,
    acknowledged_at timestamptz,
    escalated_at timestamptz,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT alerts_once UNIQUE (sanction_id, association, occasion),
    CONSTRAINT alerts_acknowledged_by_someone CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL))
);
CREATE INDEX alerts_association ON alerts (association, id);
CREATE INDEX alerts_waiting ON alerts (due_on) WHERE acknowledged_at IS NULL AND escalated_at IS NULL;
GRANT SELECT, INSERT ON alerts TO register_app;
GRANT UPDATE (acknowledged_by, acknowledged_at, escalated_at) ON alerts TO register_app;
CALL own_association_only('alerts');

CREATE FUNCTION acknowledged_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'alert % was acknowledged', OLD.id
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'alerts_acknowledged_once';
END $$;
CREATE TRIGGER acknowledged_once BEFORE UPDATE ON alerts
    FOR EACH ROW WHEN (OLD.acknowledged_at IS NOT NULL) EXECUTE FUNCTION acknowledged_once();
"""

OF_A_PERSON = "rows_of => 'complaint_id IN (SELECT c.id FROM complaints c WHERE c.person_id = ANY ($1))'"
ERASING = f"""
CALL record_rule('complaints', 'conduct', open_when => 'state NOT IN (''closed'', ''withdrawn'')',
    hides => '{{reference_digest,complainant_name,complainant_contact,relationship,complaining_association,
        complaining_member_id,submitted_by}}',
    erases => 'described_person = NULL, account = ''-'', complainant_name = NULL, complainant_contact = NULL,
        relationship = NULL, complaining_member_id = NULL',
    keeps => '{{state,due_on,conduct_on,code_version,principles,complaining_association,answering_association,
        submitted_by,policy_version,reference_digest}}');
CALL record_rule('complaint_steps', 'conduct', {OF_A_PERSON}, erases => 'words = NULL',
    keeps => '{{step,state_before,state_after,taken_by}}');
CALL record_rule('complaint_conflicts', 'conduct', {OF_A_PERSON}, erases => 'nature = ''-''',
    keeps => '{{subject,declared_by}}');
CALL record_rule('complaint_parts', 'conduct', {OF_A_PERSON}, keeps => '{{subject,part,given_by}}');
CALL record_rule('complaint_decisions', 'conduct', {OF_A_PERSON},
    erases => 'reasons = ''-'', public_summary = ''-'', conditions = NULL',
    keeps => '{{part,outcome,members,decided_by,policy_version,review_on}}');
CALL record_rule('complaint_sanctions', 'conduct', {OF_A_PERSON}, keeps => '{{review_on}}');
CALL record_rule('decision_publications', 'conduct', association_sees => 'true',
    erases => 'public_summary = ''-''',
    keeps => '{{outcome,code_version,principles,conduct_on,decided_on,policy_version}}');
CALL record_rule('alerts', 'sanctions', association_sees => 'association = $3',
    keeps => '{{association,occasion,due_on,policy_version,acknowledged_by}}');
"""


def upgrade() -> None:
    """Create the way of a complaint, and the alerts that follow a sanction."""
    for part in (POLICIES, COMPLAINTS, OWN_CASE, ALERTS, ERASING):
        run_script(part)


def downgrade() -> None:
    """Drop it."""
    run_script(
        "DELETE FROM record_rules"
        " WHERE relation ~ '^complaint' OR relation IN ('decision_publications', 'alerts');"
        "DROP TABLE alerts, decision_publications, complaint_sanctions, complaint_decisions, complaint_parts,"
        " complaint_conflicts, complaint_steps, complaints, conduct_policies;"
        "DROP FUNCTION acknowledged_once, only_the_panel_decides, nobody_judges_their_own_case"
    )
