"""expand: memberships checked for overlaps at half the cost, and fingerprints that carry the number.

Most of what an import costs the database is the index of ``memberships_no_overlap``. A box compares whole
numbers where a range compares types: side by side the people, one above the other the days. Two boxes
overlap exactly where one person has a day in common, since both count in whole steps; days that are
empty overlap with none, as before.
"""

from shared.migrations import run_script

revision = "0005"
down_revision = "0004"

NO_OVERLAP = """
CREATE FUNCTION days_of_person(person bigint, days daterange) RETURNS box
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN box(
    point(person, coalesce(lower(days) - date '2000-01-01', -2147483648)),
    point(person, coalesce(upper(days) - 1 - date '2000-01-01', 2147483647)));

ALTER TABLE memberships
    DROP CONSTRAINT memberships_no_overlap,
    ADD CONSTRAINT memberships_no_overlap EXCLUDE USING gist (
        days_of_person(person_id, valid) WITH &&,
        textrange(association, association, '[]') WITH &&,
        known WITH &&) WHERE (NOT isempty(valid));
"""

FINGERPRINTS = """
ALTER TABLE row_fingerprints ADD COLUMN number text;

CREATE OR REPLACE FUNCTION forget_fingerprints() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Each is planned when it is first reached, so each may name columns that the other tables lack.
    CASE TG_ARGV[0]
    WHEN 'id' THEN
        DELETE FROM row_fingerprints f USING member_ids m, written w
        WHERE m.person_id = w.id AND f.association = m.association AND f.member_id = m.member_id;
    WHEN 'person_id' THEN
        DELETE FROM row_fingerprints f USING member_ids m, written w
        WHERE m.person_id = w.person_id AND f.association = m.association AND f.member_id = m.member_id;
    ELSE
        DELETE FROM row_fingerprints f USING member_ids m, written w
        WHERE m.person_id = w.kept_person_id AND f.association = m.association
            AND f.member_id = m.member_id;
    END CASE;
    RETURN NULL;
END $$;
"""

RANGES = """
ALTER TABLE memberships
    DROP CONSTRAINT memberships_no_overlap,
    ADD CONSTRAINT memberships_no_overlap EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&,
        textrange(association, association, '[]') WITH &&,
        valid WITH &&, known WITH &&);
DROP FUNCTION days_of_person;
"""

WITHOUT_NUMBERS = """
CREATE OR REPLACE FUNCTION forget_fingerprints() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM row_fingerprints f USING member_ids m
    WHERE m.person_id IN (SELECT (to_jsonb(w) ->> TG_ARGV[0])::bigint FROM written w)
        AND f.association = m.association AND f.member_id = m.member_id;
    RETURN NULL;
END $$;
ALTER TABLE row_fingerprints DROP COLUMN number;
"""


def upgrade() -> None:
    """Make imports cheaper."""
    run_script(NO_OVERLAP)
    run_script(FINGERPRINTS)


def downgrade() -> None:
    """Go back to ranges, and to fingerprints without numbers."""
    run_script(WITHOUT_NUMBERS)
    run_script(RANGES)
