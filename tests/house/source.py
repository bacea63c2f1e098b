"""Reads our own source, for the tests that hold the house to its rules."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("services", "shared")


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Return the Python files below folders of the repository."""
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse(path.read_text())


def name_of(path: Path) -> str:
    """Return a file's place in the repository."""
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def called_names(node: ast.AST) -> set[str]:
    """Return the names of what is called inside a node: ``f()`` and ``x.f()`` alike."""
    found = set()
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        if isinstance(call.func, ast.Name):
            found.add(call.func.id)
        elif isinstance(call.func, ast.Attribute):
            found.add(call.func.attr)
    return found


def refusals() -> dict[str, ast.ClassDef]:
    """Return every class that descends from a kind of refusal, by name, as the source declares them."""
    classes = {
        node.name: node
        for path in python_files(*CODE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }
    kinds = {
        "Refusal", "Malformed", "Unauthenticated", "Forbidden", "NotFound", "Conflict", "Gone", "Stale",
        "TooLarge", "Unprocessable", "TooManyRequests", "Unavailable",
    }  # fmt: skip

    def descends(name: str) -> bool:
        node = classes.get(name)
        bases = {base.id for base in node.bases if isinstance(base, ast.Name)} if node else set()
        return bool(bases & kinds) or any(descends(base) for base in bases - {name})

    return {name: node for name, node in classes.items() if descends(name) and name not in kinds}
