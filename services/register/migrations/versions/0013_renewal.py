"""expand: renewals, reminders, restorations, deaths, changes of name.

A release before this one does not know entries with the status “deceased”; it finds none until a death is
recorded.
"""

from shared.migrations import run_script

revision = "0013"
down_revision = "0012"

RENEWALS = """
CREATE TABLE renewals (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    association text NOT NULL,
    renewed_licence_id bigint NOT NULL,
    licence_id bigint NOT NULL,
    term_from date NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    entry_policy text NOT NULL REFERENCES entry_policies (version),
    licence_policy text NOT NULL REFERENCES licence_policies (version),
    transition text CONSTRAINT renewals_transition CHECK (transition IN ('grandfathered', 'working_towards')),
    cpd_standing text NOT NULL CONSTRAINT renewals_cpd_standing CHECK (cpd_standing IN ('met', 'on_track',
        'short', 'declared', 'not_required', 'deferred', 'under_audit', 'failed', 'unknown')),
    cpd_policy text,
    notices jsonb NOT NULL,
    requested_by text NOT NULL,
    renewed_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT renewals_once UNIQUE (renewed_licence_id),
    CONSTRAINT renewals_follow CHECK (term_from <= valid_from AND valid_from <= valid_to)
);
CREATE INDEX renewals_person ON renewals (person_id);
CREATE INDEX renewals_association ON renewals (association, id);

CREATE TABLE renewal_reminders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    association text NOT NULL,
    member_id text NOT NULL,
    licence_id bigint NOT NULL,
    days_before integer NOT NULL,
    ends_on date NOT NULL,
    renew_by date NOT NULL,
    due_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT renewal_reminders_once UNIQUE (licence_id, association, days_before)
);
CREATE INDEX renewal_reminders_association ON renewal_reminders (association, id);
"""

OTHERS = """
CREATE TABLE restorations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    status text NOT NULL CONSTRAINT restorations_status
        CHECK (status IN ('proposed', 'restored', 'refused')),
    grounds text NOT NULL,
    application_reference text NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    reason text,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT restorations_four_eyes CHECK (decided_by <> proposed_by),
    CONSTRAINT restorations_decided_by_someone CHECK ((status = 'proposed') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX restorations_one_open ON restorations (person_id) WHERE status = 'proposed';
CREATE INDEX restorations_person ON restorations (person_id);
CREATE FUNCTION restoration_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status <> 'proposed' OR NEW.status = 'proposed') AND NOT is_erasing() THEN
        RAISE EXCEPTION 'restoration % was decided', OLD.id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'restorations_decided_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_once BEFORE UPDATE ON restorations
    FOR EACH ROW EXECUTE FUNCTION restoration_decided_once();
GRANT SELECT, INSERT ON restorations TO register_app;
GRANT UPDATE (status, decided_by, decided_at, reason) ON restorations TO register_app;

CREATE TABLE deaths (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    died_on date NOT NULL,
    evidence_reference text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT deaths_once UNIQUE (person_id)
);

CREATE TABLE name_changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    previous_name_id bigint NOT NULL REFERENCES previous_names (id),
    association text,
    changed_on date NOT NULL,
    evidence_reference text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE INDEX name_changes_person ON name_changes (person_id);

ALTER TABLE register_entries DROP CONSTRAINT register_entries_status,
    ADD CONSTRAINT register_entries_status CHECK (status IN ('on_register', 'retired', 'deceased'));
"""

ERASING = """
CALL record_rule('renewals', 'standing', association_sees => 'association = $3',
    keeps => '{association,term_from,valid_from,valid_to,entry_policy,licence_policy,transition,cpd_standing,
        cpd_policy,notices,requested_by}');
CALL record_rule('renewal_reminders', 'standing', association_sees => 'association = $3', erases => '');
CALL record_rule('restorations', 'sanctions', open_when => 'status = ''proposed''',
    erases => 'grounds = ''-'', application_reference = ''-'', reason = left(reason, 0) || ''-''',
    keeps => '{status,proposed_by,decided_by}');
CALL record_rule('deaths', 'standing', erases => 'evidence_reference = ''-''',
    keeps => '{died_on,recorded_by}');
CALL record_rule('name_changes', 'identity', place => 10, association_sees => 'association = $3',
    erases => '');
"""

HISTORY = ("renewals", "renewal_reminders", "deaths", "name_changes")
OF_AN_ASSOCIATION = ("renewals", "renewal_reminders", "name_changes")


def upgrade() -> None:
    """Create what standing over time needs."""
    run_script(RENEWALS)
    run_script(OTHERS)
    for table in HISTORY:
        run_script(
            f"CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION never();"
            f"GRANT SELECT, INSERT ON {table} TO register_app;"
        )
    for table in OF_AN_ASSOCIATION:
        run_script(f"CALL own_association_only('{table}')")
    run_script(ERASING)


def downgrade() -> None:
    """Drop it; entries of people who have died stay as they are, since history does not change."""
    run_script(
        "DELETE FROM record_rules WHERE relation IN"
        " ('renewals', 'renewal_reminders', 'restorations', 'deaths', 'name_changes');"
        "DROP TABLE name_changes, deaths, restorations, renewal_reminders, renewals;"
        "DROP FUNCTION restoration_decided_once;"
        "ALTER TABLE register_entries DROP CONSTRAINT register_entries_status,"
        " ADD CONSTRAINT register_entries_status CHECK (status IN ('on_register', 'retired')) NOT VALID"
    )
