"""What must never be found among awards: one question for each way in which an invariant could be broken."""

from services.kitemark.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I18",
        name="a validation or an authority that was not decided by two people",
        # What is shipped is told by its sources, and what the sample has by nobody.
        sql="""
        WITH steps AS (
            SELECT id, subject, corrects, txid, decided_by FROM validations
            UNION ALL SELECT id, subject, corrects, txid, decided_by FROM authorities)
        SELECT s.subject FROM steps s
        WHERE (s.corrects IS NOT NULL
            OR s.decided_by NOT IN ('system:reference', 'system:sample', 'sample-panel'))
        AND NOT EXISTS (
            SELECT FROM standing_proposals p WHERE p.state = 'confirmed' AND p.recorded = s.id
            AND p.decided_by <> p.proposed_by AND p.txid = s.txid)
        """,
    ),
    Question(
        invariant="I18",
        name="a proposal that was confirmed by somebody with a tie",
        sql="""
        SELECT format('proposal %s', p.id) FROM standing_proposals p WHERE p.state = 'confirmed'
        AND (p.decided_for = ANY (p.ties) OR p.proposed_for = ANY (p.ties) OR p.body <> ALL (p.ties))
        """,
    ),
    Question(
        invariant="I19",
        name="an award given by a body that was not authorised on its first day",
        sql="""
        SELECT a.subject FROM awards a WHERE upper_inf(a.known) AND NOT EXISTS (
            SELECT FROM authorities b WHERE b.subject = a.body AND b.scheme = a.scheme
            AND b.known @> lower(a.known) AND b.valid @> lower(a.valid) AND NOT b.never_held)
        """,
    ),
    Question(
        invariant="I19",
        name="a withdrawn award that was brought back",
        sql="""
        SELECT a.subject FROM awards a WHERE upper_inf(a.known) AND a.withdrawn_on IS NULL AND EXISTS (
            SELECT FROM awards b WHERE b.id = a.id AND b.withdrawn_on IS NOT NULL)
        """,
    ),
    Question(
        invariant="I7",
        name="a body's award recorded twice",
        sql="""
        SELECT format('awards %s and %s', a.id, b.id) FROM awards a JOIN awards b
        ON a.body = b.body AND a.external_id = b.external_id AND a.id < b.id
        AND upper_inf(a.known) AND upper_inf(b.known)
        """,
    ),
)
