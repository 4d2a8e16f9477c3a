# Everything a newcomer needs: `make demo`, `make test`. Both make their own
# virtual environment in .venv; a second run reuses it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LINTED := src tests benchmarks scripts docs/images/draw.py
NATIVE := CMakeLists.txt $(wildcard native/*.hpp native/bindings/*)

.PHONY: demo test check lint format bench clean

demo: $(VENV)/.installed
	$(BIN)/steadyhue demo -o demo --force
	@echo "Open demo/index.html"

test: $(VENV)/.developed
	$(BIN)/python -m pytest -q

check: lint test

lint: $(VENV)/.developed
	$(BIN)/clang-format --dry-run --Werror native/*.hpp native/bindings/*
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/ruff check $(LINTED)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell $(LINTED) native docs *.md

format: $(VENV)/.developed
	$(BIN)/clang-format -i native/*.hpp native/bindings/*
	$(BIN)/ruff check --fix $(LINTED)
	$(BIN)/ruff format $(LINTED)

bench: $(VENV)/.benched
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/quality.py

clean:
	rm -rf $(VENV) build demo src/steadyhue/_native/_ext.pyi

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml $(NATIVE)
	$(BIN)/python -m pip install -q -e .
	@touch $@

$(VENV)/.developed: $(VENV)/.installed
	$(BIN)/python -m pip install -q -e '.[dev]'
	@touch $@

$(VENV)/.benched: $(VENV)/.developed
	$(BIN)/python -m pip install -q -e '.[bench]'
	@touch $@
