"""The shipped policies of checks."""

import json
from datetime import date
from functools import cache
from pathlib import Path

from services.gateway.domain.checks.policy import CheckPolicy, CheckPurpose

_SHIPPED = Path(__file__).parents[2] / "reference" / "check_policies.json"


@cache
def every() -> tuple[CheckPolicy, ...]:
    """Return every version, as it is shipped."""
    return tuple(
        CheckPolicy(
            version=each["version"],
            effective_from=date.fromisoformat(each["effective_from"]),
            source=each["source"],
            purposes=tuple(CheckPurpose(**purpose) for purpose in each["purposes"]),
        )
        for each in json.loads(_SHIPPED.read_text(encoding="utf-8"))
    )
