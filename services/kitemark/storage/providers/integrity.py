"""What must never be found among providers and accreditations."""

from services.kitemark.storage.integrity import Question

FACT_TABLES = ("providers", "provider_closings", "accreditations")


def _every(sql: str) -> str:
    return " UNION ALL ".join(sql.replace("{table}", table) for table in FACT_TABLES)


QUESTIONS = (
    Question(
        invariant="I7",
        name="a fact of a provider known in two versions at once",
        sql=_every(
            "SELECT format('{table} %s and %s', a.row_id, b.row_id) FROM {table} a JOIN {table} b"
            " ON a.id = b.id AND a.row_id < b.row_id AND a.known && b.known"
        ),
    ),
    Question(
        invariant="I6",
        name="a fact of a provider without a journal line",
        sql=_every(
            "SELECT format('{table} %s', row_id) FROM {table} f"
            " WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = f.txid)"
        ),
    ),
    Question(
        invariant="I6",
        name="a file of accreditations without a journal line",
        sql="""
        SELECT format('accreditation file %s', id) FROM accreditation_files f
        WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = f.txid)
        """,
    ),
    Question(
        invariant="I11",
        name="a keeper's accreditation recorded twice",
        sql="""
        SELECT format('accreditations %s and %s', a.id, b.id) FROM accreditations a JOIN accreditations b
        ON a.keeper = b.keeper AND a.own_id = b.own_id AND a.id < b.id
        AND upper_inf(a.known) AND upper_inf(b.known)
        """,
    ),
    Question(
        invariant="I19",
        name="an accreditation of a provider that nobody recorded",
        sql="""
        SELECT format('accreditation %s', a.id) FROM accreditations a WHERE upper_inf(a.known)
        AND NOT EXISTS (SELECT FROM providers p WHERE p.subject = a.subject AND upper_inf(p.known))
        """,
    ),
    Question(
        invariant="I19",
        name="an accreditation to a standard that is not known",
        sql="""
        SELECT format('accreditation %s', a.id) FROM accreditations a WHERE upper_inf(a.known) AND NOT EXISTS
        (SELECT FROM reference r WHERE r.kind = 'provider_standards' AND r.code = a.standard)
        """,
    ),
    Question(
        invariant="I19",
        name="a provider that went over into one that closed before it",
        sql="""
        SELECT format('provider %s into %s', a.subject, a.successor) FROM provider_closings a
        JOIN provider_closings b ON b.subject = a.successor AND lower(b.valid) <= lower(a.valid)
        WHERE upper_inf(a.known) AND upper_inf(b.known)
        """,
    ),
)
