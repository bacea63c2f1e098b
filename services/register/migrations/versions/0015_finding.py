"""expand: languages and client groups, names to search, entries shown by number only.

Nobody is found by name until the job ``republish`` has run.
"""

from shared.migrations import run_script

revision = "0015"
down_revision = "0014"

DETAILS = """
ALTER TABLE people
    ADD COLUMN languages text[] NOT NULL DEFAULT '{}',
    ADD COLUMN client_groups text[] NOT NULL DEFAULT '{}';
GRANT UPDATE (languages, client_groups) ON people TO register_app;
"""

SEARCH_NAMES = """
CREATE TABLE search_names (
    person_id bigint NOT NULL REFERENCES people (id),
    place integer NOT NULL CONSTRAINT search_names_place CHECK (place >= 0),
    number text NOT NULL,
    sort text NOT NULL,
    keys text[] NOT NULL,
    PRIMARY KEY (person_id, place)
);
CREATE INDEX search_names_keys ON search_names USING gin (keys);
CREATE UNIQUE INDEX search_names_number ON search_names (number) WHERE place = 0;
GRANT SELECT, INSERT, UPDATE, DELETE ON search_names TO register_app;
"""

UNLISTINGS = """
    reason text NOT NULL,
    set_by text NOT NULL,
    lifted_by text,
    lifted_reason text,
    CONSTRAINT unlistings_no_overlap EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&, valid WITH &&, known WITH &&)
"""

ERASING = """
CALL record_rule('search_names', 'identity', place => 10, hides => '{keys,sort}', erases => '');
CALL record_rule('unlistings', 'identity', keeps => '{set_by,lifted_by}',
    erases => 'reason = ''-'', lifted_reason = left(lifted_reason, 0) || ''-''');
UPDATE record_rules SET erases = erases || ', languages = ''{}'', client_groups = ''{}'''
WHERE relation = 'people';
"""


def upgrade() -> None:
    """Add what people are found by."""
    run_script(DETAILS)
    run_script(SEARCH_NAMES)
    run_script(f"CALL create_facts('unlistings', $columns${UNLISTINGS}$columns$)")
    run_script(ERASING)


def downgrade() -> None:
    """Drop it."""
    run_script(
        "UPDATE record_rules SET erases = replace(erases, ', languages = ''{}'', client_groups = ''{}''', '')"
        " WHERE relation = 'people';"
        "DELETE FROM record_rules WHERE relation IN ('search_names', 'unlistings');"
        "DROP TABLE unlistings, search_names;"
        "ALTER TABLE people DROP COLUMN languages, DROP COLUMN client_groups"
    )
