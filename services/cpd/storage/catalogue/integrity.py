"""What must never be found in the catalogue."""

from services.cpd.domain.catalogue.equivalence import MOVES
from services.cpd.storage.integrity import Question

_ALLOWED = ", ".join(f"('{state}', '{move.to}')" for (state, _), move in MOVES.items())
_TABLES = ("offers", "equivalences")


def _every(sql: str) -> str:
    return " UNION ALL ".join(sql.replace("{table}", table) for table in _TABLES)


QUESTIONS = (
    Question(
        invariant="I7",
        name="a part of the catalogue known in two versions at once",
        sql=_every(
            "SELECT format('{table} %s and %s', a.row_id, b.row_id) FROM {table} a JOIN {table} b"
            " ON a.id = b.id AND a.row_id < b.row_id AND a.known && b.known"
        ),
    ),
    Question(
        invariant="I6",
        name="a part of the catalogue without a journal line",
        sql=_every(
            "SELECT format('{table} %s', row_id) FROM {table} f"
            " WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = f.txid)"
        ),
    ),
    Question(
        invariant="I3",
        name="an equivalence moved outside the written table",
        sql=f"""
        SELECT format('equivalence %s', after.id) FROM equivalences after
        LEFT JOIN equivalences before ON before.row_id = after.corrects
        WHERE CASE WHEN before.row_id IS NULL THEN after.state <> 'proposed'
            ELSE (before.state, after.state) NOT IN ({_ALLOWED}) END
        """,  # noqa: S608
    ),
    Question(
        invariant="I18",
        name="an equivalence accepted by who proposed it",
        sql="""
        SELECT format('equivalence %s', id) FROM equivalences
        WHERE state = 'accepted' AND association <> other
        """,
    ),
)
