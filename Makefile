# make run    the product on http://127.0.0.1:8000 (PORT= changes it), installed, migrated and seeded
# make test   the tests
# make lint   style, types, import contracts, templates
# make bench  requests per second, on PostgreSQL when BENCH_DATABASE_URL names one, else on SQLite

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run setup test lint bench
.DEFAULT_GOAL := run

$(VENV)/.runtime: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-dev.txt
	@touch $@

# Development's own configuration; production reads the environment (docs/deploy.md).
.env:
	@printf 'DEVELOPMENT=1\nSECRET_KEY=%s\n' "$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))')" > $@

setup: $(VENV)/.runtime .env
	@$(BIN)/python manage.py createcachetable
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py seed --demo

run: setup
	@echo "Second Look: http://127.0.0.1:$(PORT)"
	@BASE_URL=http://127.0.0.1:$(PORT) $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: $(VENV)/.development
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy apps config
	$(BIN)/djlint --check --lint templates

bench: $(VENV)/.development
	$(BIN)/python -m benchmarks
