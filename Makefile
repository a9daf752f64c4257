# Run `make` to see what there is.  Works with GNU make 3.81 or newer.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
BUILD = build
SPHINXOPTS ?=
PORT ?= 8000
# One more than there are cores, since some tests wait for a browser.
JOBS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
PYTEST = $(BIN)/python -m pytest -n $(JOBS) --dist worksteal

# Each builder has doctrees of its own, outside its output.
sphinx = $(BIN)/python -m sphinx -b $(1) -d $(BUILD)/doctrees/$(1) -c . $(SPHINXOPTS) source $(BUILD)/$(1)

.DEFAULT_GOAL := help
.PHONY: help html epub pdf downloads site check live linkcheck test test-long lint prose format bench lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -e 's/:.*## /|/' | awk -F '|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

html: $(VENV)/docs ## Build the site to build/html
	$(call sphinx,html)

epub: $(VENV)/docs ## Build the ePub to build/epub; GUIDEBOOK=id for one guidebook's
	$(call sphinx,epub) $(if $(GUIDEBOOK),-D stepwise_guidebook=$(GUIDEBOOK))

pdf: $(VENV)/docs ## Build the PDF to build/pdf; GUIDEBOOK=id for one guidebook's
	$(BIN)/python -m sphinx -b stepwise-pdf -d $(BUILD)/doctrees/pdf -c . \
	  $(if $(GUIDEBOOK),-D stepwise_guidebook=$(GUIDEBOOK)) $(SPHINXOPTS) source $(BUILD)/pdf

downloads: $(VENV)/docs ## Build ePub and PDF of the toolkit and of every guidebook
	rm -f $(BUILD)/epub/*.epub $(BUILD)/pdf/*.pdf
	$(MAKE) epub pdf
	for guide in $$($(BIN)/stepwise list guidebook | cut -d ' ' -f 1); do \
	  $(MAKE) epub pdf GUIDEBOOK=$$guide || exit 1; \
	done

site: downloads ## Build all of these, then the site that offers them
	$(MAKE) html

check: $(VENV)/docs ## Check all pages and data in a moment, without building
	@$(BIN)/stepwise check

live: $(VENV)/docs ## Serve at localhost:8000, build on every save, show what is wrong
	@$(BIN)/python -m sphinx_stepwise.live --watch schemas --watch ext --port $(PORT) \
	  --doctrees $(BUILD)/doctrees/live source $(BUILD)/live -- $(SPHINXOPTS)

linkcheck: $(VENV)/docs ## Ask every outside address whether it still answers
	$(call sphinx,linkcheck)

test: $(VENV)/dev ## Run the tests (a few minutes)
	$(PYTEST)

test-long: $(VENV)/dev ## Run the long proof as well; SEEDS=n sets how long
	$(PYTEST) -m long

lint: $(VENV)/dev ## Check the code's style and types, spelling, and changed prose
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell source docs tests/prose *.md
	$(BIN)/zizmor --quiet --offline --persona pedantic .github
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.readthedocs .readthedocs.yaml
	$(BIN)/python tests/prose $(shell git rev-parse -q --verify origin/main >/dev/null 2>&1 && echo --changed-since origin/main)

prose: $(VENV)/dev ## Check the words of every page
	$(BIN)/python tests/prose

format: $(VENV)/dev ## Put the code in its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev ## Measure builds and checks against each other
	$(BIN)/python benchmarks/builds.py
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/live.py

lock: $(VENV)/dev ## Choose newer versions of all packages
	$(BIN)/python -m pip install --quiet --group lock
	$(BIN)/python -m uv pip compile --upgrade $(LOCK) pyproject.toml --group docs -o requirements/docs.txt
	$(BIN)/python -m uv pip compile --upgrade $(LOCK) --group check -c requirements/docs.txt -o requirements/check.txt
	$(BIN)/python -m uv pip compile --upgrade $(LOCK) pyproject.toml --group dev -c requirements/docs.txt -o requirements/dev.txt

LOCK = --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11

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
