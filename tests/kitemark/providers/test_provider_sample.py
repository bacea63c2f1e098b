"""The sample of providers: every answer can be looked at, and it is made once."""

from services.kitemark.domain.providers.compliance import Answer
from services.kitemark.operations.providers.sample import SAMPLES, load_sample
from tests.kitemark.conftest import Kitemark
from tests.kitemark.providers.make_providers import events


async def test_the_sample_has_a_provider_for_every_answer_and_is_made_once(kitemark: Kitemark) -> None:
    await load_sample(kitemark.db, now=kitemark.clock())
    written = await events(kitemark)
    await load_sample(kitemark.db, now=kitemark.clock())
    assert await events(kitemark) == written
    body = {"ukprns": [each.ukprn for each in SAMPLES]}
    found = (await kitemark.http.post("/v1/providers/compliance", json=body)).json()["items"]
    assert [each["answer"] for each in found] == [
        "compliant",
        "not_compliant",
        "recommended_and_missing",
        "not_required",
        "unknown",
        "unknown",
    ]
    assert {each["answer"] for each in found} == set(Answer)
    assert found[-1]["successor"] == SAMPLES[0].ukprn
