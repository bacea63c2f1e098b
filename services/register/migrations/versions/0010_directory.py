"""expand: the directory of qualifications: drafts, editions, and what an edition says as rows."""

from shared.migrations import run_script

revision = "0010"
down_revision = "0009"

EDITIONS = """
CREATE TABLE directory_drafts (
    code text PRIMARY KEY,
    document jsonb NOT NULL,
    based_on text,
    worked_on_by text[] NOT NULL CONSTRAINT directory_drafts_by_someone CHECK (cardinality(worked_on_by) > 0),
    changed_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON directory_drafts TO register_app;

CREATE TABLE directory_editions (
    code text PRIMARY KEY,
    title text NOT NULL,
    revision integer NOT NULL CONSTRAINT directory_editions_revision_key UNIQUE,
    published_in date NOT NULL,
    document jsonb NOT NULL,
    worked_on_by text[] NOT NULL,
    published_by text NOT NULL,
    published_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT directory_editions_four_eyes CHECK (NOT published_by = ANY (worked_on_by))
);
"""

ROWS = """
CREATE TABLE directory_bodies (
    edition text REFERENCES directory_editions (code),
    code text,
    position integer NOT NULL,
    kind text NOT NULL,
    region text,
    body jsonb NOT NULL,
    PRIMARY KEY (edition, code)
);

CREATE TABLE directory_courses (
    edition text REFERENCES directory_editions (code),
    code text,
    position integer NOT NULL,
    awarding_body text NOT NULL,
    title text NOT NULL,
    status text NOT NULL CONSTRAINT directory_courses_status
        CHECK (status IN ('proposed', 'running', 'suspended', 'discontinued')),
    body jsonb NOT NULL,
    PRIMARY KEY (edition, code),
    FOREIGN KEY (edition, awarding_body) REFERENCES directory_bodies (edition, code)
);

CREATE TABLE directory_awards (
    edition text,
    course text,
    position integer,
    title text NOT NULL,
    framework text,
    level text,
    qualification text,
    PRIMARY KEY (edition, course, position),
    FOREIGN KEY (edition, course) REFERENCES directory_courses (edition, code),
    CONSTRAINT directory_awards_level_in_its_framework CHECK ((framework IS NULL) = (level IS NULL))
);

CREATE TABLE directory_statements (
    edition text REFERENCES directory_editions (code),
    position integer,
    kind text NOT NULL,
    courses text[] NOT NULL,
    awarding_bodies text[] NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (edition, position)
);
CREATE INDEX directory_statements_courses ON directory_statements USING gin (courses);

CREATE TABLE directory_course_facts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    edition text NOT NULL,
    course text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    region text,
    closeness smallint NOT NULL,
    holds boolean NOT NULL,
    firm boolean NOT NULL,
    FOREIGN KEY (edition, course) REFERENCES directory_courses (edition, code)
);
CREATE INDEX directory_course_facts_course ON directory_course_facts (edition, course, kind, value);
"""

PUBLISHED = (
    "directory_editions",
    "directory_bodies",
    "directory_courses",
    "directory_awards",
    "directory_statements",
    "directory_course_facts",
)


def upgrade() -> None:
    """Create the directory; what is published is inserted and never changed."""
    run_script(EDITIONS)
    run_script(ROWS)
    for table in PUBLISHED:
        run_script(
            f"CREATE TRIGGER never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION never();"
            f"GRANT SELECT, INSERT ON {table} TO register_app"
        )


def downgrade() -> None:
    """Drop it."""
    run_script(f"DROP TABLE {', '.join(reversed(PUBLISHED))}, directory_drafts")
