"""The schema of the graph: published, described throughout, and in the words of REST."""

from pathlib import Path
from typing import Any, get_args

import pytest
from graphql import GraphQLEnumType, GraphQLObjectType, specified_scalar_types

from services.gateway.clients.answers import LevelWord, SanctionWord, ScopeWord, VerdictWord
from services.gateway.graph import schema as graph_schema
from services.gateway.graph.schema import executable, printed
from tests.gateway.front import FakeRegister, client_of, make_app

GATEWAY = Path(graph_schema.__file__).parent.parent


def test_the_printed_schema_is_the_one_in_the_repository() -> None:
    kept = (GATEWAY / "schema.graphql").read_text(encoding="utf-8")
    assert printed() == kept, "python -m services.gateway.graph.schema > services/gateway/schema.graphql"


async def test_the_schema_is_served() -> None:
    async with client_of(make_app(FakeRegister())) as http:
        answer = await http.get("/schema.graphql")
    assert answer.text == printed()
    assert "federation/v2.9" in answer.text


def test_every_type_field_argument_and_word_is_described() -> None:
    silent = []
    for name, kind in executable.type_map.items():
        if "__" in name or name.startswith("_") or kind in specified_scalar_types.values():
            continue
        parts: dict[str, Any] = {"": kind}
        if isinstance(kind, GraphQLObjectType):
            parts |= {f".{each}": field for each, field in kind.fields.items()}
            for each, field in kind.fields.items():
                parts |= {f".{each}({arg})": argument for arg, argument in field.args.items()}
        if isinstance(kind, GraphQLEnumType):
            parts |= {f".{each}": value for each, value in kind.values.items()}
        silent += [name + part for part, thing in parts.items() if not thing.description]
    assert [each for each in silent if "._" not in each] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Verdict", VerdictWord),
        ("Scope", ScopeWord),
        ("MembershipLevel", LevelWord),
        ("SanctionKind", SanctionWord),
    ],
)
def test_the_words_of_the_graph_are_those_of_rest(name: str, words: Any) -> None:
    kind = executable.type_map[name]
    assert isinstance(kind, GraphQLEnumType)
    assert list(kind.values) == list(get_args(words))
