"""The public page: enter a number, see in plain words what the register says."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.gateway.clients.answers import LicenceAnswer
from services.gateway.clients.caller import Caller
from services.gateway.clients.neighbours import Neighbours
from services.gateway.clients.register import RegisterClient
from services.gateway.pages import assets, wording
from services.gateway.pages.questions import Mistake, Question, Reading, read
from services.gateway.pages.rendering import page
from shared.clock import Clock, london_day
from shared.errors import Malformed, Refusal, TooManyRequests, Unavailable, Unprocessable

router = APIRouter(tags=["pages"], include_in_schema=False)
router.include_router(assets.router)


@router.get("/")
async def home() -> Response:
    """The form."""
    return page("home.html", question=Question(), mistakes=())


@router.get("/check")
async def check(
    request: Request,
    number: Annotated[str, Query()] = "",
    valid_at: Annotated[str, Query()] = "",
    known_at: Annotated[str, Query()] = "",
) -> Response:
    """The verdict on a number, or what to type again, or that it cannot be said just now."""
    clock: Clock = request.app.state.clock
    question = Question(number=number.strip(), valid_at=valid_at.strip(), known_at=known_at.strip())
    reading = read(question, now=clock())
    if reading.mistakes:
        return _once_more(question, reading.mistakes)
    try:
        found = await _ask(request, reading)
    except (Malformed, Unprocessable) as refusal:
        return _once_more(question, (Mistake(field="number", says=refusal.detail),))
    except Refusal as refusal:
        return _cannot_say(question, refusal)
    if found.answer.verdict == "malformed":
        return _once_more(question, (Mistake(field="number", says=found.answer.sentence),))
    return _verdict(request, reading, found)


@dataclass(frozen=True)
class Found:
    """The verdict, and beside it what makes it easier to read."""

    answer: LicenceAnswer
    name: str | None
    specialisms: list[str]


async def _ask(request: Request, reading: Reading) -> Found:
    neighbours: Neighbours = request.app.state.neighbours
    register = neighbours.register
    caller = Caller(request_id=request.scope.get("state", {}).get("request_id"))
    answer = await register.licence(
        reading.question.number, caller=caller, valid_at=reading.valid_at, known_at=reading.known_at
    )
    name, specialisms = await asyncio.gather(
        _name(register, answer, caller), _specialisms(register, answer, caller)
    )
    return Found(answer, name, specialisms)


async def _name(register: RegisterClient, answer: LicenceAnswer, caller: Caller) -> str | None:
    """Return the name in the register; the verdict stands without it."""
    if answer.number is None or not wording.is_about_a_person(answer):
        return None
    try:
        person = await register.practitioner(answer.number, caller=caller)
    except Refusal:
        return None
    return " ".join(part for part in (person.given_names, person.family_name) if part) or None


async def _specialisms(register: RegisterClient, answer: LicenceAnswer, caller: Caller) -> list[str]:
    """Return the specialisms in words; the verdict stands without their words too."""
    if not answer.specialisms:
        return []
    try:
        titles = await register.specialisms(caller=caller)
    except Refusal:
        titles = {}
    return [titles.get(code, code.upper()) for code in answer.specialisms]


def _once_more(question: Question, mistakes: tuple[Mistake, ...]) -> Response:
    return page("home.html", status=400, question=question, mistakes=mistakes)


def _cannot_say(question: Question, refusal: Refusal) -> Response:
    """Say that it is unknown: whatever went wrong between here and the register is no verdict."""
    busy = isinstance(refusal, TooManyRequests)
    seconds = refusal.retry_after if isinstance(refusal, TooManyRequests | Unavailable) else 5
    headers = {"Retry-After": str(seconds)}
    status = 429 if busy else 503
    return page("unknown.html", status=status, headers=headers, question=question, busy=busy)


def _verdict(request: Request, reading: Reading, found: Found) -> Response:
    answer = found.answer
    now = request.app.state.clock()
    valid_at = answer.valid_at or reading.valid_at or london_day(now)
    return page(
        "verdict.html",
        status=404 if answer.verdict == "never_issued" else 200,
        question=reading.question,
        answer=answer,
        heading=wording.heading(answer),
        facts=wording.facts(answer, name=found.name, specialisms=found.specialisms),
        next_steps=wording.next_steps(answer),
        checked=wording.moment(now),
        today=london_day(now),
        valid_at=valid_at,
        known_on=reading.known_on if reading.known_at else None,
        day=wording.day,
    )
