"""What may be left out where an edition is written by hand, and what it then says."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Defaults = Mapping[str, Any]

_BODY: Defaults = MappingProxyType({"basis": "stated", "note": None})
_COURSE: Defaults = MappingProxyType({"since": None, "until": None, "note": None})
_AWARD: Defaults = MappingProxyType({"qualification": None, "qualification_number": None})
_STATEMENT: Defaults = MappingProxyType(
    {"courses": [], "awarding_bodies": [], "basis": "stated", "note": None}
)
_OF_KIND: Mapping[str, Defaults] = MappingProxyType(
    {
        "delivery": {"days": None},
        "funding": {"capped": False},
        "self_review": {"gaps": []},
        "development": {"credits": None, "level_as_printed": None},
    }
)
_VERSION: Defaults = MappingProxyType({"supersedes": None, "note": None})
_MODULAR: Defaults = MappingProxyType({"months": None, "note": None})
_MODULE: Defaults = MappingProxyType({"settings": [], "delivery": []})


def completed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with everything said that was left out, as a registrar's own would be kept."""
    return {
        "note": None,
        **document,
        "awarding_bodies": [{**_BODY, **body} for body in document["awarding_bodies"]],
        "courses": [_course(course) for course in document["courses"]],
        "statements": [
            {**_STATEMENT, **_OF_KIND.get(statement["kind"], {}), **statement}
            for statement in document["statements"]
        ],
        "framework_versions": [{**_VERSION, **version} for version in document["framework_versions"]],
        "modular_qualifications": [_modular(each) for each in document["modular_qualifications"]],
    }


def _course(course: Mapping[str, Any]) -> dict[str, Any]:
    return {**_COURSE, **course, "awards": [{**_AWARD, **award} for award in course["awards"]]}


def _modular(qualification: Mapping[str, Any]) -> dict[str, Any]:
    modules = [{**_MODULE, **module} for module in qualification["modules"]]
    return {**_MODULAR, **qualification, "modules": modules}
