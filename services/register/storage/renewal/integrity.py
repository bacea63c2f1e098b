"""What must never be found of renewals, restorations and deaths, one question for each way to break it."""

from services.register.storage.integrity import Question

_TABLES = ("renewals", "renewal_reminders", "restorations", "deaths", "death_corrections", "name_changes")

QUESTIONS = (
    Question(
        invariant="I1",
        name="a term that follows another without a renewal",
        sql="""
        SELECT format('licence %s', l.id) FROM licences l WHERE l.corrects IS NULL
        AND EXISTS (SELECT FROM licences before WHERE before.application_id = l.application_id
            AND before.id < l.id)
        AND NOT EXISTS (SELECT FROM renewals r WHERE r.licence_id = l.id)
        """,
    ),
    Question(
        invariant="I3",
        name="a removal that ended without a restoration",
        sql="""
        SELECT format('sanction %s', b.id) FROM sanctions a JOIN sanctions b ON b.corrects = a.row_id
        WHERE b.kind = 'removal' AND a.valid <> b.valid AND NOT EXISTS (
            SELECT FROM restorations r WHERE r.status = 'restored' AND r.decided_by <> r.proposed_by
            AND kept_person(r.person_id) = kept_person(b.person_id) AND r.decided_at <= lower(b.known))
        """,
    ),
    Question(
        invariant="I3",
        name="a death that was corrected without two registrars",
        sql="""
        SELECT format('death %s', d.id) FROM deaths d JOIN deaths before ON before.id = d.corrects
        WHERE before.person_id <> d.person_id OR before.died_on IS NOT NULL AND NOT EXISTS (
            SELECT FROM death_corrections c WHERE c.id = d.correction_id AND c.status = 'confirmed'
            AND c.decided_by <> c.proposed_by AND c.died_on IS NOT DISTINCT FROM d.died_on
            AND kept_person(c.person_id) = kept_person(d.person_id))
        """,
    ),
    Question(
        invariant="I1",
        name="a licence or an entry of somebody after their death",
        sql="""
        WITH standing AS (SELECT d.* FROM deaths d WHERE d.died_on IS NOT NULL
            AND NOT EXISTS (SELECT FROM deaths later WHERE later.corrects = d.id))
        SELECT format('licence %s', l.id) FROM standing d JOIN licences l
            ON kept_person(l.person_id) = kept_person(d.person_id)
        WHERE upper_inf(l.known) AND upper(l.valid) - 1 > d.died_on
        UNION ALL SELECT format('register entry %s', e.id) FROM standing d JOIN register_entries e
            ON kept_person(e.person_id) = kept_person(d.person_id)
        WHERE upper_inf(e.known) AND e.status <> 'deceased'
        AND NOT isempty(e.valid) AND coalesce(upper(e.valid) - 1, 'infinity') > d.died_on
        """,
    ),
    Question(
        invariant="I4",
        name="history of renewals that the running role could change",
        sql="""
        SELECT format('%s on %s', privilege, relation)
        FROM unnest(ARRAY['renewals', 'renewal_reminders', 'deaths', 'name_changes']) relation,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege
        WHERE has_table_privilege('register_app', relation, privilege)
        """,
    ),
    Question(
        invariant="I6",
        name="a renewal, reminder, restoration, death or change of name without its journal line",
        sql=" UNION ALL ".join(
            f"SELECT format('id %s of {table}', f.id) FROM {table} f"  # noqa: S608 - our own words
            " WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = f.txid)"
            for table in _TABLES
        ),
    ),
)
