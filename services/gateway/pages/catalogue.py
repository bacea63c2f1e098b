"""The pages of the error codes, read from docs/errors.md: ``## code``, then paragraphs and lists."""

import re
from dataclasses import dataclass
from pathlib import Path

from shared.schema_version import ROOT

DOCUMENT = ROOT / "docs" / "errors.md"

_HEADING = re.compile(r"##\s+`?([a-z0-9-]+)`?\s*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")

Text = list[tuple[str, bool]]
"""Pieces of a sentence, each with whether it is code."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list where ``points`` are given."""

    text: Text
    points: tuple[Text, ...] = ()


def read(document: Path = DOCUMENT) -> dict[str, list[Block]]:
    """Return what the document says about each code, in its order; nothing where there is no document."""
    try:
        lines = document.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        heading = _HEADING.fullmatch(line)
        if heading:
            current = sections.setdefault(heading[1], [])
        elif line.startswith("#"):
            current = []
        else:
            current.append(line)
    return {code: _blocks(body) for code, body in sections.items()}


def _blocks(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    for part in re.split(r"\n\s*\n", "\n".join(lines).strip()):
        points = re.split(r"(?m)^\s*[-*] ", part)
        if points[0].strip():
            blocks.append(Block(_pieces(points[0])))
        if len(points) > 1:
            blocks.append(Block([], tuple(_pieces(point) for point in points[1:])))
    return blocks


def _pieces(text: str) -> Text:
    plain = _LINK.sub(r"\1", " ".join(text.split())).replace("**", "")
    return [(piece, index % 2 == 1) for index, piece in enumerate(plain.split("`")) if piece]
