"""What must never be found of merges that were undone, and of questions to a registrar."""

from services.register.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I21",
        name="a merge undone by who made it, or without a word why",
        sql="""
        SELECT format('merge %s', id) FROM merges
        WHERE undone_by = decided_by OR (undone_by IS NULL) <> (undone_reason IS NULL)
        """,
    ),
    Question(
        invariant="I21",
        name="an undone merge that holds for some day, or one that nobody undid and that holds for none",
        sql="SELECT format('merge %s', id) FROM merges WHERE isempty(valid) <> (undone_by IS NOT NULL)",
    ),
    Question(
        invariant="I21",
        name="a public entry that leads to another number although no merge stands",
        sql="""
        SELECT e.number FROM public_entries e
        WHERE e.bodies[cardinality(e.bodies)]::jsonb ->> 'kept_number' IS NOT NULL AND NOT EXISTS (
            SELECT FROM merges m
            WHERE m.person_id = e.person_id AND upper_inf(m.known) AND upper_inf(m.valid))
        """,
    ),
    Question(
        invariant="I21",
        name="a sanction, entry or licence that went from one person to another",
        sql="""
        SELECT format('%s %s of several people', kind, f.id) FROM (
            SELECT 'sanction' AS kind, id, person_id FROM sanctions
            UNION SELECT 'register entry', id, person_id FROM register_entries
            UNION SELECT 'licence', id, person_id FROM licences) f
        GROUP BY kind, f.id HAVING count(*) > 1
        """,
    ),
    Question(
        invariant="I6",
        name="a question to a registrar without its journal line",
        sql="""
        SELECT format('match question %s', q.id) FROM match_questions q
        WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = q.txid AND j.event = 'match.asked')
        OR q.status IN ('identified', 'not_found') AND NOT EXISTS (
            SELECT FROM journal j
            WHERE j.event = 'match.answered' AND j.subject = format('match-question:%s', q.id))
        """,
    ),
)
