# Every chore by name. `make demo` and `make test` need only Python 3.11 or newer, pip and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RESULTS := results/gulf-2026

.PHONY: help demo test web lint uncompiled formats soak bench validation clean
.DEFAULT_GOAL := help

help:
	@echo "make demo        install into $(VENV), run the shipped raid, write results and a report"
	@echo "make test        install and run all checks"
	@echo "make web         types and tests of the page, and the page built anew"
	@echo "make lint        lint and types alone"
	@echo "make uncompiled  kernels as plain Python, with coverage"
	@echo "make soak        the long checks"
	@echo "make bench       time and memory against other programs"
	@echo "make formats     rebuild the pages and the schema that are made from the code"
	@echo "make validation  rebuild docs/validation.md from the tests"
	@echo "make clean       remove what these made, results excepted"

# Install with uv where it is present, else with pip. The marker says what is installed and is younger than
# pyproject.toml; the environment itself is made once, before any of them.
$(BIN)/python:
	@if command -v uv >/dev/null; then uv venv -q --python $(PYTHON) $(VENV); else $(PYTHON) -m venv $(VENV); fi

comma := ,

define install
	@echo "installing into $(VENV) ..."
	@if command -v uv >/dev/null; then uv pip install -q --python $(BIN)/python -e ".$(1)"; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check -e ".$(1)"; fi
	@touch $@
endef

# The page is built by the install, and built again when its sources are newer.
PAGE := hatch_build.py $(wildcard web/*.json web/*.html web/*.ts) $(shell find web/src -type f)

$(VENV)/.run: pyproject.toml $(PAGE) | $(BIN)/python
	$(call install,)

$(VENV)/.test: pyproject.toml | $(VENV)/.run
	$(call install,[test])

$(VENV)/.bench: pyproject.toml | $(VENV)/.test
	$(call install,[test$(comma)bench])

demo: $(VENV)/.run
	$(BIN)/opendome run gulf-2026 --runs 200 --seed 7 --out $(RESULTS)
	$(BIN)/opendome report $(RESULTS)
	@echo
	@echo "What next:"
	@echo "  open $(RESULTS)/report.html in a browser      the report, with the run inside"
	@echo "  $(BIN)/opendome view $(RESULTS)             the run on a globe, step by step"
	@echo "  $(BIN)/opendome studio gulf-2026                   the same as a form: change numbers, run, compare"
	@echo "  $(BIN)/opendome show gulf-2026                     what is in the scenario"
	@echo "  $(BIN)/opendome copy gulf-2026 my.toml             your own copy, to edit"
	@echo "  $(BIN)/opendome check my.toml                      every mistake in it at once"
	@echo "  $(BIN)/opendome run my.toml --out results/my"

test: lint
	$(BIN)/python -m pytest -m "not soak" -n auto --dist loadfile

# Kernels as plain Python, which is what a debugger and a coverage count can see. What only takes long there is left out.
uncompiled: $(VENV)/.test
	@mkdir -p build
	OPENDOME_COMPILE=0 $(BIN)/coverage run -m pytest tests/unit tests/repeat/test_plain_python.py -m "not compiled"
	$(BIN)/coverage report

web: $(VENV)/.test
	$(BIN)/python hatch_build.py check
	$(BIN)/python hatch_build.py

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/mypy

soak: $(VENV)/.test
	HYPOTHESIS_PROFILE=searching $(BIN)/python -m pytest tests/property
	$(BIN)/python -m pytest -m soak tests/surface

bench: $(VENV)/.bench
	@for script in $$(grep -l __main__ benchmarks/*.py); do echo "== $$script"; $(BIN)/python $$script || exit 1; done

formats: $(VENV)/.test
	$(BIN)/python docs/make_formats.py
	$(BIN)/python docs/make_packs.py
	$(BIN)/python docs/make_checked.py

validation: $(VENV)/.test
	$(BIN)/python docs/make_validation.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
