"""expand: the audit by random sample: frozen lists, seeds, draws, and the way of every case."""

from shared.migrations import run_script

revision = "0004"
down_revision = "0003"

DRAW = """
CREATE TABLE audit_policies (
    version text PRIMARY KEY,
    effective_from date NOT NULL CONSTRAINT audit_policies_one_a_day UNIQUE,
    body jsonb NOT NULL
);
CREATE TABLE audits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    state text NOT NULL CONSTRAINT audits_state
        CHECK (state IN ('announced', 'frozen', 'seeded', 'drawn', 'cancelled')),
    seed_kind text NOT NULL CHECK (seed_kind IN ('beacon', 'dice', 'given')),
    seed_where text NOT NULL,
    seed_expected_at timestamptz NOT NULL,
    policy_version text NOT NULL REFERENCES audit_policies (version),
    announced_by text NOT NULL, announced_at timestamptz NOT NULL,
    cancel_reason text,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT audits_cancelled_for_a_reason CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL))
);
CREATE TABLE audit_strata (
    audit_id bigint REFERENCES audits (id),
    association text,
    rate numeric, size integer,
    tolerable_rate numeric, confidence numeric,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (audit_id, association)
);
CREATE TABLE audit_freezes (
    audit_id bigint PRIMARY KEY REFERENCES audits (id),
    frozen_on date NOT NULL, frozen_at timestamptz NOT NULL, frozen_by text NOT NULL,
    register_position bigint NOT NULL,
    list_hash text NOT NULL,
    people integer NOT NULL,
    excluded jsonb NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE TABLE audit_sizes (
    audit_id bigint REFERENCES audit_freezes (audit_id),
    association text,
    population integer NOT NULL, size integer NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (audit_id, association),
    FOREIGN KEY (audit_id, association) REFERENCES audit_strata (audit_id, association),
    CONSTRAINT audit_sizes_of_the_population CHECK (size BETWEEN 0 AND population)
);
CREATE TABLE audit_people (
    audit_id bigint NOT NULL REFERENCES audits (id),
    number text NOT NULL,
    associations text[] NOT NULL,
    exclusion text CHECK (exclusion IN ('not_on_register', 'newly_registered', 'exempt', 'deferred',
        'audit_open', 'being_drawn', 'recently_audited')),
    salt bytea,
    salted_id text COLLATE "C",
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (audit_id, number),
    CONSTRAINT audit_people_listed_or_excluded CHECK ((exclusion IS NULL) = (salted_id IS NOT NULL)
        AND (salt IS NULL) = (salted_id IS NULL))
);
CREATE UNIQUE INDEX audit_people_salted ON audit_people (audit_id, salted_id) WHERE salted_id IS NOT NULL;
CREATE INDEX audit_people_number ON audit_people (number);
CREATE TABLE audit_seeds (
    audit_id bigint PRIMARY KEY REFERENCES audit_freezes (audit_id),
    seed text NOT NULL,
    born_at timestamptz NOT NULL, entered_by text NOT NULL, entered_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT audit_seeds_named_by_who_entered UNIQUE (audit_id, entered_by)
);
CREATE TABLE audit_draws (
    audit_id bigint PRIMARY KEY,
    entered_by text NOT NULL,
    drawn_by text NOT NULL, drawn_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    FOREIGN KEY (audit_id, entered_by) REFERENCES audit_seeds (audit_id, entered_by),
    CONSTRAINT audit_draws_by_another CHECK (drawn_by <> entered_by)
);
CREATE TABLE audit_samples (
    audit_id bigint REFERENCES audit_draws (audit_id),
    association text,
    place integer,
    number text NOT NULL,
    hash text COLLATE "C" NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (audit_id, association, place),
    FOREIGN KEY (audit_id, number) REFERENCES audit_people (audit_id, number)
);

CREATE FUNCTION frozen_before_the_seed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE fixed audit_freezes;
BEGIN
    SELECT * INTO fixed FROM audit_freezes WHERE audit_id = NEW.audit_id;
    IF NEW.born_at <= fixed.frozen_at OR NEW.entered_at < NEW.born_at OR fixed.txid = NEW.txid THEN
        RAISE EXCEPTION 'the list of audit % was not frozen before its seed', NEW.audit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_seeds_after_the_freeze';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen_before BEFORE INSERT ON audit_seeds
    FOR EACH ROW EXECUTE FUNCTION frozen_before_the_seed();

CREATE FUNCTION list_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM audit_freezes f JOIN written ON f.audit_id = written.audit_id
            WHERE f.txid <> pg_current_xact_id()::text::bigint) THEN
        RAISE EXCEPTION 'the list is frozen'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_people_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER frozen AFTER INSERT ON audit_people REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION list_is_frozen();
"""

