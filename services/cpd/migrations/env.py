"""How the tables of CPD are migrated."""

from services.cpd.storage.tables import metadata
from shared.migrations import run_env

run_env(metadata)
