"""What must never be found among complaints and alerts."""

from services.register.domain.conduct.complaint import TRANSITIONS
from services.register.storage.integrity import Question

_ALLOWED = ", ".join(f"('{state}', '{step}', '{move.to}')" for (state, step), move in TRANSITIONS.items())

QUESTIONS = (
    Question(
        invariant="I18",
        name="a complaint judged by somebody who may not",
        sql="""
        SELECT format('complaint %s: %s', d.complaint_id, member.subject)
        FROM complaint_decisions d CROSS JOIN unnest(d.members) AS member (subject)
        JOIN complaints c ON c.id = d.complaint_id
        WHERE c.submitted_by = member.subject
        OR NOT EXISTS (SELECT FROM complaint_parts p WHERE p.complaint_id = d.complaint_id
            AND p.subject = member.subject AND p.part = d.part)
        OR EXISTS (SELECT FROM complaint_conflicts k WHERE k.complaint_id = d.complaint_id
            AND k.subject = member.subject AND k.declared_at <= d.decided_at)
        OR EXISTS (SELECT FROM complaint_steps s WHERE s.complaint_id = d.complaint_id
            AND s.taken_by = member.subject AND s.step IN (
                'find_capable', 'ask_member', 'find_case', 'protect'))
        OR d.part = 'appeal_panel' AND EXISTS (SELECT FROM complaint_decisions before
            WHERE before.complaint_id = d.complaint_id AND before.part = 'panel'
            AND member.subject = ANY (before.members))
        """,
    ),
    Question(
        invariant="I3",
        name="a complaint moved outside the written table",
        sql=f"""
        SELECT format('complaint %s, step %s', s.complaint_id, s.place) FROM complaint_steps s
        LEFT JOIN complaint_steps before
            ON before.complaint_id = s.complaint_id AND before.place = s.place - 1
        WHERE (s.state_before, s.step, s.state_after) NOT IN ({_ALLOWED})
        OR s.state_before <> coalesce(before.state_after, 'received')
        """,  # noqa: S608
    ),
    Question(
        invariant="I20",
        name="a complaint that does not stand where its last step led",
        sql="""
        SELECT format('complaint %s', c.id) FROM complaints c
        WHERE c.state <> coalesce((SELECT s.state_after FROM complaint_steps s WHERE s.complaint_id = c.id
            ORDER BY s.place DESC LIMIT 1), 'received')
        """,
    ),
    Question(
        invariant="I6",
        name="a row of conduct without its journal line",
        sql=" UNION ALL ".join(
            f"SELECT format('{table} of transaction %s', t.txid) FROM {table} t"  # noqa: S608
            " WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = t.txid)"
            for table in (
                "complaints",
                "complaint_steps",
                "complaint_conflicts",
                "complaint_parts",
                "complaint_decisions",
                "complaint_sanctions",
                "decision_publications",
                "alerts",
            )
        ),
    ),
    Question(
        invariant="I10",
        name="a decision published before it was final",
        sql="""
        SELECT format('complaint %s', p.complaint_id) FROM decision_publications p
        JOIN complaints c ON c.id = p.complaint_id
        WHERE c.state <> 'closed' OR EXISTS (SELECT FROM complaint_decisions d
            WHERE d.complaint_id = c.id AND d.outcome = 'allowed')
        """,
    ),
)
