"""What is told of a member, checked against the rules and the reference data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.register.domain.member import (
    CodesNotKnown,
    Details,
    Telling,
    check_birth,
    check_membership_form,
    known_codes_of,
)
from services.register.domain.person import Name, checked_name, folded, parse_number
from services.register.operations.reference import codes_by_name
from services.register.storage import reference
from shared.database import Transaction
from shared.errors import FieldError

KINDS = {
    "home_country": "home_countries",
    "regions": "regions",
    "settings": "settings",
    "roles": "roles",
    "specialisms": "specialisms",
    "languages": "languages",
    "client_groups": "client_groups",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """The codes that a member's details may use: for each field every accepted spelling, folded, to its code."""  # noqa: E501

    codes: Mapping[str, Mapping[str, str]]
    categories: Mapping[str, tuple[str, ...]]


async def vocabulary(tx: Transaction) -> Vocabulary:
    """Return the codes as they are known now."""
    codes = {
        field: {folded(name): code for name, code in (await codes_by_name(tx, kind)).items()}
        for field, kind in KINDS.items()
    }
    levels = await reference.bodies(tx, "membership_levels")
    return Vocabulary(codes=codes, categories={each["code"]: tuple(each["categories"]) for each in levels})


def checked(telling: Telling, *, known: Vocabulary, today: date) -> Telling:
    """Return what is told in canonical form, or refuse it with everything that is wrong in its codes."""
    details = _named(telling.details)
    check_birth(details.date_of_birth, today=today)
    check_membership_form(telling.membership)
    errors: list[FieldError] = []

    def codes(field: str, given: tuple[str, ...]) -> tuple[str, ...]:
        return known_codes_of(given, allowed=known.codes[field], pointer=f"/{field}", errors=errors)

    details = replace(
        details,
        home_country=_home_country(details.home_country, known, errors),
        regions=codes("regions", details.regions),
        settings=codes("settings", details.settings),
        roles=codes("roles", details.roles),
        specialisms=codes("specialisms", details.specialisms),
        languages=codes("languages", details.languages),
        client_groups=codes("client_groups", details.client_groups),
    )
    _check_category(telling, known, errors)
    if errors:
        raise CodesNotKnown(errors=errors)
    number = telling.registration_number
    return replace(
        telling,
        details=details,
        previous=tuple(_checked_previous(name) for name in telling.previous),
        registration_number=None if number is None else parse_number(number),
    )


def _named(details: Details) -> Details:
    name = checked_name(details.given_names, details.family_name)
    return replace(details, given_names=name.given_names, family_name=name.family_name)


def _checked_previous(name: Name) -> Name:
    return checked_name(name.given_names, name.family_name)


def _home_country(given: str | None, known: Vocabulary, errors: list[FieldError]) -> str | None:
    if given is None:
        return None
    allowed = known.codes["home_country"]
    code = allowed.get(folded(given))
    if code is None:
        detail = f"This is not one of: {', '.join(sorted(set(allowed.values())))}."
        errors.append(FieldError("/home_country", "not-known", detail))
    return code


def _check_category(telling: Telling, known: Vocabulary, errors: list[FieldError]) -> None:
    category, level = telling.membership.category, telling.membership.level
    if category is None:
        return
    allowed = known.categories.get(level.value, ())
    if category not in allowed:
        said = f"are: {', '.join(allowed)}" if allowed else "are none"
        detail = f"The categories of {level} membership {said}."
        errors.append(FieldError("/membership/category", "not-known", detail))
