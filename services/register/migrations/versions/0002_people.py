"""expand: people, their names and member ids, memberships, holdings, acceptances of the code, duplicates."""

from shared.migrations import run_script

revision = "0002"
down_revision = "0001"

PEOPLE = """
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL UNIQUE CONSTRAINT people_number_form CHECK (number ~ '^CR[0-9]{7}[0-9X]$'),
    given_names text NOT NULL,
    family_name text NOT NULL CONSTRAINT people_family_name_given CHECK (family_name <> ''),
    folded_name text NOT NULL,
    date_of_birth date,
    email text,
    telephone text,
    home_country text,
    regions text[] NOT NULL DEFAULT '{}',
    settings text[] NOT NULL DEFAULT '{}',
    roles text[] NOT NULL DEFAULT '{}',
    specialisms text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL
);
CREATE INDEX people_same_name_and_birth ON people (folded_name, date_of_birth);
GRANT SELECT, INSERT ON people TO register_app;
GRANT UPDATE (given_names, family_name, folded_name, date_of_birth, email, telephone, home_country,
    regions, settings, roles, specialisms) ON people TO register_app;

CREATE TABLE previous_names (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    given_names text NOT NULL,
    family_name text NOT NULL,
    replaced_at timestamptz
);
CREATE INDEX previous_names_person ON previous_names (person_id);
GRANT SELECT, INSERT ON previous_names TO register_app;

CREATE TABLE member_ids (
    association text,
    member_id text,
    person_id bigint NOT NULL REFERENCES people (id),
    PRIMARY KEY (association, member_id)
);
CREATE INDEX member_ids_person ON member_ids (person_id);
GRANT SELECT, INSERT ON member_ids TO register_app;
CALL own_association_only('member_ids');
"""


def create_facts(name: str, columns: str) -> None:
    """Make a table of dated facts."""
    run_script(f"CALL create_facts('{name}', $columns${columns}$columns$)")


MEMBERSHIPS = """
    association text NOT NULL,
    member_id text NOT NULL,
    level text NOT NULL CONSTRAINT memberships_level
        CHECK (level IN ('professional', 'associate', 'affiliate')),
    category text,
    FOREIGN KEY (association, member_id) REFERENCES member_ids (association, member_id),
    CONSTRAINT memberships_no_overlap EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&,
        textrange(association, association, '[]') WITH &&,
        valid WITH &&, known WITH &&)
"""

HOLDINGS = """
    association text NOT NULL,
    qualification text,
    title text NOT NULL,
    awarding_body text,
    framework text,
    level text,
    credits integer CONSTRAINT holdings_credits CHECK (credits >= 0),
    subject text,
    relevant boolean NOT NULL,
    awarded_on date,
    expected_on date,
    status text NOT NULL CONSTRAINT holdings_status CHECK (
        status IN ('working_towards', 'claimed', 'authenticated', 'rejected', 'withdrawn')),
    submitted_by text NOT NULL,
    decided_by text,
    decided_at timestamptz,
    method text,
    evidence_reference text,
    reason text,
    CONSTRAINT holdings_four_eyes CHECK (decided_by <> submitted_by),
    CONSTRAINT holdings_decided_by_someone CHECK (
        status NOT IN ('authenticated', 'rejected') OR decided_by IS NOT NULL)
"""

MERGES = """
    kept_person_id bigint NOT NULL REFERENCES people (id),
    decided_by text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT merges_two_people CHECK (kept_person_id <> person_id),
    CONSTRAINT merges_no_overlap EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&, valid WITH &&, known WITH &&)
"""

OTHERS = """
CALL own_association_only('memberships');
CALL own_association_only('holdings');
CREATE INDEX merges_kept_person ON merges (kept_person_id);

CREATE TABLE code_acceptances (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people (id),
    association text NOT NULL,
    code_version text NOT NULL,
    accepted_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT code_acceptances_once UNIQUE (person_id, code_version)
);
GRANT SELECT, INSERT ON code_acceptances TO register_app;
CALL own_association_only('code_acceptances');

CREATE TABLE possible_duplicates (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_person_id bigint NOT NULL REFERENCES people (id),
    second_person_id bigint NOT NULL REFERENCES people (id),
    reason text NOT NULL,
    found_at timestamptz NOT NULL,
    status text NOT NULL CONSTRAINT possible_duplicates_status
        CHECK (status IN ('open', 'same_person', 'different_people')),
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT possible_duplicates_once UNIQUE (first_person_id, second_person_id),
    CONSTRAINT possible_duplicates_ordered CHECK (first_person_id < second_person_id)
);
GRANT SELECT, INSERT ON possible_duplicates TO register_app;
GRANT UPDATE (status, decided_by, decided_at, decision_reason) ON possible_duplicates TO register_app;
"""


def upgrade() -> None:
    """Create people and what is known of them."""
    run_script(PEOPLE)
    create_facts("memberships", MEMBERSHIPS)
    create_facts("holdings", HOLDINGS)
    create_facts("merges", MERGES)
    run_script(OTHERS)


def downgrade() -> None:
    """Drop them."""
    run_script(
        "DROP TABLE possible_duplicates, code_acceptances, merges, holdings, memberships, member_ids,"
        " previous_names, people"
    )
