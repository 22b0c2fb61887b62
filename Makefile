# make run    the product on http://127.0.0.1:8000 (PORT= changes it), installed, migrated and seeded
# make test   the tests (PYTEST_ARGS= for pytest)
# make lint   style, import contracts, types, templates
# make bench  what pages cost, on PostgreSQL where there is one, else on SQLite (BENCH_ARGS=--quick)

PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
# Errors only: every version is pinned, and pip's warnings are about the machine.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-deps

.PHONY: run setup test lint bench
.DEFAULT_GOAL := run

$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Second Look needs Python 3.11 or newer: make PYTHON=…")'
	@echo "Installing what requirements.txt pins (once, under a minute)."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what requirements-dev.txt pins (once)."
	@$(PIP) -r requirements-dev.txt
	@touch $@

# Development's own configuration; production reads the environment (docs/deploy.md).
.env:
	@printf 'DEVELOPMENT=1\nSECRET_KEY=%s\n' "$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))')" > $@

setup: $(VENV)/.runtime .env
	@$(BIN)/python manage.py createcachetable --verbosity 0
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py seed --demo

run: setup
	@echo "Second Look: http://127.0.0.1:$(PORT)"
	@BASE_URL=http://127.0.0.1:$(PORT) DJANGO_RUNSERVER_HIDE_WARNING=true \
		$(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: $(VENV)/.development
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy apps config benchmarks tests
	$(BIN)/djlint --check --lint templates apps

bench: $(VENV)/.development
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)
