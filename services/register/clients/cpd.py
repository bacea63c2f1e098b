"""The CPD service: how somebody stands with the CPD that is asked of them, or that nobody could say."""

from dataclasses import dataclass
from datetime import date

import httpx
import structlog

from services.register.domain.renewal.renewal import CpdAnswer
from services.register.domain.renewal_rules import CpdStanding
from shared.errors import Refusal
from shared.http import Neighbour

log = structlog.get_logger("cpd")
UNKNOWN = CpdAnswer()
MOST_OF_A_VERSION = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever asked the register: their own token and the id of their request go along; nothing is added."""

    authorization: str | None = None
    request_id: str | None = None


class CpdClient:
    """Asks the CPD service, where there is one."""

    def __init__(self, url: str | None, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._neighbour = None if url is None else Neighbour("cpd", url, transport=transport)

    async def standing(self, number: str, *, valid_at: date, caller: Caller) -> CpdAnswer:
        """Return how somebody stands on a day; *unknown* where there is no answer, whatever the cause.

        A service that is not there, slow, broken or refusing has said nothing about anybody, and a
        standing that this release does not know is not guessed at.
        """
        if self._neighbour is None:
            return UNKNOWN
        try:
            answer = await self._neighbour.call(
                "GET",
                f"/v1/standing/{number}",
                params={"valid_at": valid_at.isoformat()},
                authorization=caller.authorization,
                request_id=caller.request_id,
            )
            return _read(answer)
        except Refusal as refusal:
            log.warning("cpd standing unknown", code=refusal.code)
            return UNKNOWN

    async def close(self) -> None:
        """Close the connections."""
        if self._neighbour is not None:
            await self._neighbour.close()


def _read(answer: httpx.Response) -> CpdAnswer:
    """Return what was said, unknown where it cannot be read."""
    try:
        said = answer.json()
        standing, version = CpdStanding(said["standing"]), said.get("policy_version")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        log.warning("cpd standing unknown", code="answer-not-readable")
        return UNKNOWN
    return CpdAnswer(standing=standing, policy_version=version if _is_version(version) else None)


def _is_version(given: object) -> bool:
    return isinstance(given, str) and given.isprintable() and len(given) <= MOST_OF_A_VERSION
