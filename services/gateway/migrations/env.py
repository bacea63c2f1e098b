"""How the gateway's tables are migrated."""

from services.gateway.storage.tables import metadata
from shared.migrations import run_env

run_env(metadata)
