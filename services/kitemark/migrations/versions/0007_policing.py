"""expand: moderation of awards, concerns, and standings of which is found that they never held."""

from shared.migrations import run_script

revision = "0007"
down_revision = "0006"

MODERATIONS = """
CALL create_facts('moderations', $$
    moderator text NOT NULL,
    year integer NOT NULL,
    ties text[] NOT NULL,
    policy text NOT NULL,
    seed_kind text NOT NULL CHECK (seed_kind IN ('beacon', 'dice', 'given')),
    seed_where text NOT NULL,
    seed_expected_at timestamptz NOT NULL,
    list_hash text NOT NULL,
    population integer NOT NULL CHECK (population > 0),
    size integer NOT NULL CHECK (size BETWEEN 1 AND population),
    frozen_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('frozen', 'seeded', 'drawn', 'cancelled')),
    announced_by text NOT NULL,
    seed text,
    seed_born_at timestamptz,
    seed_entered_by text,
    drawn_by text,
    cancel_reason text,
    CONSTRAINT moderations_by_another CHECK (moderator <> subject AND moderator <> ALL (ties)),
    CONSTRAINT moderations_seed_after_freeze CHECK (seed_born_at > frozen_at),
    CONSTRAINT moderations_seeded CHECK ((seed IS NULL) = (seed_entered_by IS NULL)
        AND (seed IS NULL) = (seed_born_at IS NULL) AND (state <> 'seeded' OR seed IS NOT NULL)),
    CONSTRAINT moderations_drawn CHECK ((state = 'drawn') = (drawn_by IS NOT NULL)
        AND (drawn_by IS NULL OR seed IS NOT NULL)),
    CONSTRAINT moderations_two_draw CHECK (drawn_by <> seed_entered_by)
$$);
CREATE UNIQUE INDEX moderations_once_a_year ON moderations (subject, year)
    WHERE upper_inf(known) AND state <> 'cancelled';

CREATE TABLE moderation_entries (
    moderation bigint,
    award text,
    PRIMARY KEY (moderation, award)
);
CREATE FUNCTION only_while_freezing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM moderations m WHERE m.id = a.moderation)
        OR EXISTS (SELECT FROM moderations m WHERE m.id = a.moderation
            AND m.txid <> pg_current_xact_id()::text::bigint)) THEN
        RAISE EXCEPTION 'a frozen list takes nothing more' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER only_while_freezing AFTER INSERT ON moderation_entries
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION only_while_freezing();
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON moderation_entries
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON moderation_entries TO kitemark_app;
"""

CASES = """
CALL create_facts('moderation_cases', $$
    moderation bigint NOT NULL,
    body text NOT NULL,
    moderator text NOT NULL,
    place integer NOT NULL,
    state text NOT NULL CHECK (state IN ('drawn', 'evidence_asked', 'evidence_given', 'disagreed', 'answered',
        'agreed', 'upheld')),
    ties text[] NOT NULL,
    found_by text,
    found_for text,
    number text,
    reasons text,
    response text,
    due_on date,
    closed_on date,
    CONSTRAINT moderation_cases_by_another CHECK (moderator <> body AND moderator <> ALL (ties)),
    CONSTRAINT moderation_cases_of_the_moderator CHECK (found_for = moderator),
    CONSTRAINT moderation_cases_found CHECK ((state = 'drawn') = (found_by IS NULL)
        AND (found_by IS NULL) = (found_for IS NULL) AND (found_by IS NULL) = (number IS NULL)),
    CONSTRAINT moderation_cases_waits CHECK (
        (due_on IS NOT NULL) = (state IN ('evidence_asked', 'disagreed'))),
    CONSTRAINT moderation_cases_closed CHECK ((closed_on IS NOT NULL) = (state IN ('agreed', 'upheld')))
$$);
CREATE UNIQUE INDEX moderation_cases_once ON moderation_cases (moderation, subject) WHERE upper_inf(known);
CREATE INDEX moderation_cases_body ON moderation_cases (body, id);
ALTER TABLE moderation_cases ENABLE ROW LEVEL SECURITY;
CREATE POLICY both_sides_read ON moderation_cases FOR SELECT USING (app_body() IN ('', body, moderator));
CREATE POLICY both_sides_insert ON moderation_cases FOR INSERT
    WITH CHECK (state = 'drawn' OR app_body() IN ('', body, moderator));
"""

