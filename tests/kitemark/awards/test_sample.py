"""The sample shows every mark, and is made once."""

from services.kitemark.domain.awards.mark import MarkWord
from services.kitemark.operations import integrity
from services.kitemark.operations.awards import sample
from services.kitemark.operations.policing import sample as policing
from tests.kitemark.conftest import Kitemark


async def test_the_sample_has_eighteen_schemes_and_a_school_for_every_mark(kitemark: Kitemark) -> None:
    await sample.load_sample(kitemark.db, now=kitemark.clock())
    await policing.load_sample(kitemark.db, now=kitemark.clock())
    lines = await kitemark.db.fetch("SELECT max(position) AS last FROM journal")
    await sample.load_sample(kitemark.db, now=kitemark.clock())
    await policing.load_sample(kitemark.db, now=kitemark.clock())
    assert await kitemark.db.fetch("SELECT max(position) AS last FROM journal") == lines
    schemes = (await kitemark.http.get("/v1/schemes?limit=200")).json()["items"]
    assert len([each for each in schemes if each["code"] != "QICS"]) == 18
    asked = {"schools": list(sample.SCHOOLS.values())}
    found = (await kitemark.http.post("/v1/marks/batch", json=asked)).json()["items"]
    assert [each["mark"] for each in found] == list(sample.SCHOOLS)
    assert set(sample.SCHOOLS) == set(MarkWord)
    assert await integrity.check(kitemark.db) == []
