"""What must never be found where the strands meet."""

from services.kitemark.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I6",
        name="evidence of staff without a journal line",
        sql="""
        SELECT format('staff evidence %s', id) FROM staff_evidence e
        WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = e.txid)
        """,
    ),
    Question(
        invariant="I6",
        name="a reuse of work without a journal line",
        sql="""
        SELECT format('award reuse %s', row_id) FROM award_reuses r
        WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = r.txid)
        """,
    ),
    Question(
        invariant="I11",
        name="an entry asked for twice for one award",
        sql="""
        SELECT format('award reuses %s and %s', a.id, b.id) FROM award_reuses a JOIN award_reuses b
        ON (a.award_body, a.award_id, a.association, a.entry_id)
            = (b.award_body, b.award_id, b.association, b.entry_id)
        AND a.id < b.id AND upper_inf(a.known) AND upper_inf(b.known)
        """,
    ),
)
