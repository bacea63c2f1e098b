"""What is declared of every route: the core's rows, and those of every area beside it.

An area is a module in ``areas``: ``ROWS`` are its rows, and ``build`` makes in a built world what they act on
and returns it by name.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from tests.register.authorisation import areas
from tests.register.authorisation.core import OPERATIONAL, ROWS
from tests.register.authorisation.row import Row
from tests.register.authorisation.world import World, build
from tests.register.conftest import Register

__all__ = ["MATRIX", "OPERATIONAL", "build_everything"]


def _areas() -> list[ModuleType]:
    return [import_module(f"{areas.__name__}.{found.name}") for found in iter_modules(areas.__path__)]


MATRIX: dict[str, Row] = {**ROWS, **{name: row for area in _areas() for name, row in area.ROWS.items()}}


async def build_everything(register: Register) -> World:
    """Fill an empty register through its own API, so that every route has something to act on."""
    world = await build(register)
    for area in _areas():
        world |= await area.build(register, world)
    return world
