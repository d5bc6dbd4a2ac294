# The commands of the README. Each makes what it needs and can be run again; a second run reuses the environment.
# PYTHON: the interpreter the environment is made with (3.11 or newer).  PLUMBLINE_HOME: where weights and data lie.

PYTHON ?= python3
BIN := .venv/bin
LOCK := requirements/lock.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export TOKENIZERS_PARALLELISM := false

.DEFAULT_GOAL := help
.PHONY: help demo test check format environment torch weights browser lock clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*##/\t/' | expand -t 14

demo: environment weights ## two annual reports of a demo company: five questions answered, a report built
	@$(BIN)/python data/demo.py

test: environment torch weights browser ## all tests
	@$(BIN)/python -m pytest

check: environment torch ## style, types, import rules and the fast tests (under two minutes)
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target types style rules fast

.PHONY: style types rules fast
style:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types:
	@$(BIN)/mypy

rules:
	@$(BIN)/lint-imports

fast:
	@$(BIN)/python -m pytest -m "not slow and not browser"

format: environment ## let ruff mend style and imports
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

environment: ## .venv with the locked packages and this project
	@$(PYTHON) requirements/install.py lock

torch: environment
	@$(BIN)/python requirements/install.py torch

weights: environment ## the packaged models, under PLUMBLINE_HOME
	@$(BIN)/plumbline models install

browser: environment
	@$(BIN)/python requirements/install.py browser

lock: ## resolve the lock anew (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-package torch \
	  --extra app --extra google --extra dev --custom-compile-command "make lock" \
	  pyproject.toml requirements/extra.in -o $(LOCK)

clean: ## remove the environment and what tools have cached (never PLUMBLINE_HOME)
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
