# `make` or `make help` lists the targets. Everything is installed into .venv; nothing outside of the checkout changes.

SHELL := /bin/sh
BIN := .venv/bin
PYTHON ?=
LOCKED := uv.lock pyproject.toml $(wildcard libs/*/pyproject.toml services/*/pyproject.toml)
export UV_PYTHON_DOWNLOADS := never
# An activated environment of somebody else is not ours to fill.
unexport VIRTUAL_ENV
unexport UV_PROJECT_ENVIRONMENT

# $(call install,flags): progress for people, silence for logs.
define install
@uv=$$(PYTHON="$(PYTHON)" tools/find-uv) && python=$$(PYTHON="$(PYTHON)" tools/find-python) && \
echo "Installing the locked packages into .venv ..." && \
if [ -t 2 ]; then quiet=; else quiet=--quiet; fi && \
UV_PYTHON="$$python" "$$uv" sync $$quiet --frozen --all-packages $(1)
endef

.DEFAULT_GOAL := help
.PHONY: help install demo up test fuzz check check-format check-lint check-types check-imports check-migrations \
	check-openapi fmt migrate revision openapi bench clean

help: ## Lists the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-18s %s\n' "$$name" "$$text"; done

# What runs the platform; what develops it contains that, and serves for both.
.venv/.installed-run: $(LOCKED)
	$(call install,--inexact --no-dev)
	@touch $@

.venv/.installed-dev: $(LOCKED)
	$(call install,)
	@touch .venv/.installed-run $@

install: .venv/.installed-dev ## Installs everything, for development

demo: .venv/.installed-run ## Runs the whole job end to end; PHOTOS=dir SELFIE=file for your own pictures, KEEP=1 to stay up
	@$(BIN)/acme demo $(if $(PHOTOS),--photos "$(PHOTOS)") $(if $(SELFIE),--selfie "$(SELFIE)") $(if $(KEEP),--keep)

up: .venv/.installed-run ## Starts the platform and keeps it up; ARGS="--port-offset 100" and others
	@exec $(BIN)/acme up $(ARGS)

test: .venv/.installed-dev ## Runs the tests; ARGS="-k name" for some
	@$(BIN)/pytest $(ARGS)

fuzz: .venv/.installed-dev ## Tries for some minutes what the OpenAPI documents promise; FUZZ_EXAMPLES=1000 for longer
	@FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),200) $(BIN)/pytest -q tests/contract $(ARGS)

check: check-format check-lint check-types check-imports check-migrations check-openapi ## All that CI checks beside the tests

check-format: .venv/.installed-dev
	@$(BIN)/ruff format --check --quiet .

check-lint: .venv/.installed-dev
	@$(BIN)/ruff check --quiet .

check-types: .venv/.installed-dev
	@$(BIN)/mypy

check-imports: .venv/.installed-dev
	@$(BIN)/lint-imports

check-migrations: .venv/.installed-dev
	@$(BIN)/pytest -q tests/libs/db -k migrations

check-openapi: .venv/.installed-dev
	@$(BIN)/python tools/openapi.py --check
	@$(BIN)/python tools/errors.py --check

fmt: .venv/.installed-dev ## Formats the code and mends what lint can
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

migrate: .venv/.installed-run ## Brings the database to the newest schema
	@$(BIN)/acme migrate

revision: .venv/.installed-dev ## Writes a migration from the models, against the running platform; m="what changes"
	@test -n "$(m)" || { echo 'Say what changes: make revision m="add a column"' >&2; exit 2; }
	@settings=$$($(BIN)/acme env) && set -a && eval "$$settings" && $(BIN)/alembic revision --autogenerate -m "$(m)"

openapi: .venv/.installed-dev ## Writes the OpenAPI documents under openapi/, and docs/errors.md
	@$(BIN)/python tools/openapi.py
	@$(BIN)/python tools/errors.py

bench: .venv/.installed-dev ## Runs the benchmarks
	@for script in benchmarks/*.py; do echo "== $$script" && $(BIN)/python "$$script" || exit 1; done

clean: ## Removes what was installed and cached, never the data
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
