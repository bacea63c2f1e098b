"""Matches over HTTP: which of the people whom a caller holds are known to the register."""

from fastapi import Response

from services.register.operations.matching import matches
from services.register.routes.matching.match_bodies import MatchesIn, MatchesOut
from shared.web import Db, Now, Who, guarded_router, needs

LARGEST_BATCH = 8 * 1024 * 1024

router = guarded_router("matches")


@router.post(
    "/v1/matches",
    operation_id="matchPeople",
    response_model=MatchesOut,
    openapi_extra=needs("people:match", largest_body=LARGEST_BATCH),
)
async def match_people(body: MatchesIn, db: Db, who: Who, now: Now) -> Response:
    """Match up to 10,000 rows of what you hold with the people of the register.

    A differing number is never a match, and neither are a name and a date of birth alone. Three dates of
    birth may be tried for one number in a request; a name beside which too many facts stand is not compared.
    """
    found = await matches.match(db, [row.as_sent() for row in body.rows], actor=who, now=now)
    content = MatchesOut.of(found).model_dump_json()
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})
