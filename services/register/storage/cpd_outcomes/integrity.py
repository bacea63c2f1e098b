"""What must never be found among the outcomes of CPD audits."""

from services.register.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I13",
        name="a line of CPD applied and not counted as followed",
        sql="""
        SELECT format('position %s', position) FROM cpd_outcomes
        WHERE position > (SELECT coalesce(max(position), 0) FROM followed WHERE source = 'cpd')
        """,
    ),
    Question(
        invariant="I13",
        name="a finding taken back whose sanction still stands",
        sql="""
        SELECT format('case %s: sanction %s', o.case_id, s.id) FROM cpd_outcomes o
        JOIN cpd_outcomes failed ON failed.case_id = o.case_id AND failed.finding = 'audit.failed'
        JOIN sanctions s ON s.id = ANY (failed.sanction_ids) AND upper_inf(s.known) AND s.lifted_by IS NULL
        WHERE o.finding <> 'audit.failed' AND o.effect = 'lifted'
        """,
    ),
    Question(
        invariant="I6",
        name="an outcome of a CPD audit without a journal line",
        sql="""
        SELECT format('position %s', position) FROM (
            SELECT position, txid FROM cpd_outcomes UNION ALL SELECT position, txid FROM cpd_outcome_decisions
        ) o WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = o.txid)
        """,
    ),
)
