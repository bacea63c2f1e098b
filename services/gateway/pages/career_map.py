"""The career progression framework as a map: roles, the moves between them, and what each role requires."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from services.gateway.clients import careers
from services.gateway.clients.caller import Caller
from services.gateway.clients.careers import Framework, Move, Pathway, Requirement, Role
from services.gateway.clients.reference import SOURCES, Source, titles, whole
from services.gateway.clients.upstream import Service
from services.gateway.pages import wording
from services.gateway.pages.career_drawing import BOX_HEIGHT, BOX_WIDTH, WIDTH, alone, drawn
from services.gateway.pages.citations import cited, tags
from services.gateway.pages.listing import or_none
from services.gateway.pages.rendering import page
from shared.clock import Clock
from shared.errors import Refusal

router = APIRouter(tags=["pages"], include_in_schema=False)

PATH = "/career-map"
SECONDS = 6.0
CHOSEN = "default"
_BASES = {
    "order": "As the source lists the roles",
    CHOSEN: "Our own default: no source states it",
}
_KINDS = {"vertical": "Upwards", "horizontal": "Sideways"}
_STATUSES = {
    "adopted": "In force",
    "superseded": "Replaced",
    "proposed": "Only proposed",
}
# Of these it is said that no source tells of them, unless the role asks for a scope of the licence: what that
# takes stands in the conditions of entry.
_SAID_WITHOUT_A_SOURCE = frozenset({"Level", "Qualification", "Competence"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """Words of the page, and where they come from."""

    words: str
    note: str
    tags: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownRole:
    """A role as the page tells it: each kind of requirement, and that none is known where there is none."""

    code: str
    title: str
    rows: tuple[tuple[str, tuple[Shown, ...]], ...]
    unknown: tuple[str, ...]
    tags: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What the register calls things, each by its code."""

    roles: Mapping[str, str]
    qualifications: Mapping[str, str]
    specialisms: Mapping[str, str]
    sources: Mapping[str, Source]


@router.get(PATH)
async def career_map(request: Request) -> Response:
    """The version of today; while the register is away, that it cannot be said."""
    clock: Clock = request.app.state.clock
    caller = Caller(
        request_id=request.scope.get("state", {}).get("request_id"), until=time.monotonic() + SECONDS
    )
    register: Service = request.app.state.services["register"]
    qualifications, specialisms = await asyncio.gather(
        or_none(titles(register, "/v1/qualifications", caller=caller)),
        or_none(titles(register, "/v1/specialisms", caller=caller)),
    )
    try:
        framework, sources = await asyncio.gather(
            careers.framework(register, caller=caller),
            whole(register, "/v1/sources", SOURCES, caller=caller),
        )
    except Refusal:
        return page("cannot-search.html", status=503, headers={"Retry-After": "5"}, again=PATH)
    words = Words(
        roles={role.code: role.title for role in framework.roles},
        qualifications=qualifications,
        specialisms=specialisms,
        sources={each.code: each for each in sources},
    )
    return _shown(framework, words, checked=wording.moment(clock()))


def _shown(framework: Framework, words: Words, *, checked: str) -> Response:
    return page(
        "career-map.html",
        framework=framework,
        since=wording.day(framework.effective_from) if framework.effective_from else None,
        tags=tags(framework.source.ref, words.sources),
        drawings=drawn(framework.roles, framework.moves, chosen=CHOSEN),
        width=WIDTH,
        box_width=BOX_WIDTH,
        box_height=BOX_HEIGHT,
        alone=alone(framework.roles, framework.moves),
        moves=[_move(each, words) for each in framework.moves],
        roles=[_role(each, words) for each in framework.roles],
        pathways=[_pathway(each, words) for each in framework.pathways],
        others=[
            (each, _STATUSES.get(each.status, each.status))
            for each in framework.versions
            if each.code != framework.code
        ],
        sources=cited(_references(framework), words.sources),
        checked=checked,
    )


def _move(move: Move, words: Words) -> dict[str, object]:
    return {
        "start": (move.start, words.roles.get(move.start, move.start)),
        "end": (move.end, words.roles.get(move.end, move.end)),
        "kind": _KINDS[move.kind],
        "basis": _BASES.get(move.basis, move.basis),
        "chosen": move.basis == CHOSEN,
        "note": move.source.note,
        "tags": tags(move.source.ref, words.sources),
    }


def _role(role: Role, words: Words) -> ShownRole:
    asked: dict[str, list[Shown]] = {"Level": [], "Licence": [], "Qualification": [], "Competence": []}
    for each in role.requirements:
        label, said = _requirement(each, words)
        proposed = " (proposed, not required)" if each.status == "proposed" else ""
        asked.setdefault(label, []).append(
            Shown(
                words=f"{said}{proposed}",
                note=each.source.note or "",
                tags=tags(each.source.ref, words.sources),
            )
        )
    tasks = [
        Shown(words=each.text, note=each.source.note or "", tags=tags(each.source.ref, words.sources))
        for each in role.responsibilities
    ]
    rows = (*asked.items(), ("Belongs to it", tasks))
    by_licence = any(each.kind == "scope" and each.status == "required" for each in role.requirements)
    always = frozenset() if by_licence else _SAID_WITHOUT_A_SOURCE
    return ShownRole(
        code=role.code,
        title=role.title,
        rows=tuple((label, tuple(lines)) for label, lines in rows if lines or label in always),
        unknown=role.unknown,
        tags=tags(role.source.ref, words.sources),
    )


def _requirement(requirement: Requirement, words: Words) -> tuple[str, str]:
    """Return under which heading a requirement stands, and its words."""
    if requirement.kind == "level":
        said = [f"{each.framework} level {' or '.join(sorted(each.levels))}" for each in requirement.levels]
        return "Level", "; or ".join(said)
    if requirement.kind == "scope":
        return "Licence", wording.scope(requirement.scope or "")
    if requirement.kind == "qualification":
        code = requirement.qualification or ""
        return "Qualification", words.qualifications.get(code, code.replace("-", " ").capitalize())
    return "Competence", " ".join(part for part in (requirement.suite, requirement.standard) if part)


def _pathway(pathway: Pathway, words: Words) -> dict[str, object]:
    return {
        "title": words.specialisms.get(pathway.specialism, pathway.specialism.upper()),
        "way": f"From {words.roles.get(pathway.start, pathway.start).lower()} "
        f"to {words.roles.get(pathway.end, pathway.end).lower()}",
        "steps": [
            f"{each.title}, {each.provider}" if each.provider else each.title for each in pathway.steps
        ],
        "unknown": pathway.unknown,
        "note": pathway.source.note,
        "tags": tags(pathway.source.ref, words.sources),
    }


def _references(framework: Framework) -> list[str | None]:
    """Return every reference and note that the page shows."""
    entries = [framework.source, *(each.source for each in framework.versions)]
    for role in framework.roles:
        entries += [role.source, *(each.source for each in role.requirements)]
        entries += [each.source for each in role.responsibilities]
    entries += [each.source for each in framework.moves]
    entries += [each.source for each in framework.pathways]
    return [text for each in entries for text in (each.ref, each.note)]
