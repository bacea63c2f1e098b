"""What is declared of every route: the core's rows, and those of every area beside it.

An area is a module in ``areas``: ``ROWS`` are its rows, and ``build`` makes in a built world what they act on
and returns it by name.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from tests.kitemark.authorisation import areas
from tests.kitemark.authorisation.core import OPERATIONAL, ROWS, build
from tests.kitemark.authorisation.row import Row, World
from tests.kitemark.conftest import Kitemark

__all__ = ["MATRIX", "OPERATIONAL", "build_everything"]


def _areas() -> list[ModuleType]:
    return [import_module(f"{areas.__name__}.{found.name}") for found in iter_modules(areas.__path__)]


MATRIX: dict[str, Row] = {**ROWS, **{name: row for area in _areas() for name, row in area.ROWS.items()}}


async def build_everything(kitemark: Kitemark) -> World:
    """Give every route something to act on."""
    world = await build(kitemark)
    for area in _areas():
        world |= await area.build(kitemark, world)
    return world
