"""What is declared of matching, of questions to a registrar and of merges."""

from typing import Any

from tests.callers import registrar
from tests.register import make
from tests.register.authorisation.callers import CALLERS
from tests.register.authorisation.row import Row, at, public, reason
from tests.register.authorisation.world import World
from tests.register.conftest import Register

POSSIBLE = {"given_names": "Siân", "family_name": "Twin", "date_of_birth": "1980-02-29"}

ROWS: dict[str, Row] = {
    "listMatchPolicies": public(),
    "askMatchQuestions": Row(told={"careers service": 201}, body=lambda _: {"rows": [POSSIBLE]}),
    "getMatchQuestion": Row(
        told={"careers service": 200, "registrar": 200}, **at("/v1/match-questions/{}", "question")
    ),
    "listMatchQuestions": Row(told={"careers service": 200, "registrar": 200}),
    "answerMatchQuestion": Row(
        told={"registrar": 201},
        body=lambda _: {"number": None, "reason": "Nobody of these."},
        **at("/v1/match-questions/{}/answers", "question"),
    ),
    "mergePeople": Row(
        told={"registrar": 201},
        body=lambda w: {"kept_number": w["number"], "retired_number": w["spare"], "reason": "One person."},
    ),
    "getMerge": Row(told={"registrar": 200}, **at("/v1/merges/{}", "merge")),
    "listMerges": Row(told={"registrar": 200}),
    "undoMerge": Row(told={"registrar": 201}, body=reason, **at("/v1/merges/{}/undoing", "merge")),
    "matchPeople": Row(told={"careers service": 200}, body=lambda w: {"rows": [{"number": w["number"]}]}),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Merge two people, and keep somebody to be merged."""
    merged, spare = [await make.member(register, "NAEGA", name) for name in ("merged", "spare")]
    body = {"kept_number": world["number"], "retired_number": merged, "reason": "One person."}
    answer = await register.http.post("/v1/merges", json=body, headers=registrar("registrar-one"))
    assert answer.status_code == 201, answer.text
    asked = await register.http.post(
        "/v1/match-questions", json={"rows": [POSSIBLE]}, headers=CALLERS["careers service"]
    )
    assert asked.status_code == 201, asked.text
    question = asked.json()["items"][0]["question"]
    return {"merge": answer.json()["id"], "spare": spare, "question": question}
