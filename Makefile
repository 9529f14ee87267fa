# Everything that a developer does here. `make` alone lists it.
# Needs Python 3.11 or newer and make; the rest comes into .venv from requirements.lock.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$each; break; }; done)
JOBS ?= 2
CASES ?= 100000
SEED ?= 20261121
TIER ?= quick
SIZE ?= small
BIN := .venv/bin
STAMP := .venv/installed
BENCH_STAMP := .venv/installed-for-bench
LOCALE := src/intarsia/locale
LANGUAGES := ru pl cs fa
LOCKED := reports demo dev docs torture
RESOLVE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help install demo check test prove torture bench docs lint types security dependencies tests site \
	reference messages lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

install: $(STAMP) ## make .venv with what requirements.lock names, and intarsia itself
	@echo "install: .venv is what requirements.lock asks for"

$(STAMP): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "intarsia needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python3" >&2; exit 1; fi
	@echo "install: an environment in .venv from requirements.lock (about a minute, 1 GB)"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "the environment could not be made: on Debian and Ubuntu install the package python3-venv first" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $(STAMP)

demo: $(STAMP) ## load the demo data, evaluate its segments, show and write the report
	@echo "demo: the Complete Journey shop, from its package to a report"
	@$(BIN)/intarsia demo

check: lint types security dependencies tests ## all that must hold before a change is kept
	@echo "check: all of it holds"

test: $(STAMP) ## the quick half of the tests
	@echo "test: everything that is not marked slow"
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m "not slow"

prove: $(STAMP) ## 100,000 random rules and data sets: interpreter, DuckDB and kernel must agree (CASES=100000)
	@echo "prove: $(CASES) cases, SEED=$(SEED); each rule is answered by plain Python, by DuckDB and from columns"
	@INTARSIA_CASES=$(CASES) INTARSIA_SEED=$(SEED) $(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal \
		tests/engine/test_agreement.py
	@echo "prove: planted faults are noticed; entering and leaving, joined people and the ledger over many random lives"
	@INTARSIA_THOROUGH=1 $(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal tests/engine/test_planted_faults.py \
		tests/engine/test_planted_kernel_faults.py \
		tests/engine/test_moves_by_force.py tests/engine/test_next_changes.py tests/engine/test_refunds_at_random.py \
		tests/engine/test_plans.py tests/language/test_json_form.py \
		tests/engine/test_live.py tests/segment/test_present.py tests/engine/test_ahead_at_random.py \
		tests/engine/test_flips_at_random.py tests/language/test_ahead.py tests/language/test_flips.py \
		tests/language/test_moments.py tests/identity/test_random_walks.py tests/membership/test_random_shops.py \
		tests/membership/test_keeping_random_shops.py tests/membership/test_asked_later.py \
		tests/report/test_plans_of_random_shops.py \
		tests/analysis/test_backtest.py

torture: $(STAMP) ## kills, damage, bombs and chance against what is promised (TIER=long; ONLY="forks swaps")
	@echo "torture: each scenario says in one line of JSON what it found, and with which seed"
	@$(BIN)/python scripts/torture/run.py --tier $(TIER) --jobs $(JOBS) $(ONLY)

bench: $(BENCH_STAMP) ## measure speed and memory (SIZE=large: a million people; BENCH_FOLDER keeps the data)
	@echo "bench: numbers with their data size, machine and command"
	@$(BIN)/python bench/run.py $(SIZE)

$(BENCH_STAMP): $(STAMP) bench/requirements.lock
	@echo "bench: the peers from bench/requirements.lock (720 MB)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.lock
	@touch $(BENCH_STAMP)

docs: reference site ## rebuild the generated pages and the site (into site/)

lint: $(STAMP)
	@echo "lint: ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP)
	@echo "types: mypy --strict"
	@$(BIN)/mypy

security: $(STAMP)
	@echo "security: bandit"
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src scripts

dependencies: $(STAMP)
	@echo "dependencies: deptry"
	@$(BIN)/deptry src

tests: $(STAMP)
	@echo "tests: all of them, warnings are errors; at the end those that take longest"
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal --durations 40

site: $(STAMP)
	@echo "site: every page and every link between pages"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

reference: $(STAMP) ## rewrite the generated pages of docs/reference
	@echo "reference: commands, settings, errors, tables, from the code"
	@$(BIN)/python scripts/build_reference.py

messages: $(STAMP) ## collect the sentences to be translated, bring the catalogues up to date
	@echo "messages: $(LANGUAGES)"
	@mkdir -p $(LOCALE)
	@$(BIN)/pybabel --quiet extract --mapping pyproject.toml --keyword mark --keyword phrase --keyword N_ --keyword say \
		--keyword say_many:1,2 --no-location --no-wrap --sort-output --project intarsia --version 0 \
		--copyright-holder "The intarsia authors" --output $(LOCALE)/intarsia.pot src/intarsia
	@for each in $(LANGUAGES); do \
		if [ -f $(LOCALE)/$$each/LC_MESSAGES/intarsia.po ]; \
		then verb="update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date"; else verb=init; fi; \
		$(BIN)/pybabel --quiet $$verb --no-wrap --domain intarsia --locale $$each --output-dir $(LOCALE) \
			--input-file $(LOCALE)/intarsia.pot || exit 1; done
	@$(BIN)/pybabel --quiet compile --domain intarsia --directory $(LOCALE)

lock: ## resolve the dependencies of pyproject.toml (needs uv; UPGRADE=--upgrade takes newer ones)
	@echo "lock: requirements.lock, for every platform, with hashes and without the name of an index"
	@$(RESOLVE) $(UPGRADE) $(addprefix --extra ,$(LOCKED)) --output-file requirements.lock pyproject.toml
	@echo "lock: bench/requirements.lock, with what the peers need besides"
	@$(RESOLVE) $(UPGRADE) --extra bench --constraint requirements.lock --output-file bench/requirements.lock pyproject.toml

clean: ## remove what can be made again
	@rm -rf site dist .build .mypy_cache .pytest_cache .ruff_cache .hypothesis
