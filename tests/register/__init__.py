"""The register's tests."""
