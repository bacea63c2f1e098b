"""What must never be found of a person's rights: see ``services.register.storage.integrity``."""

from services.register.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I22",
        name="an erased person of whom something is left",
        sql="""
        SELECT p.number FROM people p WHERE p.erased_at IS NOT NULL AND (
            (p.given_names, p.family_name, p.folded_name) <> ('', '-', '') OR p.date_of_birth IS NOT NULL
            OR EXISTS (SELECT FROM previous_names n WHERE n.person_id = p.id)
            OR EXISTS (SELECT FROM member_ids m WHERE m.person_id = p.id
                AND (m.member_id NOT LIKE 'erased-%' OR m.email IS NOT NULL OR m.telephone IS NOT NULL))
            OR EXISTS (SELECT FROM holdings h WHERE h.person_id = p.id AND h.title <> '-')
            OR EXISTS (SELECT FROM sanctions s WHERE s.person_id = p.id AND s.internal_reason <> '-'))
        """,
    ),
    Question(
        invariant="I22",
        name="a person erased without two registrars",
        sql="""
        SELECT p.number FROM people p WHERE p.erased_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM erasures e WHERE kept_person(e.person_id) = kept_person(p.id)
            AND e.status = 'done' AND e.decided_by <> e.proposed_by)
        """,
    ),
    Question(
        invariant="I25",
        name="a log of disclosures that the running role could change",
        sql="""
        SELECT format('%s on %s', privilege, relation)
        FROM unnest(ARRAY['disclosures', 'record_rules', 'erasing']) relation,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege
        WHERE has_table_privilege('register_app', relation, privilege)
            OR (privilege = 'UPDATE' AND has_any_column_privilege('register_app', relation, privilege))
            OR (relation <> 'disclosures' AND has_table_privilege('register_app', relation, 'INSERT'))
        """,
    ),
)
