"""A subject access export as a page: plain, printable, and with everything in it escaped."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #111 }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem; page-break-inside: avoid }
th, td { border: 1px solid #767676; padding: .25rem .5rem; text-align: left; vertical-align: top }
th { width: 14rem; font-weight: 600 } td { overflow-wrap: anywhere }
"""
NOTHING = "not recorded"


def page_of_export(export: Mapping[str, Any]) -> str:
    """Return the page of an export as it was answered in JSON."""
    number = escape(export["number"])
    whose = export["association"]
    view = "everything that is held" if whose is None else f"what {escape(whose)} may see of what is held"
    sections = "".join(_section(each) for each in export["records"])
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>What the register holds on {number}</title><style>{_STYLE}</style></head><body>"
        f"<h1>What the register holds on {number}</h1>"
        f"<p>This is {view} on the person with this registration number, as of "
        f"{escape(export['made_at'])}. Days and instants are written year first. Records are kept as the "
        f"retention policy {escape(export['policy_version'])} says.</p>{sections}</body></html>"
    )


def _section(records: Mapping[str, Any]) -> str:
    days = records["kept_days"]
    kept = "for as long as the register stands" if days is None else f"for {days} days"
    tables = "".join(_row(row) for row in records["rows"])
    title, record_class = _words(records["relation"]), _words(records["record_class"])
    return f"<h2>{title}</h2><p>{record_class}, kept {kept}.</p>{tables}"


def _row(row: Mapping[str, Any]) -> str:
    lines = "".join(
        f'<tr><th scope="row">{_words(name)}</th><td>{_shown(value)}</td></tr>' for name, value in row.items()
    )
    return f"<table>{lines}</table>"


def _words(name: str) -> str:
    return escape(name.replace("_", " ").capitalize())


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return NOTHING
    return escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
