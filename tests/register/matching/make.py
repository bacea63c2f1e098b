"""The shipped match policy, and rows and people as matching compares them."""

import json
from datetime import date
from typing import Any

from services.register.domain.matching.names import name_key_of
from services.register.domain.matching.policy import MatchPolicy, parse_match_policy
from services.register.domain.matching.scoring import Asked, KnownPerson
from services.register.domain.person import number_from
from tests.register.rules.make import REFERENCE

BORN = date(1980, 2, 29)
NUMBER = number_from(1234567)


def policy(**changes: Any) -> MatchPolicy:
    """Return the shipped policy, with other values where given."""
    (shipped,) = json.loads((REFERENCE / "match_policies.json").read_text())
    return parse_match_policy(shipped["policy"] | changes)


def asked(**values: Any) -> Asked:
    """Return a row of these values; ``given`` and ``family`` make the name."""
    name = name_key_of(values.pop("given", None), values.pop("family", None))
    number = values.get("number")
    return Asked(name=name, **{"number_given": number is not None} | values)


def known(person_id: int = 1, **values: Any) -> KnownPerson:
    """Return Siân Mary Example, or whom the values make of her; ``previous`` are family names."""
    given, family = values.pop("given", "Siân Mary"), values.pop("family", "Example")
    number = number_from(1234566 + person_id)
    previous = tuple(name_key_of(given, each) for each in values.pop("previous", ("Maiden",)))
    usual: dict[str, Any] = {
        "births": frozenset({BORN}),
        "emails": frozenset({"sian@example.org"}),
        "member_ids": frozenset({("ICG", "17")}),
    }
    return KnownPerson(
        person_id=person_id,
        number=number,
        numbers=frozenset({number}),
        current=(name_key_of(given, family),),
        previous=previous,
        **usual | values,
    )
