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

# The web apps, where the checkout has them. Their stamps lie in node_modules and go with it.
WEB_PACKAGE := $(wildcard frontends/package.json)
WEB_PAGES := frontends/backoffice/dist/index.html frontends/main/dist/index.html
WEB_INSTALLED := $(if $(WEB_PACKAGE),frontends/node_modules/.installed)
WEB_BUILT := $(if $(WEB_PACKAGE),frontends/node_modules/.built)
# What checks, tests and builds write is no source. A folder is one: it tells of files that are gone.
WEB_SOURCES := $(if $(WEB_PACKAGE),$(wildcard openapi/*.json) $(shell find frontends \
	\( -name node_modules -o -name dist -o -name generated -o -name coverage -o -name screenshots \) -prune -o \
	\( -type f ! -name '*.tsbuildinfo' -o -type d -path '*/src*' \) ! -name '* *' -print))
# Models of what the chart asks of KEDA and External Secrets.
RESOURCES := tests/deploy/resources/node_modules/.installed
NPM := ../tools/npm

# $(call quietly,command): nothing when all is well, everything when it is not.
define quietly
if ! said=$$($(1) 2>&1); then printf '%s\n' "$$said" >&2; exit 1; fi
endef

.DEFAULT_GOAL := help
.PHONY: help install demo up web test test-web fuzz fuzz-payments soak check check-format check-lint check-types \
	check-imports check-migrations check-openapi check-docs check-web check-deploy docs promtool audit fmt migrate \
	revision openapi deploy-files release bench bench-api bench-faces bench-images bench-memory bench-queue \
	bench-scale clean rebuild screenshots trace

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

# npm says what is wrong, and nothing else. No package runs a script of its own: those download from anywhere.
frontends/node_modules/.installed: frontends/package-lock.json | .venv/.installed-run
	@echo "Installing the locked packages of the web apps ..."
	@cd frontends && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

frontends/node_modules/.built: frontends/node_modules/.installed $(WEB_SOURCES) tools/compress.mjs \
	$(if $(filter-out $(wildcard $(WEB_PAGES)),$(WEB_PAGES)),rebuild)
	@echo "Building the web apps ..."
	@cd frontends && $(call quietly,$(NPM) run build --silent)
	@cd frontends && $(NPM) exec --silent -c 'node ../tools/compress.mjs $(dir $(WEB_PAGES:frontends/%=%))'
	@touch $@

rebuild:

install: .venv/.installed-dev $(WEB_BUILT) ## Installs everything, for development

web: .venv/.installed-run $(WEB_BUILT) ## Builds the web apps

demo: .venv/.installed-run $(WEB_BUILT) ## Runs the whole job end to end; PHOTOS=dir SELFIE=file for your own pictures, KEEP=1 to stay up
	@$(BIN)/acme demo $(if $(PHOTOS),--photos "$(PHOTOS)") $(if $(SELFIE),--selfie "$(SELFIE)") $(if $(KEEP),--keep)

up: .venv/.installed-run $(WEB_BUILT) ## Starts the platform and keeps it up; ARGS="--port-offset 100" and others
	@exec $(BIN)/acme up $(ARGS)

test: .venv/.installed-dev $(WEB_BUILT) $(if $(ARGS),,test-web $(RESOURCES)) ## Runs the tests; ARGS="-k name" for some of pytest's
# What drives the browser keeps a loop in its thread, where others' tests could not run their own.
ifdef ARGS
	@$(BIN)/pytest $(ARGS)
else
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile --ignore tests/web
	@$(BIN)/pytest -n auto --maxprocesses 2 --dist loadfile tests/web
endif

test-web: .venv/.installed-run $(WEB_INSTALLED)
	@$(if $(WEB_PACKAGE),cd frontends && $(NPM) test --silent)

fuzz: .venv/.installed-dev ## Tries for some minutes what the OpenAPI documents promise; FUZZ_EXAMPLES=1000 for longer
	@FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),200) $(BIN)/pytest -q tests/contract $(ARGS)

fuzz-payments: .venv/.installed-dev ## Ten thousand random orders of payments' webhooks, and how many end wrong: none
	@FUZZ_ORDERS=$(or $(FUZZ_ORDERS),10000) $(BIN)/pytest -q tests/faults/test_payment_fuzz.py $(ARGS)

soak: .venv/.installed-dev $(WEB_BUILT) ## Torments a running event, MINUTES=10, and tells what was lost: nothing
	@SOAK_MINUTES=$(or $(MINUTES),10) $(BIN)/pytest -q tests/faults/test_storm.py $(ARGS)

check: check-format check-lint check-types check-imports check-migrations check-openapi check-docs check-web check-deploy ## All that CI checks beside the tests

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
	@$(BIN)/python tools/metrics.py --check
	@PYTHONPATH=. $(BIN)/python tools/reference.py --check

check-docs: .venv/.installed-dev
	@site=$$(mktemp -d) && trap 'rm -rf "$$site"' EXIT && \
		$(call quietly,NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir "$$site")

check-web: .venv/.installed-dev $(WEB_INSTALLED)
	@$(if $(WEB_PACKAGE),cd frontends && $(call quietly,$(NPM) run check --silent))

