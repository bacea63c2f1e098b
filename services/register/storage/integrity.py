"""What must never be found in the database: one question for each way in which an invariant could be broken.

The questions do not trust the constraints that should make them needless: they look at the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.register.domain.qualification import TRANSITIONS
from services.register.storage.tables import journal
from shared.database import Transaction
from shared.journal import Line, read_after

MOST_ROWS = 20
FACT_TABLES = (
    "memberships",
    "holdings",
    "merges",
    "register_entries",
    "licences",
    "licence_scopes",
    "sanctions",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question that a sound database answers with no row; each row is one column of text."""

    invariant: str
    name: str
    sql: str


def _overlaps(table: str, *also: str) -> str:
    same = "".join(f" AND a.{column} = b.{column}" for column in also)
    return (
        f"SELECT format('rows %s and %s', a.row_id, b.row_id) FROM {table} a JOIN {table} b"  # noqa: S608
        f" ON a.person_id = b.person_id AND a.row_id < b.row_id{same}"
        " AND a.valid && b.valid AND a.known && b.known"
    )


def _every(tables: Sequence[str], sql: str) -> str:
    return " UNION ALL ".join(sql.replace("{table}", table) for table in tables)


# When a row was written, by the journal: unlike instants, positions follow the order of commits.
_PLACE = "(SELECT min(position) FROM journal WHERE txid = {0}.txid)"
# What bears a licence: a holding that was held true, authenticated and large enough by the policy of entry.
_BEARS = """
    h.status = 'authenticated' AND h.relevant AND h.decided_by <> h.submitted_by AND EXISTS (
        SELECT FROM entry_thresholds t WHERE t.policy_version = l.policy_version
        AND t.framework = h.framework AND t.level = h.level
        AND coalesce(h.credits, 0) >= coalesce(t.minimum_credits, 0))
"""
_ALLOWED = ", ".join(f"('{before}', '{after}')" for (before, _), after in TRANSITIONS.items())

