"""Who is licensed on a day, a page at a time, with what a forecast needs of them: three queries a page."""

from collections.abc import Sequence
from datetime import date

from services.register.domain.facts import LicenceFact
from services.register.domain.policy import Scope
from services.register.domain.qualification import Holding
from services.register.domain.reports.forecast import Holder
from services.register.storage import holdings, licences
from shared.database import Transaction

_PAGE = """
WITH lead AS (
    SELECT kept_person(person_id) AS kept, array_agg(person_id) AS ids FROM merges
    WHERE upper_inf(known) AND NOT isempty(valid) GROUP BY 1
), page AS (
    SELECT DISTINCT kept_person(l.person_id) AS id FROM licences l
    WHERE upper_inf(l.known) AND NOT isempty(l.valid) AND l.valid @> $1::date
        AND kept_person(l.person_id) > $2
        AND ($4::text IS NULL OR EXISTS (
            SELECT FROM memberships m WHERE kept_person(m.person_id) = kept_person(l.person_id)
            AND m.association = $4 AND upper_inf(m.known) AND m.valid @> $1::date))
    ORDER BY 1 LIMIT $3
), person AS (
    SELECT page.id, p.number, p.home_country, page.id || coalesce(lead.ids, '{}') AS ids
    FROM page JOIN people p ON p.id = page.id LEFT JOIN lead ON lead.kept = page.id
)
SELECT id, number, home_country, ids,
    ARRAY(SELECT DISTINCT m.association FROM memberships m WHERE m.person_id = ANY(ids)
        AND upper_inf(m.known) AND m.valid @> $1::date ORDER BY 1) AS associations,
    ARRAY(SELECT DISTINCT s.scope FROM licence_scopes s WHERE s.person_id = ANY(ids)
        AND upper_inf(s.known) AND s.valid @> $1::date ORDER BY 1) AS scopes
FROM person ORDER BY id
"""


async def page(
    tx: Transaction, *, day: date, after: int, limit: int, association: str | None = None
) -> Sequence[tuple[int, Holder]]:
    """Return who is licensed on a day, with the place of each; of one association where it is named."""
    rows = await tx.driver.fetch(_PAGE, day, after, limit, association)
    everyone = [person for row in rows for person in row["ids"]]
    held: dict[int, list[Holding]] = {}
    for each in await holdings.held(tx, everyone):
        held.setdefault(each.person_id, []).append(each.holding)
    licensed: dict[int, list[LicenceFact]] = {}
    for licence in await licences.held(tx, everyone):
        fact = LicenceFact(valid_from=licence.valid_from, valid_to=licence.valid_to)
        licensed.setdefault(licence.person_id, []).append(fact)
    return [
        (
            row["id"],
            Holder(
                number=row["number"],
                home_country=row["home_country"],
                associations=tuple(row["associations"]),
                scopes=tuple(Scope(each) for each in row["scopes"]),
                ends_on=max(
                    each.valid_to or day for person in row["ids"] for each in licensed.get(person, ())
                ),
                holdings=tuple(each for person in row["ids"] for each in held.get(person, ())),
                licensed=tuple(each for person in row["ids"] for each in licensed.get(person, ())),
            ),
        )
        for row in rows
    ]
