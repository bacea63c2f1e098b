"""What must never be found among modules, programmes and credit."""

from services.cpd.domain.credits.recognition import MOVES
from services.cpd.storage.integrity import Question

_RECOGNITION_MOVES = ", ".join(f"('{state}', '{to}')" for (state, _), (to, _) in MOVES.items())
_TABLES = ("modules", "programmes", "credits", "recognitions", "award_offers")


def _every(sql: str) -> str:
    return " UNION ALL ".join(sql.replace("{table}", table) for table in _TABLES)


QUESTIONS = (
    Question(
        invariant="I7",
        name="a module, a programme or credit known in two versions at once",
        sql=_every(
            "SELECT format('{table} %s and %s', a.row_id, b.row_id) FROM {table} a JOIN {table} b"
            " ON a.id = b.id AND a.row_id < b.row_id AND a.known && b.known"
        ),
    ),
    Question(
        invariant="I6",
        name="a module, a programme or credit without a journal line",
        sql=_every(
            "SELECT format('{table} %s', row_id) FROM {table} f"
            " WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = f.txid)"
        ),
    ),
    Question(
        invariant="I16",
        name="an association's credit recorded twice",
        sql="""
        SELECT format('credits %s and %s', a.id, b.id) FROM credits a JOIN credits b
        ON a.id < b.id AND upper_inf(a.known) AND upper_inf(b.known)
        AND ((a.association, a.credit_id) = (b.association, b.credit_id) OR a.recognition = b.recognition)
        """,
    ),
    Question(
        invariant="I3",
        name="a claim of prior learning moved outside the written table",
        sql=f"""
        SELECT format('recognition %s', after.id) FROM recognitions after
        LEFT JOIN recognitions before ON before.row_id = after.corrects
        WHERE CASE WHEN before.row_id IS NULL THEN after.state <> 'claimed'
            ELSE (before.state, after.state) NOT IN ({_RECOGNITION_MOVES}) END
        """,  # noqa: S608
    ),
    Question(
        invariant="I18",
        name="prior learning assessed by who claimed it",
        sql="""
        SELECT format('recognition %s', id) FROM recognitions
        WHERE assessed_by = claimed_by
        """,
    ),
    Question(
        invariant="I16",
        name="credit from prior learning that nobody granted",
        sql="""
        SELECT format('credit %s', c.id) FROM credits c WHERE c.recognition IS NOT NULL
        AND NOT EXISTS (SELECT FROM recognitions r WHERE r.id = c.recognition AND r.state = 'granted'
            AND r.number = c.number AND r.module_id = c.module_id
            AND r.module_association = c.module_association)
        """,
    ),
    Question(
        invariant="I16",
        name="an award offered on credit that nobody told",
        sql="""
        SELECT format('award offer %s', o.id) FROM award_offers o, unnest(o.rests_on) AS rest (id)
        WHERE NOT EXISTS (SELECT FROM credits c WHERE c.id = rest.id)
        """,
    ),
    Question(
        invariant="I16",
        name="an award offered on one credit twice",
        sql="""
        SELECT format('award offer %s', id) FROM award_offers
        WHERE cardinality(rests_on) <> (SELECT count(DISTINCT rest) FROM unnest(rests_on) AS rest)
        """,
    ),
)
