# Every command that a person types. `make` alone lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
SUPERVISOR := $(BIN)/python -m shared.supervisor
CODE := services shared tests
UV := $$(command -v .tools/bin/uv || command -v uv)
COMPILE := "$(UV)" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

# Importing from source each time costs seconds, and some machines ask for it.
unexport PYTHONDONTWRITEBYTECODE
# Someone else's modules must not shadow ours.
unexport PYTHONPATH

.PHONY: help run test check fix bench migrate revision reset import job verify-draw verify-receipt sample clients lock bootstrap format-check lint types contracts compose locks

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: bootstrap ## start everything on this machine, until Ctrl-C
	@exec $(SUPERVISOR) run

# A file of tests stays with one worker, since files share what is dear to start.
test: bootstrap ## run all tests, with coverage
	@$(BIN)/python -m pytest --cov --cov-report=term --numprocesses auto --maxprocesses 4 --dist loadfile

check: bootstrap format-check lint types contracts compose locks ## what CI checks beside the tests

fix: bootstrap ## format the code and mend what can be mended by itself
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

bench: bootstrap ## measure, and print the ratios as a table
	@$(BIN)/python -m tests.bench

migrate: bootstrap ## bring every database to the newest migration
	@exec $(SUPERVISOR) migrate

revision: bootstrap ## write a migration: make revision service=register message="expand: add a column"
	@test -n "$(service)" || { echo 'Say which: make revision service=register message="expand: ..."' >&2; exit 2; }
	@$(SUPERVISOR) revision "$(service)" "$(message)"
	@$(BIN)/ruff check --fix --quiet services/$(service)/migrations
	@$(BIN)/ruff format --quiet services/$(service)/migrations

reset: bootstrap ## remove all data of this checkout
	@exec $(SUPERVISOR) reset

import: bootstrap ## send a member file: make import FILE=members.csv [CLIENT=association_two] [MAPPING=map.json] [DRY_RUN=1]
	@$(BIN)/python -m services.register.client import "$(FILE)" --credentials .data/sample.json \
		--as "$(or $(CLIENT),association)" --outcomes .data/outcomes $(if $(MAPPING),--mapping "$(MAPPING)") $(if $(DRY_RUN),--dry-run)

job: bootstrap ## run a service's job while it runs here: make job service=register do=integrity
	@exec $(SUPERVISOR) job "$(service)" $(do)

verify-receipt: bootstrap ## verify the receipt of a check: make verify-receipt FILE=receipt.txt KEYS=receipt-keys.json
	@$(BIN)/python -m services.gateway.jobs receipts verify "$(FILE)" --keys "$(KEYS)"

verify-draw: ## draw an audit again from its proof, a file or a URL: make verify-draw PROOF=proof.json
	@test -n "$(PROOF)" || { echo 'Say which: make verify-draw PROOF=<file or URL>' >&2; exit 2; }
	@$(PYTHON) examples/verify_draw.py "$(PROOF)"

sample: bootstrap ## print addresses, clients and numbers as shell variables
	@$(SUPERVISOR) sample

clients: bootstrap ## make a Python and a TypeScript client of every service that runs here, in .data/clients
	@eval "$$($(SUPERVISOR) sample)" && examples/clients/build "$$GATEWAY_URL" .data/clients

lock: bootstrap ## choose versions anew within the ranges of pyproject.toml
	@$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	@$(COMPILE) --upgrade pyproject.toml --group dev --group embedded -o requirements-dev.lock
	@echo 'uv' | $(COMPILE) --upgrade - -o requirements-tools.lock
	@echo 'openapi-python-client==0.29.1' | $(COMPILE) --upgrade - -o examples/clients/requirements.lock

# The parts of `make check`, each usable alone.

format-check: bootstrap
	@$(BIN)/ruff format --check $(CODE)

lint: bootstrap
	@$(BIN)/ruff check $(CODE)

types: bootstrap
	@$(BIN)/python -m mypy

contracts: bootstrap
	@$(BIN)/lint-imports

compose: bootstrap
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

locks: bootstrap
	@$(BIN)/python -m pytest -q --no-header tests/house/test_locks.py

# The environment, made where only Python and its venv are, and made again only when the lock has changed.

bootstrap:
	@PYTHON="$(PYTHON)" .ci/bootstrap requirements-dev.lock requirements-tools.lock
