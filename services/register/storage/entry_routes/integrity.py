"""What must never be found among the routes to entry: the questions do not trust the guards."""

from services.register.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I2",
        name="a holding that counts by a route that was not granted",
        sql="""
        SELECT format('holding %s', h.id) FROM holdings h
        LEFT JOIN holdings before ON before.row_id = h.corrects
        WHERE h.status = 'authenticated' AND h.relevant AND (
            h.method = 'competence_route' OR (before.status = 'authenticated' AND NOT before.relevant))
        AND NOT EXISTS (
            SELECT FROM entry_routes r WHERE r.holding_id = h.id AND r.status = 'granted'
            AND kept_person(r.person_id) = kept_person(h.person_id))
        """,
    ),
    Question(
        invariant="I2",
        name="a route to entry decided by who submitted or judged it",
        sql="""
        SELECT DISTINCT format('entry route %s', r.id) FROM entry_routes r
        LEFT JOIN entry_route_evidence e ON e.route_id = r.id
        LEFT JOIN entry_route_judgements j ON j.evidence_id = e.id
        WHERE r.decided_by IN (r.submitted_by, e.submitted_by, j.judged_by) OR j.judged_by = e.submitted_by
        """,
    ),
    Question(
        invariant="I2",
        name="a route to entry granted with a part not met",
        sql="""
        SELECT format('entry route %s', id) FROM entry_routes
        WHERE status = 'granted' AND NOT entry_route_shown(id, optional_credits)
        """,
    ),
    Question(
        invariant="I4",
        name="a guard of the routes to entry that is missing or switched off",
        sql="""
        SELECT format('%s on %s', guard, relation) FROM (
            SELECT relation, 'never_change' AS guard FROM unnest(ARRAY['standards_suites',
                'competence_policies', 'entry_route_parts', 'entry_route_evidence',
                'entry_route_judgements']) relation
            UNION ALL VALUES ('entry_routes', 'entry_route_moves'),
                ('holdings', 'holding_has_route')) expected
        WHERE NOT EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = relation::regclass AND tgname = guard AND tgenabled = 'O')
        """,
    ),
    Question(
        invariant="I6",
        name="a step on a route to entry without its journal line",
        sql=" UNION ALL ".join(
            f"SELECT format('{table} %s', f.{key}) FROM {table} f"  # noqa: S608 - our own words
            " WHERE NOT EXISTS (SELECT FROM journal j WHERE j.txid = f.txid)"
            for table, key in (
                ("entry_routes", "id"),
                ("entry_route_evidence", "id"),
                ("entry_route_judgements", "evidence_id"),
            )
        ),
    ),
)
