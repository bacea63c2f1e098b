"""An issuer that does not answer: what is unknown stays unknown, and nobody waits for it in vain."""

import asyncio
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.issuer_documents import REVOCATIONS_FRESH_SECONDS, REVOCATIONS_USABLE_SECONDS
from shared.tokens import IssuerUnavailable, TokenNotValid, TokenVerifier
from tests.shared.issuers import HOME, NOW, Issuer, signed


async def test_without_its_revocations_an_issuer_cannot_be_believed() -> None:
    issuer = Issuer()
    answer = issuer.fetch

    async def keys_only(url: str) -> dict[str, Any]:
        if url == f"{HOME}/revoked":
            raise Unavailable
        return await answer(url)

    issuer.fetch = keys_only  # type: ignore[method-assign]
    with pytest.raises(IssuerUnavailable):
        await issuer.verifier().actor(f"Bearer {signed()}", now=NOW)


@pytest.mark.parametrize("late", [REVOCATIONS_FRESH_SECONDS, 3600.0])
async def test_while_one_request_for_each_document_waits_for_a_slow_issuer_the_others_go_on(
    late: float,
) -> None:
    issuer = Issuer()
    verifier = issuer.verifier()
    await verifier.actor(f"Bearer {signed()}", now=NOW)
    if late > REVOCATIONS_FRESH_SECONDS:  # it failed once already, so that even old knowledge holds
        issuer.silent = True
        issuer.seconds += late
        await verifier.actor(f"Bearer {signed()}", now=NOW)
    issuer.silent, slow, answer = False, asyncio.Event(), issuer.fetch

    async def slowly(url: str) -> dict[str, Any]:
        await slow.wait()
        return await answer(url)

    verifier_fetches(verifier, slowly)
    issuer.seconds += REVOCATIONS_FRESH_SECONDS
    first = [asyncio.create_task(verifier.actor(f"Bearer {signed()}", now=NOW)) for _ in range(2)]
    await asyncio.sleep(0)
    async with asyncio.timeout(1):
        assert (await verifier.actor(f"Bearer {signed()}", now=NOW)).subject == "someone"
    assert not first[0].done()
    slow.set()
    assert [actor.subject for actor in await asyncio.gather(*first)] == ["someone", "someone"]


def verifier_fetches(verifier: TokenVerifier, fetch: Any) -> None:
    """Let the verifier's documents come another way from now on."""
    for issuer in verifier._issuers.values():
        issuer.documents._fetch = fetch


async def test_after_a_long_silence_of_callers_nobody_passes_on_old_knowledge_while_it_is_fetched_anew() -> (
    None
):
    issuer = Issuer()
    verifier = issuer.verifier()
    await verifier.actor(f"Bearer {signed()}", now=NOW)
    issuer.documents[f"{HOME}/revoked"] = {"tokens": ["t1"], "clients": {}}
    issuer.seconds += REVOCATIONS_USABLE_SECONDS + 1
    together = [verifier.actor(f"Bearer {signed()}", now=NOW) for _ in range(5)]
    found = await asyncio.gather(*together, return_exceptions=True)
    assert [type(each) for each in found] == [TokenNotValid] * 5
