"""expand: applications, the register, licences and their scopes, sanctions, public entries."""

from shared.migrations import run_script

revision = "0003"
down_revision = "0002"

APPLICATIONS = """
CREATE TABLE applications (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    association text NOT NULL,
    scopes text[] NOT NULL CONSTRAINT applications_some_scope CHECK (cardinality(scopes) > 0),
    status text NOT NULL CONSTRAINT applications_status
        CHECK (status IN ('submitted', 'admitted', 'refused', 'withdrawn')),
    submitted_by text NOT NULL,
    submitted_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    reasons text,
    policy_version text,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT applications_four_eyes CHECK (decided_by <> submitted_by),
    CONSTRAINT applications_decided_by_someone CHECK (
        status NOT IN ('admitted', 'refused') OR decided_by IS NOT NULL)
);
CREATE UNIQUE INDEX applications_one_open ON applications (person_id) WHERE status = 'submitted';
CREATE INDEX applications_association ON applications (association, id);
GRANT SELECT, INSERT ON applications TO register_app;
GRANT UPDATE (status, decided_by, decided_at, reasons, policy_version) ON applications TO register_app;
CALL own_association_only('applications');

CREATE FUNCTION decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'submitted' THEN
        RAISE EXCEPTION 'application % was decided', OLD.id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'applications_decided_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_once BEFORE UPDATE ON applications
    FOR EACH ROW EXECUTE FUNCTION decided_once();
"""

ONE_AT_A_TIME = """
    CONSTRAINT {name}_no_overlap EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&, valid WITH &&, known WITH &&)
"""

REGISTER_ENTRIES = """
    status text NOT NULL CONSTRAINT register_entries_status CHECK (status IN ('on_register', 'retired')),
    reason text,
"""

LICENCES = """
    application_id bigint NOT NULL REFERENCES applications (id),
    holding_id bigint NOT NULL,
    policy_version text NOT NULL REFERENCES entry_policies (version),
    ended text,
"""

LICENCE_SCOPES = """
    scope text NOT NULL,
    CONSTRAINT licence_scopes_no_overlap EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&,
        textrange(scope, scope, '[]') WITH &&,
        valid WITH &&, known WITH &&)
"""

SANCTIONS = """
    kind text NOT NULL CONSTRAINT sanctions_kind CHECK (
        kind IN ('conditions', 'interim_suspension', 'suspension', 'removal')),
    public_reason text NOT NULL,
    internal_reason text NOT NULL,
    conditions text,
    imposed_by text NOT NULL,
    lifted_by text,
    lifted_reason text,
    CONSTRAINT sanctions_conditions_said CHECK (kind <> 'conditions' OR conditions IS NOT NULL)
"""

EVIDENCE = """
CREATE FUNCTION kept_person(person bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE next bigint;
BEGIN
    FOR step IN 1..100 LOOP
        SELECT kept_person_id INTO next FROM merges WHERE person_id = person AND upper_inf(known);
        EXIT WHEN next IS NULL;
        person := next;
    END LOOP;
    RETURN person;
END $$;

CREATE FUNCTION licence_has_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Shortening a licence, or saying why it ended, needs no evidence anew.
    IF NEW.corrects IS NOT NULL AND EXISTS (
        SELECT FROM licences l WHERE l.row_id = NEW.corrects AND l.valid @> NEW.valid
            AND (l.person_id, l.application_id, l.holding_id, l.policy_version)
                = (NEW.person_id, NEW.application_id, NEW.holding_id, NEW.policy_version)) THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM holdings h
        JOIN entry_thresholds t ON t.framework = h.framework AND t.level = h.level
            AND t.policy_version = NEW.policy_version
            AND coalesce(h.credits, 0) >= coalesce(t.minimum_credits, 0)
        WHERE h.id = NEW.holding_id AND upper_inf(h.known) AND h.relevant
            AND kept_person(h.person_id) = kept_person(NEW.person_id)
            AND h.status = 'authenticated' AND h.decided_by <> h.submitted_by) THEN
        RAISE EXCEPTION 'no authenticated holding bears this licence'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'licences_have_evidence';
    END IF;
    IF NOT EXISTS (
        SELECT FROM applications a WHERE a.id = NEW.application_id AND a.status = 'admitted'
            AND kept_person(a.person_id) = kept_person(NEW.person_id)) THEN
        RAISE EXCEPTION 'the application of this licence was not admitted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'licences_were_admitted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER licence_has_evidence BEFORE INSERT ON licences
    FOR EACH ROW EXECUTE FUNCTION licence_has_evidence();
"""

PUBLIC_ENTRIES = """
CREATE TABLE public_entries (
    number text PRIMARY KEY,
    person_id bigint NOT NULL UNIQUE REFERENCES people (id),
    starts date[] NOT NULL,
    bodies text[] NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT public_entries_paired CHECK (cardinality(starts) = cardinality(bodies))
);
GRANT SELECT, INSERT, UPDATE ON public_entries TO register_app;
"""


def create_facts(name: str, columns: str) -> None:
    """Make a table of dated facts."""
    run_script(f"CALL create_facts('{name}', $columns${columns}$columns$)")


def upgrade() -> None:
    """Create the way from an application to a licence, and what may take it away."""
    run_script(APPLICATIONS)
    for name, columns in (("register_entries", REGISTER_ENTRIES), ("licences", LICENCES)):
        create_facts(name, columns + ONE_AT_A_TIME.format(name=name))
    create_facts("licence_scopes", LICENCE_SCOPES)
    create_facts("sanctions", SANCTIONS)
    run_script(EVIDENCE)
    run_script(PUBLIC_ENTRIES)


def downgrade() -> None:
    """Drop it."""
    run_script(
        "DROP TABLE public_entries, sanctions, licence_scopes, licences, register_entries, applications;"
        "DROP FUNCTION licence_has_evidence, kept_person, decided_once"
    )
