"""How the tables of the kite mark are migrated."""

from importlib import import_module
from pkgutil import walk_packages

from services.kitemark import storage
from services.kitemark.storage.tables import metadata
from shared.migrations import run_env

# Tables join the one metadata when the module that declares them is imported.
for module in walk_packages(storage.__path__, prefix=f"{storage.__name__}."):
    if module.name.endswith("tables"):
        import_module(module.name)
run_env(metadata)
