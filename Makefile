# One command each, on a machine that has only Python 3.11 or newer. `make help` lists them.
#
# Stamps in .venv remember which lock file is installed, and hatch_build.py remembers which sources
# the front ends were built from, so that a second run has nothing to do.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for candidate in python3 python python3.13 python3.12 python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$candidate && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
NPM := $(BIN)/python hatch_build.py npm

.PHONY: help run test check bench bench-page prove prove-long image lock build clean
.PHONY: packages developer-packages frontends test-frontends test-server
.PHONY: check-ruff check-types check-imports check-dependencies check-frontends

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: frontends ## Install what is missing, build what is stale, start the demo
	@$(BIN)/chatserver demo

test: test-frontends test-server ## Run all tests; installs what they need first

check: check-ruff check-types check-imports check-dependencies check-frontends ## Lint, format, types, floors

bench: developer-packages frontends ## Measure; nothing here is part of the tests
	@$(BIN)/python -m tests.bench

bench-page: developer-packages frontends ## Measure what the chat costs a page, in a real Chromium
	@$(BIN)/python -m tests.bench.page

prove: developer-packages ## Simulate messages under faults and check them (PROVE="--messages 1000000 --seed 7")
	@$(BIN)/python -m tests.prove $(PROVE)

prove-long: developer-packages ## The same on real processes, killed and cut off (MINUTES=30; goes on from .prove-long.json)
	@$(BIN)/python -m tests.prove_long --minutes $(or $(MINUTES),30) $(PROVE)

build: .venv/run.stamp ## Make the wheel and the source archive in dist/
	@$(PIP) install -qq build
	@$(BIN)/python -m build --outdir dist .

image: ## Build the container image; as root with buildah, start it once as a cluster would
	@$(PYTHON) tests/support/image.py

lock: | .venv/bin/python ## Write the lock files anew (UPGRADE=--upgrade takes newer versions)
	@$(PIP) install -qq uv
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --generate-hashes \
		--python-version 3.11 $(UPGRADE) --group dev pyproject.toml --output-file requirements.lock
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --generate-hashes \
		--python-version 3.11 $(UPGRADE) --constraint requirements.lock --no-annotate \
		pyproject.toml --output-file requirements-run.lock
	@$(NPM) install --package-lock-only --ignore-scripts

clean: ## Remove everything that was made here, the demo's data excepted
	rm -rf .venv .build dist node_modules widget/node_modules agent_ui/node_modules
	rm -rf chatserver/static/build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# --- the pieces ---------------------------------------------------------------------------------

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "chatserver needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@echo "Making a virtual environment in .venv with $(PYTHON) …"
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; \
		echo "That failed: on Debian and Ubuntu, install the package python3-venv first." >&2; exit 1; }

.venv/run.stamp: requirements-run.lock | .venv/bin/python
	@echo "Installing the server's packages …"
	@$(PIP) install -qq --require-hashes --requirement requirements-run.lock
	@touch $@

.venv/developer.stamp: requirements.lock | .venv/bin/python
	@echo "Installing the developers' packages …"
	@$(PIP) install -qq --require-hashes --requirement requirements.lock
	@touch .venv/run.stamp $@

packages: .venv/run.stamp
developer-packages: .venv/developer.stamp

# pip calls hatch_build.py, which brings a node of its own where the system has none.
frontends: packages
	@if ! { test -x $(BIN)/chatserver && $(BIN)/python hatch_build.py fresh; }; then \
		echo "Building the widget and the console (the first time takes about half a minute) …"; \
		$(PIP) install -qq --no-deps --editable .; \
	fi

test-frontends: developer-packages frontends
	@echo "Testing the widget and the console …"
	@$(NPM) run test --workspaces

test-server: developer-packages frontends
	@$(BIN)/python tests/support/machine.py
	@echo "Testing the server …"
	@$(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST)

check-ruff: developer-packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

check-types: developer-packages
	@$(BIN)/mypy

check-imports: developer-packages
	@$(BIN)/lint-imports

check-dependencies: developer-packages
	@$(BIN)/deptry . --no-ansi

check-frontends: developer-packages
	@$(NPM) run check --workspaces
	@$(NPM) exec -- biome ci .
