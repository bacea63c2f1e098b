"""What the mark means, for parents and heads: what it says and does not say, and who stands behind it."""

import time
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from fastapi import APIRouter, Request, Response

from services.gateway.clients.caller import Caller
from services.gateway.clients.kitemark import MarkWord
from services.gateway.clients.reference import Source
from services.gateway.clients.schemes import CriteriaVersion, MarkPolicy, Schemes, Span, published
from services.gateway.clients.upstream import Service
from services.gateway.pages import wording
from services.gateway.pages.citations import cited, tags
from services.gateway.pages.marks import WORDS
from services.gateway.pages.rendering import page
from shared.clock import Clock, london_day
from shared.errors import Refusal

router = APIRouter(tags=["pages"], include_in_schema=False)

Entry = TypeVar("Entry", CriteriaVersion, MarkPolicy)

PATH = "/what-the-mark-means"
SECONDS = 6.0
_MEANINGS: dict[MarkWord, str] = {
    "fully_meets": "The school holds an award that counts, at the stage that meets the whole standard.",
    "progressing": "The school holds an award that counts, at a stage on the way to the whole standard.",
    "committed": "The school has signed up to work towards the standard. Nobody has judged yet whether it "
    "meets it.",
    "unknown": "The school holds an award, but nobody has recorded what that award means for the national "
    "standard. This is no judgement of the school: ask what the award covers.",
    "withdrawn": "The body that gave the award took it back before its time was over.",
    "expired": "The school held an award whose time is over. It may be waiting to be assessed again: ask.",
    "none": "We know of no award that counts. The school may never have asked for one, or the body that gave "
    "it may not have told us yet. It does not say that guidance there is poor.",
}
# On the picture of a mark these two look alike.
_TOLD_APART: dict[MarkWord, str] = {
    "withdrawn": f"{WORDS['withdrawn'][0]}: taken back",
    "expired": f"{WORDS['expired'][0]}: its time is over",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Behind:
    """A scheme or a body that stands behind the mark today: its words, and where they come from."""

    title: str
    lines: tuple[str, ...]
    since: date
    tags: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the service publishes, as of a day; ``edition`` None where no edition's first day is known."""

    edition: CriteriaVersion | None
    earlier: tuple[CriteriaVersion, ...]
    schemes: tuple[Behind, ...]
    bodies: tuple[Behind, ...]
    invented: int
    known: int
    policy: MarkPolicy | None
    sources: list[Source]
    tags_of: dict[str, list[str]]


@router.get(PATH)
async def what_the_mark_means(request: Request) -> Response:
    """The explanation; while the kite mark's service is away, without the facts that it publishes."""
    clock: Clock = request.app.state.clock
    now = clock()
    caller = Caller(
        request_id=request.scope.get("state", {}).get("request_id"), until=time.monotonic() + SECONDS
    )
    kitemark: Service = request.app.state.services["kitemark"]
    try:
        facts = _facts(await published(kitemark, caller=caller), day=london_day(now))
    except Refusal:
        facts = None
    statuses = [(_TOLD_APART.get(word, WORDS[word][0]), says) for word, says in _MEANINGS.items()]
    return page(
        "mark-explained.html", statuses=statuses, facts=facts, day=wording.day, checked=wording.moment(now)
    )


def _facts(found: Schemes, *, day: date) -> Facts:
    edition = _in_force(found.criteria, day)
    policy = _in_force(found.policies, day)
    validated = [each for each in found.validations if each.holds(day)]
    real = [each for each in validated if found.schemes[each.scheme].verified]
    schemes = tuple(_scheme(each, found) for each in real)
    bodies = tuple(
        _body(each, found)
        for each in found.authorities
        if each.holds(day) and each.scheme in {span.scheme for span in real}
    )
    texts: list[str | None] = [tag for each in (*schemes, *bodies) for tag in each.tags]
    texts += [text for each in found.criteria for text in (each.source.ref, each.source.note)]
    return Facts(
        edition=edition,
        earlier=tuple(each for each in reversed(found.criteria) if each is not edition),
        schemes=schemes,
        bodies=bodies,
        invented=sum(not each.verified for each in found.schemes.values()),
        known=sum(each.verified for each in found.schemes.values()),
        policy=policy,
        sources=cited(texts, found.sources),
        tags_of={each.code: tags(each.source.ref, found.sources) for each in found.criteria},
    )


def _scheme(span: Span, found: Schemes) -> Behind:
    scheme = found.schemes[span.scheme]
    owner = found.bodies.get(scheme.owner)
    lines = (
        f"Kept by {owner.title if owner else scheme.owner}.",
        *((owner.source.note,) if owner and owner.source.note else ()),
        *((scheme.validity_note,) if scheme.validity_note else ()),
    )
    refs = [span.source, scheme.source.ref, *lines, *((owner.source.ref,) if owner else ())]
    return Behind(
        title=scheme.title, lines=lines, since=span.valid_from, tags=tags(" ".join(refs), found.sources)
    )


def _body(span: Span, found: Schemes) -> Behind:
    body = found.bodies.get(span.body or "")
    area = (f"Area: {body.area}.",) if body and body.area else ()
    # A span's source is a tag, a colon, and what has to be said of it.
    said = span.source.partition(": ")[2]
    return Behind(
        title=body.title if body else span.body or "",
        lines=(*area, *((said,) if said else ())),
        since=span.valid_from,
        tags=tags(span.source, found.sources),
    )


def _in_force(entries: tuple[Entry, ...], day: date) -> Entry | None:
    begun = [
        each
        for each in entries
        if each.effective_from is not None
        and each.effective_from <= day
        and (each.effective_to is None or day <= each.effective_to)
    ]
    return max(begun, key=lambda each: each.effective_from or day, default=None)