CONCERNS = """
CALL create_facts('concerns', $$
    kind text NOT NULL CHECK (kind IN ('body', 'scheme', 'award')),
    code text NOT NULL,
    award_id text,
    body text NOT NULL,
    ties text[] NOT NULL,
    words text NOT NULL,
    digest text NOT NULL,
    policy text NOT NULL,
    state text NOT NULL CHECK (state IN ('raised', 'acknowledged', 'answered', 'closed')),
    raised_on date NOT NULL,
    acknowledge_by date NOT NULL,
    acknowledged_on date,
    answer_by date,
    answered_on date,
    answer text,
    closed_on date,
    outcome text CHECK (outcome IN ('upheld', 'partly_upheld', 'not_upheld', 'outside')),
    reasons text,
    moved_by text,
    moved_for text,
    CONSTRAINT concerns_of_an_award CHECK ((kind = 'award') = (award_id IS NOT NULL)),
    CONSTRAINT concerns_closed CHECK ((state = 'closed') = (outcome IS NOT NULL)
        AND (state = 'closed') = (closed_on IS NOT NULL)),
    CONSTRAINT concerns_not_in_own_case CHECK (
        state NOT IN ('acknowledged', 'closed') OR coalesce(moved_for, '') <> ALL (ties)),
    CONSTRAINT concerns_answered_by_the_body CHECK (state <> 'answered' OR moved_for = body)
$$);
CREATE UNIQUE INDEX concerns_reference ON concerns (digest) WHERE upper_inf(known);
CREATE INDEX concerns_body ON concerns (body, id);
ALTER TABLE concerns ENABLE ROW LEVEL SECURITY;
CREATE POLICY who_may_know ON concerns FOR SELECT USING (
    lower(app_body()) <> ALL (lower(ties::text)::text[])
    OR (app_body() = body AND acknowledged_on IS NOT NULL));
CREATE POLICY anyone_inserts ON concerns FOR INSERT WITH CHECK (true);
"""

# A dated fact holds for a day at least. What was withdrawn on its first day is corrected by a version which
# says that it never held: the days stay, and make way for others.
NEVER_HELD = """
ALTER TABLE validations ADD COLUMN never_held boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT validations_never_held CHECK (NOT never_held OR corrects IS NOT NULL),
    DROP CONSTRAINT validations_no_overlap,
    ADD CONSTRAINT validations_no_overlap EXCLUDE USING gist (
        textrange(subject, subject, '[]') WITH &&, valid WITH &&, known WITH &&) WHERE (NOT never_held);
ALTER TABLE authorities ADD COLUMN never_held boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT authorities_never_held CHECK (NOT never_held OR corrects IS NOT NULL),
    DROP CONSTRAINT authorities_no_overlap,
    ADD CONSTRAINT authorities_no_overlap EXCLUDE USING gist (
        textrange(subject, subject, '[]') WITH &&, textrange(scheme, scheme, '[]') WITH &&,
        valid WITH &&, known WITH &&) WHERE (NOT never_held);
ALTER TABLE standing_proposals DROP CONSTRAINT standing_proposals_kind_check,
    ADD CONSTRAINT standing_proposals_kind_check CHECK (
        kind IN ('validation', 'authority', 'validation_ending', 'authority_ending',
            'validation_annulment', 'authority_annulment')),
    DROP CONSTRAINT standing_proposals_of_a_standing,
    ADD CONSTRAINT standing_proposals_of_a_standing CHECK (
        (kind NOT IN ('validation', 'authority')) = (standing IS NOT NULL));
"""
AS_BEFORE = """
ALTER TABLE standing_proposals DROP CONSTRAINT standing_proposals_kind_check,
    ADD CONSTRAINT standing_proposals_kind_check CHECK (
        kind IN ('validation', 'authority', 'validation_ending', 'authority_ending')),
    DROP CONSTRAINT standing_proposals_of_a_standing,
    ADD CONSTRAINT standing_proposals_of_a_standing CHECK ((kind LIKE '%ending') = (standing IS NOT NULL));
ALTER TABLE authorities DROP CONSTRAINT authorities_no_overlap,
    ADD CONSTRAINT authorities_no_overlap EXCLUDE USING gist (
        textrange(subject, subject, '[]') WITH &&, textrange(scheme, scheme, '[]') WITH &&,
        valid WITH &&, known WITH &&),
    DROP COLUMN never_held;
ALTER TABLE validations DROP CONSTRAINT validations_no_overlap,
    ADD CONSTRAINT validations_no_overlap EXCLUDE USING gist (
        textrange(subject, subject, '[]') WITH &&, valid WITH &&, known WITH &&),
    DROP COLUMN never_held;
"""


def upgrade() -> None:
    """Create the tables."""
    for part in (MODERATIONS, CASES, CONCERNS, NEVER_HELD):
        run_script(part)


def downgrade() -> None:
    """Drop them."""
    run_script(AS_BEFORE)
    run_script(
        "DROP TABLE concerns, moderation_cases, moderation_entries, moderations;"
        "DROP FUNCTION only_while_freezing;"
    )
