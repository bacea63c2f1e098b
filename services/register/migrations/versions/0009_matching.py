"""expand: match policies, questions to a registrar, what is matched by, merges that can be undone."""

from alembic import context, op
from sqlalchemy import text

from services.register.domain.person import full_name_key
from shared.migrations import run_script

revision = "0009"
down_revision = "0008"

POLICIES = """
CREATE TABLE match_policies (
    version text PRIMARY KEY,
    effective_from date NOT NULL UNIQUE,
    body jsonb NOT NULL
);
GRANT SELECT, INSERT ON match_policies TO register_app;
"""

# What the caller sent is the only personal data of a question, and goes when its time is over.
QUESTIONS = """
CREATE TABLE match_questions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    policy_version text NOT NULL REFERENCES match_policies (version),
    sent jsonb,
    status text NOT NULL CONSTRAINT match_questions_status
        CHECK (status IN ('open', 'identified', 'not_found', 'expired')),
    person_id bigint REFERENCES people (id),
    answered_by text,
    answered_at timestamptz,
    reason text,
    forgotten_at timestamptz,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT match_questions_identified CHECK ((status = 'identified') = (person_id IS NOT NULL)),
    CONSTRAINT match_questions_answered CHECK (
        (status IN ('identified', 'not_found')) = (answered_by IS NOT NULL)),
    CONSTRAINT match_questions_forgotten CHECK ((sent IS NULL) = (forgotten_at IS NOT NULL)),
    CONSTRAINT match_questions_open_known CHECK (status <> 'open' OR sent IS NOT NULL)
);
CREATE INDEX match_questions_client ON match_questions (client_id, id);
CREATE INDEX match_questions_open ON match_questions (id) WHERE status = 'open';
CREATE INDEX match_questions_kept ON match_questions (asked_at) WHERE sent IS NOT NULL;
GRANT SELECT, INSERT ON match_questions TO register_app;
GRANT UPDATE (sent, status, person_id, answered_by, answered_at, reason, forgotten_at)
    ON match_questions TO register_app;

CREATE FUNCTION match_question_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only forgetting may touch what was answered, and only to take words away.
    IF OLD.status <> 'open' AND (NEW.status, NEW.person_id, NEW.answered_by, NEW.answered_at)
            IS DISTINCT FROM (OLD.status, OLD.person_id, OLD.answered_by, OLD.answered_at)
        OR OLD.status <> 'open' AND NEW.reason IS NOT NULL AND NEW.reason IS DISTINCT FROM OLD.reason
        OR OLD.sent IS NULL AND NEW.sent IS NOT NULL THEN
        RAISE EXCEPTION 'match question % is closed', OLD.id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'match_questions_answered_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answered_once BEFORE UPDATE ON match_questions
    FOR EACH ROW EXECUTE FUNCTION match_question_answered_once();
"""

LOOKING = """
ALTER TABLE previous_names ADD COLUMN folded_name text NOT NULL DEFAULT '';
CREATE INDEX previous_names_folded ON previous_names (folded_name);
CREATE INDEX people_birth_and_name ON people (date_of_birth, folded_name) INCLUDE (id);
CREATE INDEX member_ids_email ON member_ids (lower(email));
CREATE INDEX holdings_evidence ON holdings (evidence_reference) WHERE status = 'authenticated';
"""

MERGES = """
ALTER TABLE merges
    ADD COLUMN survives text[] NOT NULL DEFAULT '{}',
    ADD COLUMN undone_by text,
    ADD COLUMN undone_reason text,
    ADD CONSTRAINT merges_undone_by_another CHECK (undone_by <> decided_by),
    ADD CONSTRAINT merges_undone_for_good CHECK ((undone_by IS NOT NULL) = isempty(valid)),
    ADD CONSTRAINT merges_undone_with_reason CHECK ((undone_by IS NULL) = (undone_reason IS NULL));

CREATE OR REPLACE FUNCTION kept_person(person bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE next bigint;
BEGIN
    FOR step IN 1..100 LOOP
        SELECT kept_person_id INTO next FROM merges
        WHERE person_id = person AND upper_inf(known) AND NOT isempty(valid);
        EXIT WHEN next IS NULL;
        person := next;
    END LOOP;
    RETURN person;
END $$;

CREATE FUNCTION were_one_person(one bigint, other bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH RECURSIVE linked (id) AS (
        SELECT one UNION
        SELECT CASE m.person_id WHEN linked.id THEN m.kept_person_id ELSE m.person_id END
        FROM linked JOIN merges m ON linked.id IN (m.person_id, m.kept_person_id))
    SELECT EXISTS (SELECT FROM linked WHERE id = other)
$$;
"""

ERASING = """
CALL record_rule('match_questions', 'identity', hides => '{sent}',
    erases => 'sent = NULL, forgotten_at = coalesce(forgotten_at, $3), reason = NULL',
    keeps => '{client_id,asked_by,policy_version,status,answered_by}');
UPDATE record_rules SET keeps = '{decided_by,survives,undone_by}',
    erases = 'reason = ''-'', undone_reason = left(undone_reason, 0) || ''-''' WHERE relation = 'merges';
"""

BEFORE = """
DELETE FROM record_rules WHERE relation = 'match_questions';
UPDATE record_rules SET keeps = '{decided_by}', erases = 'reason = ''-''' WHERE relation = 'merges';
DROP FUNCTION were_one_person;
CREATE OR REPLACE FUNCTION kept_person(person bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE next bigint;
BEGIN
    FOR step IN 1..100 LOOP
        SELECT kept_person_id INTO next FROM merges WHERE person_id = person AND upper_inf(known);
        EXIT WHEN next IS NULL;
        person := next;
    END LOOP;
    RETURN person;
END $$;
ALTER TABLE merges DROP COLUMN survives, DROP COLUMN undone_by, DROP COLUMN undone_reason;
DROP INDEX holdings_evidence, member_ids_email, people_birth_and_name;
ALTER TABLE previous_names DROP COLUMN folded_name;
DROP TABLE match_questions, match_policies;
DROP FUNCTION match_question_answered_once;
"""


def upgrade() -> None:
    """Create what matching reads and keeps, and let a merge be undone."""
    run_script(POLICIES)
    run_script(QUESTIONS)
    run_script(LOOKING)
    _fold_previous_names()
    run_script(MERGES)
    run_script(ERASING)


def downgrade() -> None:
    """Drop it; a merge that was undone stays undone only as long as nobody reads it without its days."""
    run_script(BEFORE)


def _fold_previous_names() -> None:
    """Give every previous name the key under which names are found, as people have it."""
    if context.is_offline_mode():
        return
    connection = op.get_bind()
    names = connection.execute(text("SELECT id, given_names, family_name FROM previous_names"))
    keys = [{"id": row.id, "key": full_name_key(row.given_names, row.family_name)} for row in names]
    if keys:
        connection.execute(text("UPDATE previous_names SET folded_name = :key WHERE id = :id"), keys)
