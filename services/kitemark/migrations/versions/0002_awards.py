"""expand: validations of schemes, authorities of bodies, awards of schools."""

from shared.migrations import run_script

revision = "0002"
down_revision = "0001"

UP = """
CALL create_facts('validations', $$
    decision text NOT NULL,
    conditions text[] NOT NULL DEFAULT '{}',
    source text NOT NULL,
    decided_by text NOT NULL,
    CONSTRAINT validations_no_overlap EXCLUDE USING gist (
        textrange(subject, subject, '[]') WITH &&, valid WITH &&, known WITH &&)
$$);

CALL create_facts('authorities', $$
    scheme text NOT NULL,
    basis text NOT NULL,
    source text NOT NULL,
    decided_by text NOT NULL,
    CONSTRAINT authorities_no_overlap EXCLUDE USING gist (
        textrange(subject, subject, '[]') WITH &&, textrange(scheme, scheme, '[]') WITH &&,
        valid WITH &&, known WITH &&)
$$);
CREATE INDEX authorities_scheme ON authorities (scheme);

CALL create_facts('awards', $$
    body text NOT NULL,
    external_id text NOT NULL,
    school text NOT NULL,
    scheme text NOT NULL,
    stage text NOT NULL,
    criteria_version text,
    certificate text,
    assessor text,
    evidence text,
    reassessment_of text,
    withdrawn_on date,
    withdrawn_reason text
$$);
CREATE UNIQUE INDEX awards_own_id ON awards (body, external_id) WHERE upper_inf(known);
CREATE INDEX awards_school ON awards (school);
CREATE INDEX awards_scheme ON awards (scheme, id);
CALL own_body_only('awards');
"""


def upgrade() -> None:
    """Create the tables."""
    run_script(UP)


def downgrade() -> None:
    """Drop them."""
    run_script("DROP TABLE awards, authorities, validations;")
