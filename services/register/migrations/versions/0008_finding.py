"""expand: languages and client groups, folded previous names, names to search, entries shown by number only.

Names are folded as the service folds them. Nobody is found by name until the job ``republish`` has run.
"""

from alembic import op
from sqlalchemy import text

from services.register.domain.member import name_key
from services.register.domain.person import Name
from shared.migrations import run_script

revision = "0008"
down_revision = "0007"

AT_ONCE = 10_000

DETAILS = """
ALTER TABLE people
    ADD COLUMN languages text[] NOT NULL DEFAULT '{}',
    ADD COLUMN client_groups text[] NOT NULL DEFAULT '{}';
GRANT UPDATE (languages, client_groups) ON people TO register_app;

-- A service of the version before knows nothing of the column, and must still be able to write.
ALTER TABLE previous_names ADD COLUMN folded_name text NOT NULL DEFAULT '';
"""

FOLDED = "CREATE INDEX previous_names_folded_name ON previous_names (folded_name);"

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


def upgrade() -> None:
    """Add what people are found by."""
    run_script(DETAILS)
    _fold_previous_names()
    run_script(FOLDED)
    run_script(SEARCH_NAMES)
    run_script(f"CALL create_facts('unlistings', $columns${UNLISTINGS}$columns$)")


def downgrade() -> None:
    """Drop it."""
    run_script(
        "DROP TABLE unlistings, search_names;"
        "ALTER TABLE previous_names DROP COLUMN folded_name;"
        "ALTER TABLE people DROP COLUMN languages, DROP COLUMN client_groups"
    )


def _fold_previous_names() -> None:
    """Fill in the key of each previous name, as `people.folded_name` is made."""
    bind, last = op.get_bind(), 0
    read = text(
        "SELECT id, given_names, family_name FROM previous_names WHERE id > :last ORDER BY id LIMIT :most"
    )
    write = text("UPDATE previous_names SET folded_name = :folded WHERE id = :id")
    while rows := bind.execute(read, {"last": last, "most": AT_ONCE}).all():
        bind.execute(
            write,
            [
                {
                    "id": row.id,
                    "folded": name_key(Name(given_names=row.given_names, family_name=row.family_name)),
                }
                for row in rows
            ],
        )
        last = rows[-1].id
