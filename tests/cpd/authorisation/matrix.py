"""What is declared of every route: the core's rows, and those of every area beside it.

An area is a module in ``areas``: ``ROWS`` are its rows, and ``build`` makes in a built world what they act on
and returns it by name.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from tests.cpd.authorisation import areas
from tests.cpd.authorisation.core import LISTS, OPERATIONAL, ROWS, build
from tests.cpd.authorisation.row import Row, World
from tests.cpd.conftest import Cpd

__all__ = ["LISTS", "MATRIX", "OPERATIONAL", "build_everything"]


def _areas() -> list[ModuleType]:
    return [import_module(f"{areas.__name__}.{found.name}") for found in iter_modules(areas.__path__)]


MATRIX: dict[str, Row] = {**ROWS, **{name: row for area in _areas() for name, row in area.ROWS.items()}}


async def build_everything(cpd: Cpd) -> World:
    """Give every route something of the first association's to act on."""
    world = await build(cpd)
    for area in _areas():
        world |= await area.build(cpd, world)
    return world
