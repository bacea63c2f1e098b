"""What must never be found in the directory."""

from services.register.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I18",
        name="an edition published by one who worked on it",
        sql="SELECT code FROM directory_editions WHERE published_by = ANY (worked_on_by)",
    ),
    Question(
        invariant="I20",
        name="an edition whose courses are not those of its document",
        sql="""
        SELECT e.code FROM directory_editions e WHERE
            (SELECT coalesce(jsonb_agg(c.body ORDER BY c.position), '[]') FROM directory_courses c
             WHERE c.edition = e.code) <> e.document -> 'courses'
        """,
    ),
    Question(
        invariant="I20",
        name="an edition whose statements are not those of its document",
        sql="""
        SELECT e.code FROM directory_editions e WHERE
            (SELECT coalesce(jsonb_agg(s.body ORDER BY s.position), '[]') FROM directory_statements s
             WHERE s.edition = e.code) <> e.document -> 'statements'
        """,
    ),
    Question(
        invariant="I6",
        name="an edition without its line in the journal",
        sql="""
        SELECT e.code FROM directory_editions e WHERE NOT EXISTS (
            SELECT FROM journal j WHERE j.txid = e.txid AND j.subject = 'directory-edition:' || e.code)
        """,
    ),
)
