"""The shipped policies of assurance."""

import json
from datetime import date
from functools import cache
from pathlib import Path

from services.gateway.domain.assurance import AssurancePolicy, Holds, Strand

_SHIPPED = Path(__file__).parents[1] / "reference" / "assurance_policies.json"


@cache
def every() -> tuple[AssurancePolicy, ...]:
    """Return every version, as it is shipped."""
    return tuple(
        AssurancePolicy(
            version=each["version"],
            effective_from=date.fromisoformat(each["effective_from"]),
            readings={
                Strand(strand): {word: Holds(holds) for word, holds in words.items()}
                for strand, words in each["readings"].items()
            },
            source=each["source"],
        )
        for each in json.loads(_SHIPPED.read_text(encoding="utf-8"))
    )