CASES = """
CREATE TABLE audit_cases (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL,
    audit_id bigint REFERENCES audits (id),
    reason text,
    associations text[] NOT NULL CHECK (cardinality(associations) > 0),
    state text NOT NULL CONSTRAINT audit_cases_state CHECK (state IN ('drawn', 'notified', 'submitted',
        'under_assessment', 'more_asked', 'time_given', 'second_opinion', 'refused', 'under_appeal', 'met',
        'failed', 'failed_under_appeal', 'overturned', 'made_good', 'deferred', 'withdrawn')),
    due_on date,
    nation text CHECK (nation IN ('ENG', 'WLS', 'SCT', 'NIR')),
    period_from date NOT NULL,
    period_to date NOT NULL CHECK (period_to >= period_from),
    policy_version text NOT NULL REFERENCES audit_policies (version),
    opened_by text NOT NULL, opened_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT audit_cases_drawn_or_targeted CHECK ((audit_id IS NULL) = (reason IS NOT NULL))
);
CREATE UNIQUE INDEX audit_cases_one_open ON audit_cases (number)
    WHERE state NOT IN ('met', 'failed', 'failed_under_appeal', 'overturned', 'made_good', 'withdrawn');
CREATE UNIQUE INDEX audit_cases_once_a_draw ON audit_cases (audit_id, number) WHERE audit_id IS NOT NULL;
CREATE INDEX audit_cases_number ON audit_cases (number);
CREATE INDEX audit_cases_due ON audit_cases (due_on) WHERE due_on IS NOT NULL;

CREATE TABLE audit_steps (
    case_id bigint REFERENCES audit_cases (id),
    place integer,
    step text NOT NULL,
    state_before text NOT NULL,
    state_after text NOT NULL,
    due_on date,
    words text,
    association text,
    taken_by text NOT NULL,
    taken_on date NOT NULL,
    taken_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT audit_steps_in_order PRIMARY KEY (case_id, place)
);
CREATE TABLE audit_packs (
    case_id bigint REFERENCES audit_cases (id),
    version integer,
    association text NOT NULL,
    activities jsonb NOT NULL, gaps jsonb NOT NULL,
    submitted_by text NOT NULL, submitted_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT audit_packs_in_order PRIMARY KEY (case_id, version)
);
CALL own_association_only('audit_packs');
CREATE TABLE audit_assessors (
    subject text PRIMARY KEY,
    association text, number text,
    named_by text NOT NULL, named_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE TABLE audit_conflicts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject text NOT NULL REFERENCES audit_assessors (subject),
    association text, number text,
    nature text NOT NULL,
    declared_by text NOT NULL, declared_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT audit_conflicts_with_somebody CHECK ((association IS NULL) <> (number IS NULL))
);
CREATE TABLE audit_assignments (
    case_id bigint REFERENCES audit_cases (id),
    place integer,
    subject text NOT NULL REFERENCES audit_assessors (subject),
    second boolean NOT NULL,
    findings_before integer NOT NULL,
    given_by text NOT NULL, given_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT audit_assignments_in_order PRIMARY KEY (case_id, place)
);
CREATE INDEX audit_assignments_subject ON audit_assignments (subject);
CREATE TABLE audit_findings (
    case_id bigint REFERENCES audit_cases (id),
    place integer,
    assessor text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('find_meets', 'ask_more', 'give_time', 'find_not_met')),
    second boolean NOT NULL, silence boolean NOT NULL,
    pack_version integer,
    reasons text NOT NULL,
    found_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT audit_findings_in_order PRIMARY KEY (case_id, place),
    CONSTRAINT audit_findings_named UNIQUE (case_id, place, assessor, outcome),
    FOREIGN KEY (case_id, pack_version) REFERENCES audit_packs (case_id, version)
);
CREATE TABLE audit_refusals (
    case_id bigint,
    first_place integer NOT NULL,
    first_by text NOT NULL,
    second_place integer,
    second_by text NOT NULL,
    outcome text NOT NULL DEFAULT 'find_not_met' CHECK (outcome = 'find_not_met'),
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (case_id, second_place),
    FOREIGN KEY (case_id, first_place, first_by, outcome)
        REFERENCES audit_findings (case_id, place, assessor, outcome),
    FOREIGN KEY (case_id, second_place, second_by, outcome)
        REFERENCES audit_findings (case_id, place, assessor, outcome),
    CONSTRAINT audit_refusals_by_two CHECK (first_by <> second_by)
);

CREATE FUNCTION no_finding_on_ones_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM audit_cases c JOIN audit_assessors a ON a.subject = NEW.assessor
        WHERE c.id = NEW.case_id AND (
            a.number = c.number OR a.association = ANY (c.associations)
            OR EXISTS (SELECT FROM memberships m WHERE m.number = c.number AND m.known_to IS NULL
                AND m.association = a.association AND coalesce(m.valid_to, 'infinity') >= c.period_from)
            OR EXISTS (SELECT FROM audit_conflicts k WHERE k.subject = a.subject
                AND (k.number = c.number OR k.association = ANY (c.associations))))
    ) THEN
        RAISE EXCEPTION 'nobody judges their own case'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_findings_on_others';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER on_others BEFORE INSERT ON audit_findings
    FOR EACH ROW EXECUTE FUNCTION no_finding_on_ones_own();

CREATE FUNCTION refused_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_refusals WHERE case_id = NEW.id) THEN
        RAISE EXCEPTION 'case % was not refused by two assessors', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_cases_refused_by_two';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refused_by_two BEFORE INSERT OR UPDATE OF state ON audit_cases FOR EACH ROW
    WHEN (NEW.state IN ('refused', 'under_appeal', 'failed', 'failed_under_appeal', 'overturned',
        'made_good'))
    EXECUTE FUNCTION refused_by_two();
"""

