"""expand: all records of one person, as the merges were known at an instant."""

from shared.migrations import run_script

revision = "0018"
down_revision = "0017"

ONE_PERSON = """
CREATE FUNCTION one_person(person bigint, instant timestamptz) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE linked (id) AS (
        SELECT person UNION
        SELECT CASE m.person_id WHEN linked.id THEN m.kept_person_id ELSE m.person_id END
        FROM linked JOIN merges m ON linked.id IN (m.person_id, m.kept_person_id)
        WHERE NOT isempty(m.valid)
            AND CASE WHEN instant IS NULL THEN upper_inf(m.known) ELSE m.known @> instant END)
    SELECT id FROM linked
$$;
"""


def upgrade() -> None:
    """Create the function; no instant asks what is known now, and a merge that was undone joins nobody."""
    run_script(ONE_PERSON)


def downgrade() -> None:
    """Drop it."""
    run_script("DROP FUNCTION one_person")
