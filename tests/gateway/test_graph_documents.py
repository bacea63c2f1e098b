"""Registered documents: found by their digest, put there by a command, alone where nothing else may run."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.gateway import jobs
from services.gateway.graph.documents import EXAMPLES, PREFIX, RegisteredDocuments, digest_of, register
from tests.gateway.front import NUMBER, FakeRegister, client_of, make_app, verdict

SHIPPED = (EXAMPLES / "1-licence-today.graphql").read_text(encoding="utf-8")
OWN = "query Own($number: String!) { licence(number: $number) { verdict } }\n"


async def ask(documents: RegisteredDocuments, method: str = "POST", **body: Any) -> httpx.Response:
    async with client_of(make_app(FakeRegister({NUMBER: verdict()}), documents=documents)) as http:
        if method == "GET":
            return await http.get("/graphql", params=body)
        return await http.post("/graphql", json=body)


def said(answer: httpx.Response) -> tuple[int, str, str]:
    (error,) = answer.json()["errors"]
    assert "data" not in answer.json()
    return answer.status_code, error["extensions"]["code"], error["extensions"]["refusal"]


async def test_a_shipped_document_is_asked_for_by_its_digest(tmp_path: Path) -> None:
    documents = RegisteredDocuments(None, only=False)
    for method in ("POST", "GET"):
        answer = await ask(documents, method, documentId=PREFIX + digest_of(SHIPPED))
        assert answer.json()["data"]["licence"]["verdict"] == "licensed"


async def test_what_is_registered_counts_from_the_next_request_on_and_what_is_taken_away_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, folder = tmp_path / "theirs", tmp_path / "registered"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "own.gql").write_text(OWN, encoding="utf-8")
    documents = RegisteredDocuments(folder, only=False)
    asked = {"documentId": PREFIX + digest_of(OWN), "variables": {"number": NUMBER}}
    missing = (404, "PERSISTED_DOCUMENT_NOT_FOUND", "document-not-registered")
    assert said(await ask(documents, **asked)) == missing
    monkeypatch.setenv("GATEWAY_GRAPH_DOCUMENTS", str(folder))
    assert await asyncio.to_thread(jobs.main, ["documents", "register", str(source)]) == 0
    assert capsys.readouterr().out.endswith(f"{asked['documentId']}  deep/own.gql\n")
    assert (await ask(documents, **asked)).json()["data"] == {"licence": {"verdict": "licensed"}}
    (file,) = folder.iterdir()
    file.write_text(OWN + " ", encoding="utf-8")  # not what its name says any more
    assert said(await ask(documents, **asked)) == missing
    file.unlink()
    assert said(await ask(documents, **asked)) == missing


async def test_where_only_registered_documents_run_everything_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.graphql").write_text(OWN, encoding="utf-8")
    register(tmp_path, tmp_path / "registered")
    documents = RegisteredDocuments(tmp_path / "registered", only=True)
    required = (403, "PERSISTED_DOCUMENT_REQUIRED", "only-registered-documents")
    for query in ("{ __typename }", "{ __schema { types { name } } }", OWN.strip(), "{"):
        assert said(await ask(documents, query=query)) == required
        assert said(await ask(documents, "GET", query=query)) == required
    for text in (OWN, SHIPPED):
        for sent in ({"query": text}, {"documentId": PREFIX + digest_of(text)}):
            answer = await ask(documents, variables={"number": NUMBER}, **sent)
            assert answer.json()["data"]["licence"]["verdict"] == "licensed"


@pytest.mark.parametrize(
    "document_id",
    [
        "x",
        "sha256:",
        "sha256:" + "A" * 64,
        "sha256:../../../etc/passwd",
        "sha256:" + "a" * 65,
        "md5:" + "a" * 32,
    ],
)
async def test_an_id_of_another_make_is_refused(document_id: str, tmp_path: Path) -> None:
    documents = RegisteredDocuments(tmp_path, only=False)
    assert said(await ask(documents, documentId=document_id)) == (
        422, "BAD_USER_INPUT", "document-id-not-readable",
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": 1},
        {"documentId": ""},
        {"documentId": PREFIX + digest_of(SHIPPED), "query": SHIPPED},
        {},
    ],
)
async def test_a_request_names_either_a_document_or_its_id(body: dict[str, Any]) -> None:
    answer = await ask(RegisteredDocuments(None, only=False), **body)
    assert said(answer) == (422, "BAD_USER_INPUT", "graph-request-not-well-formed")


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ({"a.graphql": OWN, "b.graphql": "{ nothing }"}, "Cannot query field 'nothing'"),
        ({"a.graphql": "{"}, "Syntax Error"),
        ({"a.graphql": "{ " + "a" * 12 + " { b" * 12 + " }" * 13}, "its levels"),
        ({"a.txt": OWN}, "holds no file"),
    ],
)
def test_what_cannot_be_asked_for_is_not_registered_and_nothing_beside_it_either(
    texts: dict[str, str], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    folder = tmp_path / "registered"
    assert jobs.main(["documents", "register", str(tmp_path), "--into", str(folder)]) == 1
    assert why in capsys.readouterr().err
    assert not folder.exists()


def test_the_command_has_to_know_where_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GATEWAY_GRAPH_DOCUMENTS", raising=False)
    assert jobs.main(["documents", "register", str(tmp_path)]) == 1
    assert "--into" in capsys.readouterr().err
