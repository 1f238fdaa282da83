# make run | test | check | bench: each sets up all it needs in .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# What Python compiles it keeps: the tests start the program a thousand times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench format docs clean

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $@

run: $(READY)  ## read the sample, or COLLECTION=folder
	$(BIN)/reader $(COLLECTION)

test: $(READY)  ## all tests; ARGS="-k name" picks some
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(READY)  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## measure; ARGS="--million" adds the largest corpus
	$(BIN)/python -m tests.benchmarks $(ARGS)

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)  ## README's key table and screenshot, and the manual page, made from the program
	$(BIN)/python -m tests.readme

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
