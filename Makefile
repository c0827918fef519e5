# `make` prints what there is. Needs Python 3.11 or later, make and git; bin/uv fetches uv when it is missing.
# `run` and `test` share .venv: --inexact leaves the other's packages in place, so nothing is installed back and forth.
UV := bin/uv
BIN := .venv/bin
TEMPLATES = $$(find sangto -name '*.html')
export DJANGO_SETTINGS_MODULE := sangto.config.settings

.DEFAULT_GOAL := help
# As many processes as there are cores, each with a database of its own; a file's tests stay together, long files first.
SIDE_BY_SIDE := -n auto --dist loadfile --no-loadscope-reorder
BENCH := bench.normal_form bench.guard_quality bench.grouping bench.ask bench.ledger bench.pages
.PHONY: help run test check peers faults fuzz mutants bench bench-matching train fix lock messages screenshots env env-test

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: env  ## the demo desk: web and worker in one process; prints the address and how to sign in
	@$(BIN)/sangto demo

test: check peers  ## everything: check, tests on SQLite, database-facing tests on PostgreSQL, journeys in Chromium
	$(BIN)/python -m pytest -m "not browser" $(SIDE_BY_SIDE)
	$(BIN)/python -m tests.postgres $(SIDE_BY_SIDE)
	$(BIN)/python -m pytest -m browser

check: env-test  ## format, lint, types, import contracts, known flaws, migrations, translations, documents
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/djade --check $(TEMPLATES)
	$(BIN)/mypy && $(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r sangto && $(BIN)/python -m tests.audit
	$(BIN)/python -m django makemigrations --check --dry-run && $(BIN)/python -m django check --fail-level WARNING
	$(BIN)/python -m tests.translations check && $(BIN)/python -m pytest -q tests/test_docs.py

peers: env-test  ## make .venv-peers: software by other people that reads our log (and say what is missing)
	@$(BIN)/python -m tests.ledger.peers.environment

faults: env-test  ## kill, starve and mislead desks on both databases, and judge what they keep (FAULTS="--quick" for a part)
	$(BIN)/python -m tests.faults $(FAULTS)

fuzz: env-test  ## feed every parser with nonsense, and a running desk (SECONDS=300 in all)
	$(UV) sync --locked --inexact --group fuzz
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),300)

mutants: env-test  ## change the log's code in every small way and see whether a test notices (MUTATE="a_file*" for a part)
	$(UV) sync --locked --inexact --group mutants
	CI=true $(BIN)/mutmut run --max-children 2 $(MUTATE)
	$(BIN)/mutmut export-cicd-stats && cat mutants/mutmut-cicd-stats.json

bench:  ## the parts one by one: normal form, contradictions, grouping, an answer among 50,000, the log, pages
	$(UV) sync --locked --inexact --group bench
	@for each in $(BENCH); do echo "== $$each"; $(BIN)/python -m $$each || exit 1; done

bench-matching:  ## the engine beside its peers: quality, decisions, speed (QUICK=1 for two minutes)
	$(UV) sync --locked --inexact --group bench
	$(BIN)/python -m bench.matching $(if $(QUICK),--quick)

train:  ## train the ranker and the decider anew, from public sets (SANGTO_DATA) and our own
	$(UV) sync --locked --inexact --group bench
	$(BIN)/python -m bench.train

fix: env-test  ## format, and repair what can be repaired by machine
	$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format . ; $(BIN)/djade $(TEMPLATES)

messages: env-test  ## bring the translation catalogues up to date with the code
	$(BIN)/python -m tests.translations update

screenshots: env-test  ## take the pictures of docs/use anew
	$(BIN)/python -m tests.screenshots

lock:  ## renew uv.lock
	$(UV) lock --upgrade

env:
	@$(UV) sync --locked --inexact --no-dev

env-test:
	@$(UV) sync --locked --inexact
