# Every chore by name. `make demo` and `make test` need only Python 3.11 or newer, pip and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help demo test lint uncompiled soak bench validation clean
.DEFAULT_GOAL := help

help:
	@echo "make demo        install into $(VENV), run the shipped raid, write results and a report"
	@echo "make test        install and run all checks"
	@echo "make uncompiled  kernels as plain Python, with coverage"
	@echo "make lint        formatting, lint and types alone"
	@echo "make bench       time and memory against other programs"
	@echo "make soak        the long checks"
	@echo "make validation  rebuild docs/validation.md from the tests"

# Install with uv where it is present, else with pip.
define install
	@test -x $(BIN)/python || (command -v uv >/dev/null && uv venv -q --python $(PYTHON) $(VENV)) || $(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null; then uv pip install -q --python $(BIN)/python -e ".$(1)"; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check -e ".$(1)"; fi
	@touch $@
endef

$(VENV)/.run: pyproject.toml
	@echo "installing into $(VENV) ..."
	$(call install,)

$(VENV)/.test: pyproject.toml
	@echo "installing into $(VENV), with what the tests need ..."
	$(call install,[test])

$(VENV)/.bench: pyproject.toml
	$(call install,[test,bench])

test: $(VENV)/.test lint
	$(BIN)/python -m pytest

# Kernels as plain Python, which is what a debugger and a coverage count can see. What only takes long there is left out.
uncompiled: $(VENV)/.test
	OPENDOME_COMPILE=0 $(BIN)/coverage run -m pytest tests/unit tests/repeat/test_plain_python.py -m "not compiled"
	$(BIN)/coverage report

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/mypy
