"""Children that are forked and children that are started afresh do the same."""

import errno
import os
import signal
import socket

import pytest

from shared.supervisor.children import ChildFailed, Family, Task

pytestmark = pytest.mark.parametrize("fork", [True, False])


def task(function: str, **values: object) -> Task:
    """Return a task with a plain environment."""
    return Task(function, values, {"PATH": os.environ["PATH"], "GIVEN": "yes"})


def test_a_child_answers_with_what_its_function_returns(fork: bool) -> None:
    family = Family(fork=fork)
    answer = family.ask(
        "one", "merge", task("shared.supervisor.workplace:merged", old={"a": 1}, new={"b": "ŵ" * 100_000})
    )
    assert answer == {"a": 1, "b": "ŵ" * 100_000}


def test_a_child_has_the_environment_that_it_was_given_and_no_other(
    fork: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOT_GIVEN", "no")
    seen = Family(fork=fork).ask("one", "look", task("tests.house.test_children:environment"))
    assert seen["GIVEN"] == "yes"
    assert "NOT_GIVEN" not in seen


def environment() -> dict[str, str]:
    """Return the environment of this process."""
    return dict(os.environ)


def test_a_child_that_fails_is_named_with_its_purpose(fork: bool) -> None:
    with pytest.raises(ChildFailed, match="one failed while it was to count"):
        Family(fork=fork).ask("one", "count", task("tests.house.test_children:fail"))


def test_a_full_disk_in_a_child_is_a_full_disk_in_the_parent(fork: bool) -> None:
    with pytest.raises(OSError, match="No space left on device"):
        Family(fork=fork).ask("one", "write", task("tests.house.test_children:fill"))


def fill() -> None:
    """Find the disk full, as a driver would report it."""
    try:
        raise OSError(errno.ENOSPC, "full")
    except OSError as fault:
        raise RuntimeError("could not write") from fault


def fail() -> None:
    """Fail."""
    raise SystemExit(5)


def test_a_child_that_ended_by_itself_is_told_of(fork: bool) -> None:
    family = Family(fork=fork)
    family.start("one", task("tests.house.test_children:fail"))
    while (ended := family.ended()) is None:
        pass
    assert ended == ("one", 5)
    family.stop()


def test_stopping_ends_children_that_do_not_listen(fork: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.supervisor.children.POLITE_SECONDS", 0.5)
    family = Family(fork=fork)
    with socket.socket() as heard:
        heard.bind(("127.0.0.1", 0))
        heard.listen()
        family.start(
            "deaf",
            task("tests.house.test_children:be_deaf", descriptor=heard.fileno()),
            keep=(heard.fileno(),),
        )
        with socket.create_connection(heard.getsockname()) as caller:
            assert caller.recv(1) == b"!"
            family.stop()
            assert caller.recv(1) == b""


def be_deaf(descriptor: int) -> None:
    """Answer one caller, then heed nothing."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    caller, _ = socket.socket(fileno=descriptor).accept()
    caller.send(b"!")
    while True:
        signal.pause()
