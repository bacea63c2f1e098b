"""Posts and the organisations that employ: told, attested, disputed, ended, read."""
