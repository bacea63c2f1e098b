"""How the register's tables are migrated."""

from services.register.storage import import_tables, tables
from shared.migrations import run_env

# The tables of imports join the others in one metadata when their module is imported.
assert import_tables.imports.metadata is tables.metadata  # noqa: S101
run_env(tables.metadata)
