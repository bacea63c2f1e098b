"""How the register's tables are migrated."""

from services.register.storage.import_tables import metadata
from shared.migrations import run_env

run_env(metadata)
