"""Whether an edition is sound: it names nothing that is not there, and no level without its framework."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.register.domain.directory.edition import Edition
from services.register.domain.directory.vocabulary import StatementKind, TermKind
from shared.errors import FieldError, Unprocessable

MOST_ERRORS = 50
MOST_FACTS = 100_000
"""How much an edition may say of its courses: a hundred things of each, where it has a thousand."""

# A statement's field with a smallest and one with a largest amount.
BOUNDS = (
    ("min_months", "max_months"),
    ("min_words", "max_words"),
    ("min_years", "max_years"),
    ("at_least", "at_most"),
)


class EditionNotSound(Unprocessable):
    """The edition contradicts itself, or names what neither it nor the register knows: see errors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The codes of reference data that an edition may name; frameworks with their levels."""

    regions: Collection[str]
    settings: Collection[str]
    qualifications: Collection[str]
    sources: Collection[str]
    frameworks: Mapping[str, Sequence[str]]


def check_soundness(edition: Edition, known: Known) -> None:
    """Refuse an edition that is not sound, with a JSON pointer for each thing that is wrong."""
    errors = [
        *_repeated(edition.document),
        *_too_much(edition),
        *_bodies(edition, known),
        *_courses(edition, known),
        *_statements(edition, known),
        *_versions(edition.document),
        *_modular(edition.document, known),
        *_sources(edition.document, known, ""),
    ]
    if errors:
        raise EditionNotSound(errors=errors[:MOST_ERRORS])


def _repeated(document: Mapping[str, Any]) -> Iterator[FieldError]:
    for part in ("awarding_bodies", "courses", "framework_versions", "modular_qualifications"):
        yield from _twice(f"/{part}", [entry["code"] for entry in document[part]])
    for number, qualification in enumerate(document["modular_qualifications"]):
        pointer = f"/modular_qualifications/{number}/modules"
        yield from _twice(pointer, [module["code"] for module in qualification["modules"]])
    yield from _twice("/terms", [f"{term['kind']} {term['code']}" for term in document["terms"]])


def _twice(pointer: str, codes: Sequence[str]) -> Iterator[FieldError]:
    for number, code in enumerate(codes):
        if code in codes[:number]:
            yield FieldError(f"{pointer}/{number}/code", "repeated", f"The code “{code}” stands here twice.")


def _too_much(edition: Edition) -> Iterator[FieldError]:
    """Refuse few words that say too much: each statement is about many courses, and names many things."""
    said = sum(
        len(statement.courses) * len(statement.body.get(part, ()))
        for statement in edition.statements
        for part in ("elements", "settings", "audiences")
    )
    if said > MOST_FACTS:
        reason = f"This says {said} things of courses, and an edition may say {MOST_FACTS}."
        yield FieldError("/statements", "too-much", reason)


def _bodies(edition: Edition, known: Known) -> Iterator[FieldError]:
    for number, body in enumerate(edition.awarding_bodies):
        yield from _unknown(f"/awarding_bodies/{number}/region", [body.region], known.regions, "region")


def _courses(edition: Edition, known: Known) -> Iterator[FieldError]:
    bodies = {body.code for body in edition.awarding_bodies}
    for number, course in enumerate(edition.courses):
        pointer = f"/courses/{number}"
        yield from _unknown(f"{pointer}/awarding_body", [course.awarding_body], bodies, "awarding body")
        if (course.body["until"] or "9") < (course.body["since"] or ""):
            yield FieldError(f"{pointer}/until", "ends-before-it-starts", "This lies before `since`.")
        for place, award in enumerate(course.awards):
            at = f"{pointer}/awards/{place}"
            yield from _level(at, award.framework, award.level, known)
            if award.level is None and not award.level_note:
                reason = "Say in `level_note` why no level is given."
                yield FieldError(f"{at}/level_note", "reason-missing", reason)
            yield from _unknown(
                f"{at}/qualification", [award.qualification], known.qualifications, "qualification"
            )


def _level(pointer: str, framework: str | None, level: str | None, known: Known) -> Iterator[FieldError]:
    if framework is None:
        if level is not None:
            reason = "A level means nothing without its framework: name it, or leave the level null."
            yield FieldError(f"{pointer}/framework", "level-without-framework", reason)
        return
    if framework not in known.frameworks:
        yield from _unknown(f"{pointer}/framework", [framework], known.frameworks, "framework")
    elif level not in known.frameworks[framework]:
        levels = ", ".join(known.frameworks[framework])
        yield FieldError(f"{pointer}/level", "unknown-level", f"The levels of {framework} are {levels}.")


def _statements(edition: Edition, known: Known) -> Iterator[FieldError]:
    document = edition.document
    courses = {course.code for course in edition.courses}
    bodies = {body.code for body in edition.awarding_bodies}
    versions = {version["code"] for version in document["framework_versions"]}
    terms = {kind: {term["code"] for term in document["terms"] if term["kind"] == kind} for kind in TermKind}
    for number, statement in enumerate(edition.statements):
        body, at = statement.body, f"/statements/{number}"
        yield from _unknown(f"{at}/courses", statement.courses, courses, "course")
        yield from _unknown(f"{at}/awarding_bodies", statement.awarding_bodies, bodies, "awarding body")
        yield from _unknown(f"{at}/region", [body.get("region")], known.regions, "region")
        yield from _unknown(f"{at}/settings", body.get("settings", ()), known.settings, "setting")
        yield from _unknown(f"{at}/elements", body.get("elements", ()), terms[TermKind.CONTENT], "term")
        yield from _unknown(f"{at}/audiences", body.get("audiences", ()), terms[TermKind.AUDIENCE], "term")
        yield from _unknown(f"{at}/gaps", body.get("gaps", ()), terms[TermKind.CONTENT], "term")
        yield from _unknown(f"{at}/to_course", [body.get("to_course")], courses, "course")
        yield from _unknown(
            f"{at}/framework_version", [body.get("framework_version")], versions, "framework version"
        )
        if statement.kind is StatementKind.CREDIT:
            yield from _level(at, body["framework"], body["level"], known)
        yield from _bounds(at, body)


def _bounds(pointer: str, body: Mapping[str, Any]) -> Iterator[FieldError]:
    for least, most in BOUNDS:
        low, high = body.get(least), body.get(most)
        if low is not None and high is not None and low > high:
            yield FieldError(f"{pointer}/{most}", "below-the-least", f"This is less than `{least}`.")


def _versions(document: Mapping[str, Any]) -> Iterator[FieldError]:
    versions = document["framework_versions"]
    codes = {version["code"] for version in versions}
    for number, version in enumerate(versions):
        pointer = f"/framework_versions/{number}/supersedes"
        yield from _unknown(pointer, [version["supersedes"]], codes, "framework version")


def _modular(document: Mapping[str, Any], known: Known) -> Iterator[FieldError]:
    for number, qualification in enumerate(document["modular_qualifications"]):
        at = f"/modular_qualifications/{number}"
        for place, level in enumerate(qualification["levels"]):
            yield from _level(f"{at}/levels/{place}", level["framework"], level["level"], known)
        for place, module in enumerate(qualification["modules"]):
            pointer = f"{at}/modules/{place}/settings"
            yield from _unknown(pointer, module["settings"], known.settings, "setting")


def _sources(value: Any, known: Known, pointer: str) -> Iterator[FieldError]:
    """Walk through everything, since every fact carries where it comes from."""
    if isinstance(value, Mapping):
        for name, content in value.items():
            if name == "source":
                yield from _unknown(f"{pointer}/source/ref", [content["ref"]], known.sources, "source")
            else:
                yield from _sources(content, known, f"{pointer}/{name}")
    elif isinstance(value, list | tuple):
        for number, content in enumerate(value):
            yield from _sources(content, known, f"{pointer}/{number}")


def _unknown(
    pointer: str, codes: Iterable[str | None], known: Collection[str], what: str
) -> Iterator[FieldError]:
    for code in codes:
        if code is not None and code not in known:
            yield FieldError(pointer, f"unknown-{what.replace(' ', '-')}", f"There is no {what} “{code}”.")