QUESTIONS = (
    Question(invariant="I1", name="two licences at once", sql=_overlaps("licences")),
    Question(invariant="I1", name="two register entries at once", sql=_overlaps("register_entries")),
    Question(invariant="I1", name="a scope held twice at once", sql=_overlaps("licence_scopes", "scope")),
    Question(
        invariant="I2",
        name="a licence issued without authenticated evidence",
        sql=f"""
        SELECT format('licence %s', l.id) FROM licences l WHERE l.corrects IS NULL AND NOT EXISTS (
            SELECT FROM holdings h WHERE {_BEARS} AND h.row_id = (
                SELECT max(v.row_id) FROM holdings v
                WHERE v.id = l.holding_id AND {_PLACE.format("v")} < {_PLACE.format("l")}))
        """,  # noqa: S608
    ),
    Question(
        invariant="I2",
        name="a licence without an admitted application",
        sql="""
        SELECT format('licence %s', l.id) FROM licences l JOIN applications a ON a.id = l.application_id
        WHERE a.status <> 'admitted' OR a.decided_by IS NULL
        """,
    ),
    Question(
        invariant="I2",
        name="a licence that rests on somebody else's evidence",
        sql="""
        SELECT format('licence %s', l.id) FROM licences l
        WHERE NOT EXISTS (SELECT FROM holdings h WHERE h.id = l.holding_id
            AND were_one_person(h.person_id, l.person_id))
        OR NOT EXISTS (SELECT FROM applications a WHERE a.id = l.application_id
            AND were_one_person(a.person_id, l.person_id))
        """,
    ),
    Question(
        invariant="I2",
        name="decided by who submitted it",
        sql="""
        SELECT format('application %s', id) FROM applications WHERE decided_by = submitted_by
        UNION ALL SELECT DISTINCT format('holding %s', h.id) FROM holdings h JOIN holdings v ON v.id = h.id
        WHERE h.decided_by = v.submitted_by
        """,
    ),
    Question(
        invariant="I2",
        name="evidence found false, and the licence left standing",
        sql=f"""
        SELECT format('holding %s of licence %s', gone.id, l.id)
        FROM holdings gone JOIN holdings before ON before.row_id = gone.corrects
        JOIN licences l ON l.holding_id = gone.id AND l.ended IS NULL
            AND upper(l.valid) > (lower(gone.known) AT TIME ZONE 'Europe/London')::date
        WHERE before.status = 'authenticated' AND gone.status = 'withdrawn'
        AND l.row_id = (SELECT max(v.row_id) FROM licences v
            WHERE v.id = l.id AND {_PLACE.format("v")} < {_PLACE.format("gone")})
        AND NOT EXISTS (SELECT FROM licences moved WHERE moved.id = l.id AND moved.txid = gone.txid)
        AND NOT EXISTS (SELECT FROM sanctions s WHERE s.txid = gone.txid)
        """,  # noqa: S608
    ),
    Question(
        invariant="I3",
        name="a holding moved outside the written table",
        sql=f"""
        SELECT format('holding %s from %s to %s', b.id, a.status, b.status)
        FROM holdings a JOIN holdings b ON b.corrects = a.row_id
        WHERE a.status <> b.status AND (a.status, b.status) NOT IN ({_ALLOWED})
        """,  # noqa: S608
    ),
    Question(
        invariant="I3",
        name="a sanction moved outside the written table",
        sql="""
        SELECT format('sanction %s', b.id) FROM sanctions a JOIN sanctions b ON b.corrects = a.row_id
        WHERE a.lifted_by IS NOT NULL OR b.kind <> a.kind OR (b.kind = 'removal' AND b.lifted_by IS NOT NULL)
        """,
    ),
    Question(
        invariant="I4",
        name="history that the running role could change",
        sql="""
        SELECT format('%s on %s', privilege, relation)
        FROM unnest(ARRAY['journal', 'memberships', 'holdings', 'merges', 'register_entries', 'licences',
            'licence_scopes', 'sanctions', 'code_acceptances']) relation,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege
        WHERE has_table_privilege('register_app', relation, privilege)
            OR (privilege = 'UPDATE' AND has_any_column_privilege('register_app', relation, privilege))
        """,
    ),
    Question(
        invariant="I4",
        name="a guard of history that is missing or switched off",
        sql="""
        SELECT format('%s on %s', guard, relation) FROM (
            SELECT relation, guard FROM unnest(ARRAY['memberships', 'holdings', 'merges', 'register_entries',
                'licences', 'licence_scopes', 'sanctions']) relation,
                unnest(ARRAY['never_delete', 'only_close', 'close_corrected']) guard
            UNION ALL VALUES ('journal', 'never_change'), ('licences', 'licence_has_evidence'),
                ('applications', 'decided_once')) expected
        WHERE NOT EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = relation::regclass AND tgname = guard AND tgenabled = 'O')
        """,
    ),
    Question(
        invariant="I4",
        name="a version that does not end where its correction begins",
        sql=_every(
            FACT_TABLES,
            """
            SELECT format('row %s of {table}', a.row_id) FROM {table} a
            LEFT JOIN {table} b ON b.corrects = a.row_id
            WHERE upper(a.known) IS DISTINCT FROM lower(b.known) OR (b.row_id IS NOT NULL AND b.id <> a.id)
            """,
        ),
    ),
    Question(
        invariant="I6",
        name="a row without its journal line",
        sql=_every(
            (*FACT_TABLES, "code_acceptances", "applications", "possible_duplicates"),
            """
            SELECT format('%s %s of {table}', 'id', f.id) FROM {table} f
            WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = f.txid)
            """,
        ),
    ),
    Question(
        invariant="I9",
        name="a row of one association written by another",
        sql=_every(
            ("memberships", "holdings", "code_acceptances"),
            """
            SELECT format('id %s of {table}', f.id) FROM {table} f
            WHERE EXISTS (SELECT FROM journal j WHERE j.txid = f.txid AND j.facts ? 'association')
            AND NOT EXISTS (
                SELECT FROM journal j WHERE j.txid = f.txid AND j.facts ->> 'association' = f.association)
            """,
        ),
    ),
    Question(
        invariant="I9",
        name="a membership of somebody else's member id",
        sql="""
        SELECT format('membership %s', f.id)
        FROM memberships f JOIN member_ids i USING (association, member_id)
        WHERE upper_inf(f.known) AND f.person_id <> i.person_id
            AND NOT were_one_person(f.person_id, i.person_id)
        """,
    ),
    Question(
        invariant="I11",
        name="an idempotency key without its answer",
        sql="""
        SELECT format('a key of %s', client_id) FROM idempotency_keys WHERE status IS NULL OR body IS NULL
        """,
    ),
    Question(
        invariant="I14",
        name="a wrong check character",
        sql="""
        SELECT number FROM people WHERE number !~ '^CR[0-9]{7}[0-9X]$' OR right(number, 1) <> (
            SELECT CASE (12 - sum(substr(number, 2 + i, 1)::int * (1 << (8 - i))) % 11) % 11
                WHEN 10 THEN 'X'
                ELSE ((12 - sum(substr(number, 2 + i, 1)::int * (1 << (8 - i))) % 11) % 11)::text END
            FROM generate_series(1, 7) i)
        """,
    ),
    Question(
        invariant="I14",
        name="a merged number that leads in a circle",
        sql="""
        WITH RECURSIVE way (start, here, seen) AS (
            SELECT person_id, kept_person_id, ARRAY[person_id] FROM merges
            WHERE upper_inf(known) AND upper_inf(valid)
            UNION ALL SELECT way.start, m.kept_person_id, way.seen || m.person_id
            FROM way JOIN merges m ON m.person_id = way.here AND upper_inf(m.known) AND upper_inf(m.valid)
            WHERE way.here <> ALL (way.seen))
        SELECT DISTINCT p.number FROM way JOIN people p ON p.id = way.start WHERE way.here = ANY (way.seen)
        """,
    ),
    Question(
        invariant="I14",
        name="a merged number whose public entry does not lead to the one kept",
        sql="""
        WITH RECURSIVE way (start, here) AS (
            SELECT person_id, kept_person_id FROM merges WHERE upper_inf(known) AND upper_inf(valid)
            UNION SELECT way.start, m.kept_person_id FROM way
            JOIN merges m ON m.person_id = way.here AND upper_inf(m.known) AND upper_inf(m.valid))
        SELECT p.number FROM way JOIN people p ON p.id = way.start JOIN people kept ON kept.id = way.here
        LEFT JOIN public_entries e ON e.person_id = way.start
        WHERE NOT EXISTS (SELECT FROM merges m
            WHERE m.person_id = way.here AND upper_inf(m.known) AND upper_inf(m.valid))
        AND e.bodies[cardinality(e.bodies)]::jsonb ->> 'kept_number' IS DISTINCT FROM kept.number
        """,
    ),
    Question(
        invariant="I20",
        name="a person without a public entry",
        sql="""
        SELECT number FROM people p
        WHERE NOT EXISTS (SELECT FROM public_entries e WHERE e.person_id = p.id AND e.number = p.number)
        """,
    ),
)


