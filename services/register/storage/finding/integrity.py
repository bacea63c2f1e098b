"""What must never be found in the tables by which people are found."""

from services.register.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I4",
        name="history of unlistings that the running role could change",
        sql="""
        SELECT privilege || ' on unlistings'
        FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege
        WHERE has_table_privilege('register_app', 'unlistings', privilege)
        UNION ALL SELECT guard || ' on unlistings'
        FROM unnest(ARRAY['never_delete', 'only_close', 'close_corrected']) guard
        WHERE NOT EXISTS (SELECT FROM pg_trigger
            WHERE tgrelid = 'unlistings'::regclass AND tgname = guard AND tgenabled = 'O')
        """,
    ),
    Question(
        invariant="I6",
        name="an unlisting without its journal line",
        sql="""
        SELECT format('unlisting %s', u.id) FROM unlistings u
        WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = u.txid)
        """,
    ),
    Question(
        invariant="I20",
        name="somebody found by name whose entry is shown by its number only",
        sql="""
        SELECT DISTINCT n.number FROM unlistings u
        JOIN search_names n ON n.person_id = kept_person(u.person_id)
        WHERE upper_inf(u.known) AND u.lifted_by IS NULL
        """,
    ),
    Question(
        invariant="I20",
        name="a merged number found by name",
        sql="""
        SELECT DISTINCT n.number FROM search_names n
        JOIN merges m ON m.person_id = n.person_id AND upper_inf(m.known) AND NOT isempty(m.valid)
        """,
    ),
)