HISTORY = (
    "audit_policies", "audit_strata", "audit_freezes", "audit_sizes", "audit_people", "audit_seeds",
    "audit_draws", "audit_samples", "audit_steps", "audit_packs", "audit_assessors", "audit_conflicts",
    "audit_assignments", "audit_findings", "audit_refusals",
)  # fmt: skip
MOVED = {"audits": "state, cancel_reason", "audit_cases": "state, due_on, nation"}


def upgrade() -> None:
    """Create the draw and the cases; of both only how far they are may change."""
    run_script(DRAW)
    run_script(CASES)
    for table in HISTORY:
        run_script(
            f"CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION never(); GRANT SELECT, INSERT ON {table} TO cpd_app;"
        )
    for table, columns in MOVED.items():
        run_script(
            f"CREATE TRIGGER never_delete BEFORE DELETE OR TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION never();"
            f"GRANT SELECT, INSERT, UPDATE ({columns}) ON {table} TO cpd_app;"
        )


def downgrade() -> None:
    """Drop it."""
    run_script(
        "DROP TABLE audit_refusals, audit_findings, audit_assignments, audit_conflicts, audit_assessors,"
        " audit_packs, audit_steps, audit_cases, audit_samples, audit_draws, audit_seeds, audit_people,"
        " audit_sizes, audit_freezes, audit_strata, audits, audit_policies;"
        "DROP FUNCTION refused_by_two, no_finding_on_ones_own, list_is_frozen, frozen_before_the_seed;"
    )
