"""Whoever follows tries again, and says once that it has to."""

import asyncio

import pytest
import structlog.testing

from shared import following


async def test_a_fault_is_logged_once_if_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "RETRY_SECONDS", 0)
    answers = [OSError(), 1, OSError(), OSError(), OSError(), ValueError(), 1, OSError(), 1]
    done = asyncio.Event()

    async def once(wait: float) -> int:
        if not answers:
            done.set()
            return await asyncio.Event().wait()
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def nothing() -> None:
        return None

    with structlog.testing.capture_logs() as logs:
        async with following.following(once, caught_up=nothing):
            await done.wait()
    assert [line["fault"] for line in logs] == ["OSError", "ValueError"]
