"""A refusal is a class named as a sentence; its docstring is the message."""

import pytest

from shared.actor import Actor, ScopeMissing
from shared.errors import KINDS, Conflict, FieldError, Unauthenticated, code_of
from shared.http import refusal_from


class TeapotIsEmpty(Conflict):
    """The teapot {name}
    is empty."""


def test_the_code_is_the_class_name_in_kebab_case() -> None:
    assert code_of(TeapotIsEmpty) == "teapot-is-empty"


def test_the_message_is_the_docstring_on_one_line_with_its_values() -> None:
    assert TeapotIsEmpty(name="Brown Betty").detail == "The teapot Brown Betty is empty."


def test_values_with_braces_are_shown_as_they_are() -> None:
    assert TeapotIsEmpty(name="{x}").detail == "The teapot {x} is empty."


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_status_of_its_own_and_a_message(kind: type) -> None:
    assert 400 <= kind.status <= 503
    assert kind.__doc__
    assert sum(other.status == kind.status for other in KINDS) == 1


def test_a_refusal_crosses_from_one_service_to_another_with_code_words_and_fields() -> None:
    said = TeapotIsEmpty(name="x", errors=[FieldError("/a", "b", "c")])
    heard = refusal_from(
        Conflict,
        {
            "code": said.code,
            "detail": said.detail,
            "errors": [{"pointer": "/a", "code": "b", "detail": "c"}],
        },
    )
    assert (heard.code, heard.detail, heard.errors, heard.status) == (
        said.code,
        said.detail,
        said.errors,
        409,
    )


def test_an_anonymous_caller_is_asked_who_it_is_before_what_it_may() -> None:
    with pytest.raises(Unauthenticated):
        Actor.anonymous().require("members:write")


def test_a_caller_needs_one_of_the_scopes() -> None:
    actor = Actor(subject="x", client_id="x", scopes=frozenset({"a"}))
    actor.require("a", "b")
    with pytest.raises(ScopeMissing, match="b or c"):
        actor.require("b", "c")
