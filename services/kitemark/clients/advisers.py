"""The register, asked who works at a school, as anyone may ask it."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from services.kitemark.domain.joined.staffing import Post
from shared.errors import Refusal
from shared.http import Neighbour

log = structlog.get_logger("register")


@dataclass(frozen=True, kw_only=True, slots=True)
class PostsSeen:
    """The posts at a school that both sides attest, as the public sees them."""

    posts: Sequence[Post]


class _Employer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    ukprn: str | None


class _Post(BaseModel):
    model_config = ConfigDict(extra="ignore")

    number: str
    role: str
    may_give_personal_guidance: bool
    independent: bool | None
    employer: _Employer


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore")

    urn: str | None
    posts: list[_Post]


class _Items(BaseModel):
    model_config = ConfigDict(extra="ignore")

    items: list[_Item]


class AdvisersClient:
    """Asks the register about posts, where there is a register."""

    def __init__(self, neighbour: Neighbour | None) -> None:
        self._neighbour = neighbour

    async def posts_at(self, urn: str) -> PostsSeen | None:
        """Return today's posts at a school; None where the register said nothing, whatever the cause."""
        if self._neighbour is None:
            return None
        try:
            answer = await self._neighbour.call("POST", "/v1/posts/batch", json={"urns": [urn]})
            read = _Items.model_validate_json(answer.content)
        except (Refusal, ValidationError) as fault:
            log.warning("posts unknown", cause=type(fault).__name__)
            return None
        return PostsSeen(
            posts=[
                Post(
                    number=each.number,
                    role=each.role,
                    licensed=each.may_give_personal_guidance,
                    independent=each.independent,
                    employer_ukprn=each.employer.ukprn,
                )
                for item in read.items
                for each in item.posts
                if item.urn == urn
            ]
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._neighbour is not None:
            await self._neighbour.close()
