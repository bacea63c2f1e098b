"""contract: contact details belong to the member of one association, not to the person they share.

Every member id of a person gets what was recorded of the person. Where people were merged, that is what
their own row says; their fingerprints were made against the row that is kept, so they are forgotten.
"""

from shared.migrations import run_script

revision = "0007"
down_revision = "0006"

CONTACTS = """
ALTER TABLE member_ids ADD COLUMN email text, ADD COLUMN telephone text;
UPDATE member_ids m SET email = p.email, telephone = p.telephone FROM people p
WHERE p.id = m.person_id AND (p.email IS NOT NULL OR p.telephone IS NOT NULL);
ALTER TABLE people DROP COLUMN email, DROP COLUMN telephone;
GRANT UPDATE (email, telephone) ON member_ids TO register_app;

DELETE FROM row_fingerprints f USING member_ids m, merges g
WHERE m.person_id IN (g.person_id, g.kept_person_id)
    AND f.association = m.association AND f.member_id = m.member_id;
"""

FINGERPRINTS = """
CREATE FUNCTION forget_fingerprints_of_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM row_fingerprints f USING written w
    WHERE f.association = w.association AND f.member_id = w.member_id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_fingerprints AFTER UPDATE ON member_ids REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION forget_fingerprints_of_members();
"""

CONTACTS_OF_PEOPLE = """
DROP TRIGGER forget_fingerprints ON member_ids;
DROP FUNCTION forget_fingerprints_of_members;

ALTER TABLE people ADD COLUMN email text, ADD COLUMN telephone text;
GRANT UPDATE (email, telephone) ON people TO register_app;
UPDATE people p SET email = told.email, telephone = told.telephone
FROM (
    SELECT DISTINCT ON (person_id) person_id, email, telephone FROM member_ids
    WHERE email IS NOT NULL OR telephone IS NOT NULL
    ORDER BY person_id, association, member_id
) AS told
WHERE told.person_id = p.id;
REVOKE UPDATE (email, telephone) ON member_ids FROM register_app;
ALTER TABLE member_ids DROP COLUMN email, DROP COLUMN telephone;
"""


def upgrade() -> None:
    """Move contact details to the member ids."""
    run_script(CONTACTS)
    run_script(FINGERPRINTS)


def downgrade() -> None:
    """Give them back to the people: of several associations only the first keeps what it told."""
    run_script(CONTACTS_OF_PEOPLE)
