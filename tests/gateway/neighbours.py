"""What the neighbours of the gateway say in tests where they are not the real ones."""

import json
from typing import Any

import httpx

from tests.gateway.published import OF_CPD, OF_KITEMARK


def refusal(status: int, code: str, detail: str = "As it was said.", **more: Any) -> httpx.Response:
    """Return a problem document as the register sends it."""
    return httpx.Response(status, json={"status": status, "code": code, "detail": detail, **more})


class FakeCpd:
    """A CPD of the test's own, of which only what is published is asked."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.instead: dict[str, httpx.Response] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer with a list, or with what the test wants said instead."""
        self.asked.append(request)
        path = request.url.path
        return self.instead.get(path) or httpx.Response(200, json=OF_CPD[path])


class FakeKitemark:
    """A kite mark of the test's own."""

    def __init__(self, mark: str = "fully_meets", answer: str = "compliant", status: int = 200) -> None:
        self.mark, self.answer, self.status = mark, answer, status
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a batch as the kite mark words it."""
        self.asked.append(request)
        if self.status != 200:
            return httpx.Response(self.status)
        if request.method == "GET":
            return self._found(request)
        question = json.loads(request.content)
        if request.url.path == "/v1/marks/batch":
            items = [
                {"school": each, "mark": self.mark, "sentence": "Said.", "reason": "award-in-date"}
                for each in question["schools"]
            ]
            return httpx.Response(200, json={"items": items, "journal_position": 7})
        items = [
            {"ukprn": each, "answer": self.answer, "reasons": [{"code": "held", "detail": "It is held."}]}
            for each in question["ukprns"]
        ]
        return httpx.Response(200, json={"items": items})

    def _found(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/v1/schools":
            school = {
                "number": "100001",
                "name": "Exampleton Academy",
                "status": "open",
                "town": "Exampleton",
            }
            return httpx.Response(200, json={"items": [school], "next": "more"})
        if path == "/v1/providers":
            known = [{"ukprn": "10000001", "name": "Invented Guidance", "trade_name": "Invented"}]
            return httpx.Response(200, json={"items": known if "inv" in str(request.url) else []})
        if path == "/v1/reports/mark-coverage":
            rows = [["North East", 3, 1, 2, 9], [None, 0, 0, 0, 4]]
            columns = ["region", "fully_meets", "progressing", "committed", "schools"]
            return httpx.Response(200, json={"title": "Schools", "columns": columns, "rows": rows})
        if path in OF_KITEMARK:
            return httpx.Response(200, json={"items": OF_KITEMARK[path]})
        if path.endswith("99999999/compliance"):
            return refusal(404, "no-such-provider")
        reason = {"code": "held", "detail": "It is held."}
        rules = [("commissioned", self.answer), ("colleges", "not_required")]
        findings = [
            {"rule": rule, "standard": "matrix", "asks_of": rule, "answer": answer, "reason": reason}
            for rule, answer in rules
        ]
        said = {"ukprn": "10000001", "answer": self.answer, "reasons": [reason], "findings": findings}
        return httpx.Response(200, json=said | {"successor": "10000002"})


def _report(*rows: tuple[str, str, int | None]) -> dict[str, Any]:
    shown = [{"codes": row[:2], "count": row[2]} for row in rows]
    return {"title": "A report", "columns": ["measure", "of"], "rows": shown}


REPORTS = {
    "register-in-numbers": _report(
        ("members", "ICG", 1200), ("on_the_register", "people", 900), ("sanctions", "removal", None)
    ),
    "licences-by-month": _report(
        ("2026-10", "issued", 40), ("2026-10", "ended", 3), ("2026-11", "issued", 0)
    ),
}
