"""What must never be found among draws and cases."""

from services.cpd.domain.audit.case import TRANSITIONS
from services.cpd.storage.integrity import Question

_ALLOWED = ", ".join(f"('{state}', '{step}', '{move.to}')" for (state, step), move in TRANSITIONS.items())

_RECORDED = (
    "audits", "audit_freezes", "audit_seeds", "audit_draws", "audit_cases", "audit_steps", "audit_packs",
    "audit_findings", "audit_assignments", "audit_assessors", "audit_conflicts",
)  # fmt: skip

QUESTIONS = (
    Question(
        invariant="I17",
        name="a list that is not the one whose digest was published",
        sql="""
        SELECT format('audit %s', f.audit_id) FROM audit_freezes f
        WHERE f.list_hash IS DISTINCT FROM (
            SELECT encode(sha256(convert_to(coalesce(string_agg(p.salted_id || ' '
                || array_to_string(p.associations, ','), E'\\n' ORDER BY p.salted_id), ''), 'UTF8')), 'hex')
            FROM audit_people p WHERE p.audit_id = f.audit_id AND p.exclusion IS NULL)
        OR NOT EXISTS (SELECT FROM journal j WHERE j.event = 'audit.frozen'
            AND j.subject = 'audit:' || f.audit_id AND j.facts ->> 'list_hash' = f.list_hash)
        """,
    ),
    Question(
        invariant="I17",
        name="a seed that was there before the list was frozen",
        sql="""
        SELECT format('audit %s', s.audit_id) FROM audit_seeds s JOIN audit_freezes f USING (audit_id)
        WHERE s.born_at <= f.frozen_at OR (SELECT position FROM journal WHERE event = 'audit.seeded'
                AND subject = 'audit:' || s.audit_id)
            <= (SELECT position FROM journal WHERE event = 'audit.frozen'
                AND subject = 'audit:' || s.audit_id)
        """,
    ),
    Question(
        invariant="I17",
        name="a sample that is not of its size or not the first by hash",
        sql="""
        SELECT format('audit %s, %s', z.audit_id, z.association)
        FROM audit_sizes z JOIN audit_draws d ON d.audit_id = z.audit_id
        WHERE z.size <> (SELECT count(DISTINCT s.number) FROM audit_samples s
            WHERE s.audit_id = z.audit_id AND s.association = z.association)
        OR EXISTS (SELECT FROM (SELECT s.place, row_number() OVER (ORDER BY s.hash) AS due
            FROM audit_samples s WHERE s.audit_id = z.audit_id AND s.association = z.association) placed
            WHERE placed.place <> placed.due)
        """,
    ),
    Question(
        invariant="I17",
        name="somebody drawn without a case, or a case that nobody was drawn for",
        sql="""
        SELECT format('audit %s, %s', coalesce(s.audit_id, c.audit_id), coalesce(s.number, c.number))
        FROM (SELECT DISTINCT audit_id, number FROM audit_samples) s
        FULL JOIN (SELECT audit_id, number FROM audit_cases WHERE audit_id IS NOT NULL) c
            ON c.audit_id = s.audit_id AND c.number = s.number
        WHERE s.number IS NULL OR c.number IS NULL
        """,
    ),
    Question(
        invariant="I18",
        name="a finding by somebody who may not",
        sql="""
        SELECT format('case %s: %s', f.case_id, f.assessor) FROM audit_findings f
        JOIN audit_cases c ON c.id = f.case_id
        LEFT JOIN audit_assessors a ON a.subject = f.assessor
        WHERE NOT f.silence AND NOT EXISTS (SELECT FROM audit_assignments g
            WHERE g.case_id = f.case_id AND g.subject = f.assessor)
        OR a.number = c.number OR a.association = ANY (c.associations)
        OR EXISTS (SELECT FROM audit_conflicts k WHERE k.subject = f.assessor
            AND k.declared_at < f.found_at AND (k.number = c.number OR k.association = ANY (c.associations)))
        """,
    ),
    Question(
        invariant="I18",
        name="a refusal without two assessors",
        sql="""
        SELECT format('case %s', c.id) FROM audit_cases c
        WHERE c.state IN ('refused', 'under_appeal', 'failed', 'failed_under_appeal', 'overturned',
            'made_good')
        AND (SELECT count(DISTINCT f.assessor) FROM audit_findings f
            WHERE f.case_id = c.id AND f.outcome = 'find_not_met') < 2
        """,
    ),
    Question(
        invariant="I18",
        name="an appeal decided by somebody who had a part in the case",
        sql="""
        SELECT format('case %s', s.case_id) FROM audit_steps s
        WHERE s.step IN ('allow_appeal', 'dismiss_appeal', 'reassess') AND EXISTS (
            SELECT FROM audit_findings f WHERE f.case_id = s.case_id AND f.assessor = s.taken_by
            AND f.found_at <= s.taken_at)
        """,
    ),
    Question(
        invariant="I3",
        name="a case moved outside the written table",
        sql=f"""
        SELECT format('case %s, step %s', s.case_id, s.place) FROM audit_steps s
        LEFT JOIN audit_steps before ON before.case_id = s.case_id AND before.place = s.place - 1
        WHERE (s.state_before, s.step, s.state_after) NOT IN ({_ALLOWED})
        OR s.state_before <> coalesce(before.state_after, 'drawn')
        UNION ALL SELECT format('case %s', c.id) FROM audit_cases c
        WHERE c.state <> coalesce((SELECT state_after FROM audit_steps WHERE case_id = c.id
            ORDER BY place DESC LIMIT 1), 'drawn')
        """,  # noqa: S608
    ),
    Question(
        invariant="I6",
        name="a step of an audit without a journal line",
        sql=" UNION ALL ".join(
            f"SELECT format('{table} %s', t.txid) FROM {table} t"  # noqa: S608
            " WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = t.txid)"
            for table in _RECORDED
        ),
    ),
)
