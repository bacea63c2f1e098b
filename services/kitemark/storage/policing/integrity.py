"""What must never be found among moderations and concerns."""

from services.kitemark.storage.integrity import Question

QUESTIONS = (
    Question(
        invariant="I18",
        name="an award moderated by its own body, by one tied to it, or by somebody who speaks for another",
        sql="""
        SELECT format('moderation case %s', c.id) FROM moderation_cases c
        LEFT JOIN moderations m ON m.id = c.moderation AND upper_inf(m.known)
        WHERE m.id IS NULL OR m.subject <> c.body OR m.moderator <> c.moderator
        OR c.moderator = c.body OR c.moderator = ANY (c.ties) OR c.moderator = ANY (m.ties)
        OR c.found_for <> c.moderator
        """,
    ),
    Question(
        invariant="I18",
        name="a concern that was moved by somebody whose own case it is",
        sql="""
        SELECT format('concern %s', id) FROM concerns
        WHERE (state IN ('acknowledged', 'closed') AND lower(moved_for) = ANY (lower(ties::text)::text[]))
        OR (state = 'answered' AND moved_for <> body)
        """,
    ),
    Question(
        invariant="I17",
        name="a moderation that was changed after it was frozen",
        sql="""
        SELECT format('moderation %s', a.id) FROM moderations a JOIN moderations b
        ON a.id = b.id AND a.row_id < b.row_id
        AND (a.subject, a.moderator, a.year, a.list_hash, a.population, a.size, a.frozen_at)
            IS DISTINCT FROM (b.subject, b.moderator, b.year, b.list_hash, b.population, b.size, b.frozen_at)
        """,
    ),
    Question(
        invariant="I17",
        name="a frozen list that is not the one whose digest was published",
        # As ``shared.draw.list_hash`` has it, the body being the one stratum.
        sql="""
        SELECT format('moderation %s', m.id) FROM moderations m WHERE upper_inf(m.known)
        AND m.list_hash IS DISTINCT FROM (
            SELECT encode(sha256(convert_to(string_agg(e.award || ' ' || m.subject, E'\n'
                ORDER BY e.award || ' ' || m.subject COLLATE "C"), 'UTF8')), 'hex')
            FROM moderation_entries e WHERE e.moderation = m.id)
        """,
    ),
    Question(
        invariant="I17",
        name="a sample of another size, or of awards that were not listed",
        sql="""
        SELECT format('moderation %s', m.id) FROM moderations m WHERE upper_inf(m.known)
        AND (m.seed_born_at <= m.frozen_at
            OR (SELECT count(*) FROM moderation_cases c WHERE c.moderation = m.id AND upper_inf(c.known))
                <> CASE WHEN m.state = 'drawn' THEN m.size ELSE 0 END
            OR EXISTS (SELECT FROM moderation_cases c WHERE c.moderation = m.id AND NOT EXISTS (
                SELECT FROM moderation_entries e WHERE e.moderation = m.id AND e.award = c.subject)))
        """,
    ),
)