async def ask(tx: Transaction, question: Question) -> Sequence[str]:
    """Return at most ``MOST_ROWS`` rows that should not be there."""
    rows = await tx.driver.fetch(f"SELECT * FROM ({question.sql}) found LIMIT {MOST_ROWS}")  # noqa: S608
    return [row[0] for row in rows]


async def take_time(tx: Transaction) -> None:
    """Let the questions of this transaction run for as long as they need."""
    await tx.driver.execute("SET LOCAL statement_timeout = 0")


async def journal_lines(tx: Transaction, *, after: int, limit: int) -> Sequence[Line]:
    """Return the lines of the journal that follow a position, in order."""
    return await read_after(tx, journal, after=after, limit=limit)


async def person_ids(tx: Transaction, *, after: int, limit: int) -> Sequence[int]:
    """Return the ids of people that follow ``after``, in order."""
    rows = await tx.driver.fetch("SELECT id FROM people WHERE id > $1 ORDER BY id LIMIT $2", after, limit)
    return [row[0] for row in rows]


async def some_person_ids(tx: Transaction, *, limit: int) -> Sequence[int]:
    """Return the ids of people chosen at random."""
    rows = await tx.driver.fetch("SELECT id FROM people ORDER BY random() LIMIT $1", limit)
    return [row[0] for row in rows]
