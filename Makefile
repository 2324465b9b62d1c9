# Everything a newcomer needs: `make demo` and `make test`. Only Python 3.11+, git and a package index are assumed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
SPARK_STAMP := $(VENV)/.spark-installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test test-spark check format lock serve clean tools

help:  ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "churnwatch needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make virtual environments; on Debian: apt install python3-venv"; exit 1; }

$(RUN_STAMP): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what churnwatch needs into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	@echo "Installing what the tests need …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(SPARK_STAMP): requirements-spark.lock $(DEV_STAMP)
	@echo "Installing PySpark, about 450 MB …"
	@$(PIP) install --require-hashes -r requirements-spark.lock
	@touch $@

demo: $(RUN_STAMP)  ## Build a synthetic agency and run everything on it
	@$(BIN)/churnwatch demo

serve: $(RUN_STAMP)  ## Serve the demo's API and page
	@$(BIN)/churnwatch serve --config data/demo/churnwatch.toml

tools: $(DEV_STAMP)  ## What tests need beside Python: a browser, a PostgreSQL server
	@sh tests/install-tools.sh

test: $(DEV_STAMP) tools  ## Set everything up and run all tests
	@$(BIN)/python -m pytest

test-spark: $(SPARK_STAMP)  ## Run the tests of the Spark engine, on executors of their own (needs Java 17)
	@sh tests/install-tools.sh spark
	@$(BIN)/python -m pytest -m spark tests/spark

check: $(DEV_STAMP)  ## Format, lint, types, import layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(DEV_STAMP)  ## Format and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(DEV_STAMP)  ## Resolve the locked dependencies anew (uv; written without the index's address)
	@$(PIP) install uv
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra postgresql --group build -o requirements.lock pyproject.toml
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra postgresql --group build --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	@printf 'pyspark>=4.1\n' | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements-dev.lock -o requirements-spark.lock -

clean:  ## Remove the virtual environment and the demo's files
	@rm -rf $(VENV) data/demo
