"""expand: modules and programmes, every version of each."""

from shared.migrations import run_script

revision = "0010"
down_revision = "0009"

VERSIONED = """
CREATE TABLE {name} (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bigint NOT NULL DEFAULT nextval('fact_ids'),
    corrects bigint REFERENCES {name} (row_id),
    association text NOT NULL,
    known tstzrange NOT NULL CHECK (NOT isempty(known)),
    txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    {columns}
);
CREATE UNIQUE INDEX {name}_one_open_version ON {name} (id) WHERE upper_inf(known);
CREATE TRIGGER close_corrected BEFORE INSERT ON {name} FOR EACH ROW
    WHEN (NEW.corrects IS NOT NULL) EXECUTE FUNCTION close_corrected();
CREATE TRIGGER only_close BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION only_close();
CREATE TRIGGER never_delete BEFORE DELETE OR TRUNCATE ON {name}
    FOR EACH STATEMENT EXECUTE FUNCTION never();
GRANT SELECT, INSERT ON {name} TO cpd_app;
CALL own_association_only('{name}');
"""

TOLD = """
    code text NOT NULL,
    version text NOT NULL,
    effective_from date NOT NULL,
    content jsonb NOT NULL
"""

TOLD_ONCE = """
CREATE UNIQUE INDEX {name}_own_id ON {name} (association, code, version) WHERE upper_inf(known);
CREATE UNIQUE INDEX {name}_one_a_day ON {name} (association, code, effective_from) WHERE upper_inf(known);
"""


def upgrade() -> None:
    """Create the tables."""
    for name in ("modules", "programmes"):
        run_script(VERSIONED.format(name=name, columns=TOLD) + TOLD_ONCE.format(name=name))


def downgrade() -> None:
    """Drop them."""
    run_script("DROP TABLE programmes, modules;")
