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


def _listed(code: str, title: str) -> dict[str, Any]:
    return {"code": code, "title": title}


def _said(kind: str, basis: str = "stated", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "basis": basis, "source": {"ref": "W1", "place": "1.5"}, **more}


_COURSE: dict[str, Any] = {
    "code": "certificate",
    "title": "Certificate in Careers Work",
    "awarding_body": {"title": "Exampleton University", "region": "D"},
    "awards": [{"title": "Certificate", "level_as_printed": "Level 6"}],
    "status": "running",
    "source": {"ref": "W1", "place": "Appendix A"},
    "statements": [
        _said("delivery", model="taught_at_university"),
        _said("availability", "of_class", region="D", how="cross_region_partnership"),
        _said("entry", one_of=["none", "degree"]),
        _said("duration", mode="part_time", min_months=None, max_months=24),
        _said("delivery", model="by_pigeon"),
    ],
    "unknown": ["setting"],
}


def _role(code: str, title: str, *requirements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "title": title, "requirements": list(requirements), "source": _W1} | more


def _asks(kind: str, status: str = "required", note: str | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "status": status, "source": {"ref": "W1", "note": note}, **more}


_W1 = {"ref": "W1", "note": None}
_VERSION = {"code": "2015", "title": "Pathway of 2015", "status": "adopted", "source": _W1}
FRAMEWORK: dict[str, Any] = {
    **_VERSION,
    "effective_from": "2015-05-01",
    "unknown": ["Its branches could not be read."],
    "roles": [
        _role("support", "Support", _asks("level", levels=[{"framework": "QCF", "levels": ["4"]}])),
        _role("adviser", "Careers adviser", _asks("scope", scope="personal_guidance", note="See entry.")),
        _role("leader", "Careers leader", _asks("qualification", "proposed", qualification="certificate")),
        _role("lecturer", "Lecturer", unknown=["No source states which qualification it requires."]),
        _role("youth", "Youth worker", responsibilities=[{"text": "Works with youth", "source": _W1}]),
    ],
    "moves": [
        {"from": "support", "to": "adviser", "kind": "vertical", "basis": "order", "source": _W1},
        {"from": "adviser", "to": "lecturer", "kind": "horizontal", "basis": "default", "source": _W1},
        {"from": "lecturer", "to": "adviser", "kind": "horizontal", "basis": "default", "source": _W1},
        {"from": "adviser", "to": "leader", "kind": "vertical", "basis": "default", "source": _W1},
    ],
    "pathways": [
        {
            "specialism": "stem",
            "from": "support",
            "to": "adviser",
            "steps": [{"title": "A module", "provider": "A university", "source": _W1}],
            "source": {"ref": "W1", "note": "Named there."},
        }
    ],
    "versions": [_VERSION, {**_VERSION, "code": "2012", "title": "Blueprint", "status": "proposed"}],
}
OF_REGISTER: dict[str, dict[str, Any]] = {
    "/v1/career-framework": FRAMEWORK,
    "/v1/qualifications": {"items": [_listed("certificate", "Certificate in Leading <Careers>")]},
    "/v1/regions": {"items": [_listed("D", "Yorkshire and The Humber"), _listed("H", "London")]},
    "/v1/settings": {"items": [_listed("sixth_form", "Sixth form")]},
    "/v1/associations": {"items": [_listed("ICG", "Institute of Career Guidance")]},
    "/v1/awarding-bodies": {"items": [_listed("exampleton", "Exampleton University")]},
    "/v1/directory/content": {"elements": [{"term": _listed("lmi", "Labour market information")}]},
    "/v1/sources": {"items": [{"code": "W1", "title": "The working papers", "address": None}]},
    "/v1/courses": {"edition": "2008-09", "items": [_COURSE], "possible": 4, "next": "more"},
}

_OFFER: dict[str, Any] = {
    "association": "ICG",
    "offer_id": "a-day",
    "title": "A day at an engineering firm",
    "provider": "Sample University",
    "delivery": "workshop",
    "description": "A visit <b>and</b> a talk.",
    "region": "D",
    "place": "Leeds",
    "starts_on": "2027-01-12",
    "ends_on": "2027-01-13",
    "hours": 6.5,
    "cost_pounds": 0.0,
    "specialisms": ["stem"],
    "address": "https://offers.example/a-day",
    "withdrawn": False,
    "source": None,
}
_BARE: dict[str, Any] = {
    "association": "alliance",
    "offer_id": "module",
    "title": "A module that nobody keeps",
    "provider": "Somebody",
    "delivery": "e_learning",
    "address": "javascript:alert(1)",
    "withdrawn": False,
    "source": "W1",
}
OF_CPD: dict[str, dict[str, Any]] = {
    "/v1/offers": {"items": [_OFFER, _BARE], "next": "more+of/it"},
    "/v1/specialisms": {"items": [_listed("stem", "Science and engineering")]},
    "/v1/sources": {"items": [{"code": "W1", "title": "A report", "address": None}]},
}