$(RESOURCES): tests/deploy/resources/package-lock.json | .venv/.installed-dev
	@cd tests/deploy/resources && ../../../tools/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

# Images are built and started by `make test`; here they are read.
check-deploy: .venv/.installed-dev $(RESOURCES)
	@for tool in caddyfile connections capacity trace release; do $(BIN)/python -m tools.$$tool --check || exit 1; done
	@$(BIN)/pytest -q tests/deploy --ignore tests/deploy/test_images.py --ignore tests/deploy/test_web_stage.py

promtool: ## Unpacks Debian's promtool into .tools/, where apt answers: alert rules are then tried, not only read
	@tools/find-promtool --unpack >/dev/null || true

audit: .venv/.installed-dev ## Asks the registries what is known to be wrong with the locked packages
	@uv=$$(tools/find-uv) && $(BIN)/python tools/audit.py "$$uv"

fmt: .venv/.installed-dev ## Formats the code and mends what lint can
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

migrate: .venv/.installed-run ## Brings the database to the newest schema
	@$(BIN)/acme migrate

revision: .venv/.installed-dev ## Writes a migration from the models, against the running platform; m="what changes"
	@test -n "$(m)" || { echo 'Say what changes: make revision m="add a column"' >&2; exit 2; }
	@settings=$$($(BIN)/acme env) && set -a && eval "$$settings" && $(BIN)/alembic revision --autogenerate -m "$(m)"

openapi: .venv/.installed-dev $(WEB_INSTALLED) ## Writes the OpenAPI documents, and the pages that code knows best
	@$(BIN)/python tools/openapi.py
	@$(BIN)/python tools/errors.py
	@$(BIN)/python tools/metrics.py
	@PYTHONPATH=. $(BIN)/python tools/reference.py

docs: .venv/.installed-dev ## Builds the pages under docs/ into site/
	@$(call quietly,NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict)

deploy-files: .venv/.installed-dev ## Writes the web apps' Caddyfile, and the tables of docs/scaling.md, capacity.md and trace.md
	@for tool in caddyfile connections capacity trace; do $(BIN)/python -m tools.$$tool || exit 1; done

release: .venv/.installed-dev ## Rehearses a release, VERSION=1.2.3: changelog, versions, wheels; WRITE=1 writes it
	@test -n "$(VERSION)" || { echo 'Say which: make release VERSION=1.2.3' >&2; exit 2; }
	@$(BIN)/python -m tools.release $(VERSION) $(if $(WRITE),--write)

bench: .venv/.installed-dev benchmarks/peers/node_modules/.installed ## Runs the benchmarks
	@for script in benchmarks/*.py; do echo "== $$script" && PYTHONPATH=. $(BIN)/python "$$script" || exit 1; done

bench-images: .venv/.installed-dev benchmarks/peers/node_modules/.installed ## Derivatives of photos, against sharp
	@PYTHONPATH=. $(BIN)/python benchmarks/images.py

bench-queue: .venv/.installed-dev benchmarks/peers/node_modules/.installed ## Jobs per second and latency of the queue, against BullMQ
	@PYTHONPATH=. $(BIN)/python benchmarks/queue_jobs.py

bench-faces: .venv/.installed-dev ## Faces found and told apart, against the naive ways; DATA=folder with johns/ and groups/
	@PYTHONPATH=. $(BIN)/python benchmarks/faces.py $(DATA)
	@PYTHONPATH=. $(BIN)/python benchmarks/face_distributions.py --plot docs/faces.svg $(if $(DATA),"$(DATA)/johns")

bench-api: .venv/.installed-dev benchmarks/peers/node_modules/.installed ## The APIs, against Fastify, Drizzle and the AWS SDK
	@PYTHONPATH=. $(BIN)/python benchmarks/api.py

bench-scale: .venv/.installed-dev ## Lists, figures and live events at a million photos; ACME_BENCH_DATA keeps the rows
	@PYTHONPATH=. $(BIN)/python -m benchmarks.scale.lists $(ARGS); lists=$$?; \
		PYTHONPATH=. $(BIN)/python -m benchmarks.scale.streams && exit $$lists

bench-memory: .venv/.installed-dev ## What the APIs keep in memory over MINUTES=60 of steady requests
	@PYTHONPATH=. $(BIN)/python -m benchmarks.scale.memory --minutes $(or $(MINUTES),60)

# What we measure ourselves against, from the npm registry.
benchmarks/peers/node_modules/.installed: benchmarks/peers/package-lock.json | .venv/.installed-dev
	@cd benchmarks/peers && ../../tools/npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

screenshots: .venv/.installed-dev $(WEB_BUILT) ## Writes every screen of the web apps to screenshots/
	@SCREENSHOTS=screenshots $(BIN)/pytest -q tests/web/test_screens.py $(ARGS)

trace: .venv/.installed-dev ## Traces one upload, from request to recognized photo, into docs/traces/
	@$(BIN)/acme trace
	@$(BIN)/python -m tools.trace

clean: ## Removes what was installed and cached, never the data
	@rm -rf tests/deploy/resources/node_modules frontends/node_modules frontends/*/node_modules frontends/packages/*/node_modules frontends/*/dist
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
