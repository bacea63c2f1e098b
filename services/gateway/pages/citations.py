"""Where the facts of a page come from: the tags that stand with them, and the documents those name."""

import re
from collections.abc import Iterable, Mapping

from services.gateway.clients.reference import Source

_TAG = re.compile(r"\b[A-Z][0-9]+[a-z]?\b")


def tags(text: str | None, sources: Mapping[str, Source]) -> list[str]:
    """Return the tags in a reference or a note, each once, those of no source left out."""
    found = _TAG.findall(text or "")
    return [tag for tag in dict.fromkeys(found) if tag in sources]


def cited(texts: Iterable[str | None], sources: Mapping[str, Source]) -> list[Source]:
    """Return the documents that these references and notes name, in the order of the service's list."""
    named = {tag for text in texts for tag in tags(text, sources)}
    return [source for code, source in sources.items() if code in named]
