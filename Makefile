# Run `make` to see what there is.  Works with GNU make 3.81 or newer.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
BUILD = build
SPHINXOPTS ?=
PYTEST = $(BIN)/python -m pytest

# Each builder has doctrees of its own, outside its output.
sphinx = $(BIN)/python -m sphinx -b $(1) -d $(BUILD)/doctrees/$(1) -c . $(SPHINXOPTS) source $(BUILD)/$(1)

.DEFAULT_GOAL := help
.PHONY: help html epub check live linkcheck test test-long lint prose format bench lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -e 's/:.*## /|/' | awk -F '|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

html: $(VENV)/docs ## Build the site to build/html
	$(call sphinx,html)

epub: $(VENV)/docs ## Build the ePub to build/epub
	$(call sphinx,epub)

check: $(VENV)/docs ## Check all pages and data in a moment, without building
	@$(BIN)/stepwise check

live: $(VENV)/docs ## Build, serve at localhost:8000 and rebuild on every save
	$(BIN)/python -m sphinx_autobuild -b html -d $(BUILD)/doctrees/live -c . \
	  --watch schemas --watch ext --watch pyproject.toml --ignore "*/__pycache__/*" $(SPHINXOPTS) source $(BUILD)/live

linkcheck: $(VENV)/docs ## Ask every outside address whether it still answers
	$(call sphinx,linkcheck)

test: $(VENV)/dev ## Run the tests (about four minutes)
	$(PYTEST) -n auto

test-long: $(VENV)/dev ## Run the long proof as well; SEEDS=n sets how long
	$(PYTEST) -n auto -m long

lint: $(VENV)/dev ## Check the code's style and types, spelling, and changed prose
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell source docs tests/prose *.md
	$(BIN)/python tests/prose $(shell git rev-parse -q --verify origin/main >/dev/null 2>&1 && echo --changed-since origin/main)

prose: $(VENV)/dev ## Check the words of every page
	$(BIN)/python tests/prose

format: $(VENV)/dev ## Put the code in its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev ## Measure builds and checks against each other
	$(BIN)/python benchmarks/builds.py

lock: $(VENV)/dev ## Choose newer versions of all packages
	$(BIN)/python -m pip install --quiet --group lock
	$(BIN)/python -m uv pip compile --upgrade $(LOCK) --group docs -o requirements/docs.txt
	$(BIN)/python -m uv pip compile --upgrade $(LOCK) --group dev -c requirements/docs.txt -o requirements/dev.txt

LOCK = --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 pyproject.toml

clean: ## Delete everything built; keep the environment
	rm -rf $(BUILD)

# The stamps are files: an environment is made once and again when its lock changes.
$(VENV)/docs: requirements/docs.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/docs.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/docs
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@
