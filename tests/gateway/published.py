"""What the neighbours publish in tests where they are not the real ones: lists, by their paths."""

from typing import Any


def _entry(code: str, title: str, ref: str = "W1", note: str | None = None, **more: Any) -> dict[str, Any]:
    days = {"effective_from": None, "effective_to": None}
    return {"code": code, "title": title, **days, "source": {"ref": ref, "note": note}, **more}


def _scheme(code: str, title: str, body: str, *, verified: bool = True, **more: Any) -> dict[str, Any]:
    ladder = [
        {"code": "bronze", "title": "Bronze", "reach": None},
        {"code": "full", "title": "Full award", "reach": "fully_meets"},
    ]
    rest = {"ladder": ladder, "ladder_note": None, "validity_years": None, "validity_note": None} | more
    return _entry(code, title, body=body, owner=body, verified=verified, **rest)


def _span(scheme: str, first: str, last: str | None, source: str, body: str | None = None) -> dict[str, Any]:
    return {"scheme": scheme, "body": body, "valid_from": first, "valid_to": last, "source": source}


OF_KITEMARK: dict[str, list[dict[str, Any]]] = {
    "/v1/sources": [
        {"code": "W1", "title": "A statement of 2014", "address": "statement.example/2014"},
        {"code": "W2", "title": "A list of bodies", "address": None},
        {"code": "W9", "title": "A document that nothing here names", "address": None},
    ],
    "/v1/bodies": [
        _entry("KEEPER", "The Keeper", note="Owns the Standard; gives no awards itself.", area="national"),
        _entry("NORTHERN", "Northern Careers", area="North West and beyond"),
        _entry("NOWHERE", "A body of no known area", area=None),
    ],
    "/v1/schemes": [
        _scheme("STANDARD", "The Standard", "KEEPER", validity_note="The body says when an award ends."),
        _scheme("LOCAL", "Local Award <b>", "NORTHERN", validity_years=2, ladder_note="Bronze is not known."),
        _scheme("PLAIN", "Plain Award", "NOWHERE"),
        _scheme("SAMPLE", "Sample award (invented)", "KEEPER", verified=False, validity_years=3),
    ],
    "/v1/criteria-versions": [
        _entry("2012", "Criteria of 2012", note="Their days are not known.", criteria=[], complete=False),
        _entry(
            "2025",
            "Revision of 2025",
            criteria=[{"code": "GB8", "title": "Personal guidance"}],
            complete=False,
        )
        | {"effective_from": "2025-09-01"},
        _entry("2031", "Revision of 2031", criteria=[], complete=True) | {"effective_from": "2031-09-01"},
    ],
    "/v1/mark-policies": [
        _entry("2012-1", "Awards last", note="Default of this service.", lapse="awards_last")
        | {"effective_from": "2012-01-01"},
    ],
    "/v1/validations": [
        _span("LOCAL", "2014-07-11", "2017-03-12", "W1: It ended with the one Standard."),
        _span("STANDARD", "2017-03-13", None, "W1: It needs none."),
        _span("SAMPLE", "2015-01-01", None, "Invented for the sample."),
    ],
    "/v1/authorities": [
        _span("LOCAL", "2014-07-11", "2017-03-12", "W1: Its owner.", body="NORTHERN"),
        _span("STANDARD", "2017-03-31", None, "W2: Whether it is still held is not known.", body="NORTHERN"),
        _span("SAMPLE", "2015-01-01", None, "Invented for the sample.", body="KEEPER"),
    ],
}
