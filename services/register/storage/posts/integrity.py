"""What must never be found among posts and organisations."""

from services.register.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I3",
        name="a post that moved outside the written table",
        sql="""
        SELECT format('post %s', b.id) FROM posts a JOIN posts b ON b.corrects = a.row_id
        WHERE a.ended_by IS NOT NULL AND (b.ended_by, b.valid) IS DISTINCT FROM (a.ended_by, a.valid)
            OR a.practitioner_by IS NOT NULL AND b.practitioner_by IS NULL
            OR a.employer_by IS NOT NULL AND b.employer_by IS NULL
            OR (a.person_id, a.employer_id, a.role, a.school_value)
                IS DISTINCT FROM (b.person_id, b.employer_id, b.role, b.school_value)
        """,
    ),
    Question(
        invariant="I4",
        name="a guard of the history of posts that is missing or switched off",
        sql="""
        SELECT format('%s on %s', guard, relation) FROM (VALUES
            ('posts', 'never_delete'), ('posts', 'only_close'), ('posts', 'close_corrected'),
            ('organisations', 'never_change'), ('organisation_versions', 'never_change')
        ) AS expected (relation, guard)
        WHERE NOT EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = relation::regclass AND tgname = guard AND tgenabled = 'O')
        """,
    ),
    Question(
        invariant="I6",
        name="a post or an organisation without its journal line",
        sql="""
        SELECT format('post %s', p.id) FROM posts p
        WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = p.txid)
        UNION ALL SELECT format('organisation %s', v.organisation_id) FROM organisation_versions v
        WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = v.txid)
        """,
    ),
)
