"""The reference data as they are shipped, each record with where it comes from."""

import json
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent.parent / "reference"


@cache
def shipped(kind: str) -> tuple[dict[str, Any], ...]:
    """Return the shipped entries of a kind; sources are kept by their tag, as an object."""
    read = json.loads((SHIPPED / f"{kind}.json").read_text(encoding="utf-8"))
    if isinstance(read, dict):
        return tuple({"code": tag} | content for tag, content in read.items())
    return tuple(read)
