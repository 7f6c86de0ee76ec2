# The one front door. `make help` tells what there is; every word sets up what it needs on a fresh machine
# (Python 3.11 or newer with venv, git and make), once: a second call starts at once.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet --quiet
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

# The first Python that is new enough and can make a virtual environment; `make PYTHON=... run` names another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

# Which of the tests: `make test TESTS=tests/lifecycle`. Three workers for two cores: some tests wait for servers and clocks.
TESTS ?=
PYTEST := $(BIN)/python -m pytest --quiet
QUICK := not simulation and not processes and not browser and not rehearsal and not peers and not rights
PEERS := .venv-peers
# For how many seconds a process is killed every two seconds: `make processes KILL_SECONDS=300`.
KILL_SECONDS ?= 60
# How many seeds, which levels, where registers lie: `make simulate SEEDS=2000 LEVELS=3 DATABASE=postgres`.
SEEDS ?= 1000
LEVELS ?= 1 2 3 4 5
DATABASE ?= sqlite
# Of which pages pictures are taken, and how: `make screenshots PAGES="--out DIR --wide 390 --dark /deadlines"`.
PAGES ?=
# Which of the figures: `make bench T="T1 T14"`.
T ?=

.PHONY: help setup run demo test test-postgres check check-static browser processes rehearsal rights peers simulate bench format screenshots story docs lock

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv from the lock (every other word does this when needed)

$(READY): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Longstop needs Python 3.11 or newer with its venv module (Debian: python3-venv)." \
		"None was found; name one with make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) from requirements-dev.lock (once; about a minute) ..." >&2
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

run: $(READY) ## Start the demo: a house with its pages, mail, Slack and a clock; nothing leaves this machine
	@exec $(BIN)/longstop demo --data-dir .demo/$$(date +%F)

demo: run ## The same as run

test: $(READY) ## Run the default tests (some minutes)
	@$(PYTEST) --numprocesses 3 --dist worksteal $(TESTS)

test-postgres: $(READY) ## The same tests on PostgreSQL: starts a server of its own from the installed binaries
	@$(PYTEST) --numprocesses 2 --dist worksteal --database postgres -m "$(QUICK)" $(TESTS)

check: check-static test ## Format, lint, types, import contracts, docs-lag, then the tests

check-static: $(READY) ## The part of check without the tests
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted; run: make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(PYTEST) tests/house/test_docs.py

processes: $(READY) ## Kill real processes, compare what the servers hold: make processes KILL_SECONDS=300
	@KILL_SECONDS=$(KILL_SECONDS) $(PYTEST) -m processes $(TESTS)

browser: $(READY) ## Every page and the main journeys in a real Chromium, judged by axe-core (Debian: apt-get install chromium)
	@$(PYTEST) -m browser tests/browser $(TESTS)

rights: $(READY) ## Knock at every door in every role, and look for what is restricted (some minutes)
	@$(PYTEST) -m rights --numprocesses 2 --dist worksteal $(TESTS)

rehearsal: $(READY) ## Walk a real register through decades under a virtual clock (some minutes)
	@$(PYTEST) -m rehearsal $(TESTS)

peers: $(READY) $(PEERS)/.ready ## Let other calendar programs subscribe to our feeds (libical3 and node are used where they are)
	@$(PYTEST) -m peers tests/peers $(TESTS)

$(PEERS)/.ready: requirements-peers.lock tests/peers/package-lock.json
	@echo "Setting up $(PEERS) from requirements-peers.lock (once) ..." >&2
	@test -x $(PEERS)/bin/python || $(BIN)/python -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check --no-input --quiet --quiet install --require-hashes \
		--requirement requirements-peers.lock
	@! command -v npm >/dev/null || (cd tests/peers && npm ci --silent)
	@touch $@

simulate: $(READY) ## Run the whole engine under faults: make simulate SEEDS=10000 [LEVELS=3] [DATABASE=postgres], or PLAN='...'
ifdef PLAN
	@$(BIN)/python -m tests.simulation --database $(DATABASE) --plan '$(PLAN)'
else
	@$(BIN)/python -m tests.simulation --database $(DATABASE) --levels "$(LEVELS)" --seeds $(SEEDS)
endif

bench: $(READY) ## Measure against peers, side by side: make bench T="T1 T14" (all without T)
	@$(BIN)/python -m bench $(T)

format: $(READY) ## Format the code and mend what the linter can mend
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format --quiet .

screenshots: $(READY) ## Take the pictures of the README and of docs/pages.md (wants Chromium; some minutes); PAGES="--wide 390 --dark --out DIR /deadlines" takes others
	@$(BIN)/python .ci/screenshots.py $(PAGES)
	@test -n "$(PAGES)" || $(BIN)/python -m tests.browser.pictures

story: $(READY) ## Take the pictures of docs/a-relationship.md (wants Chromium)
	@$(BIN)/python -m tests.browser.lived

docs: $(READY) ## Write what is made from the code: docs/settings.md
	@$(BIN)/python -c 'from config.settings_docs import documented; open("docs/settings.md", "w").write(documented())'

lock: $(READY) ## Resolve the lock files anew: the image's, the wheel's, and everything's
	@$(LOCK) --extra oidc --extra postgres --output-file requirements.lock pyproject.toml
	@$(LOCK) --all-extras --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@$(LOCK) --only-build-deps --build-deps-for wheel --constraint requirements-dev.lock \
		--output-file requirements-build.lock pyproject.toml
	@$(LOCK) --output-file requirements-peers.lock requirements-peers.in
