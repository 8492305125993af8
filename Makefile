# `make demo` and `make test` are all a fresh machine needs: Python 3.11+, make and git.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
BROWSER_CODE := bot/web/static/vendor/age.js
PIP := $(BIN)/python -m pip --disable-pip-version-check

# The third works while others wait for a browser, a server or a program that they started.
WORKERS ?= 3

# What is started often isn't compiled each time, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check suite soak bench handbook lock clean
demo: $(VENV)/run.stamp
	@$(BIN)/caunoi demo --port $(PORT)

test: $(VENV)/test.stamp
	@tools/install-test-programs
	$(MAKE) --no-print-directory -j 2 check suite

suite: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n $(WORKERS) --maxschedchunk 8 --cov --cov-report=
	@$(BIN)/python -m coverage report --fail-under=95

check: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

soak: $(VENV)/test.stamp
	YEAR_PEOPLE=1000 $(BIN)/python -m pytest tests/jobs/test_year.py

bench: $(VENV)/test.stamp $(VENV)/bench.stamp
	@tools/install-test-programs
	$(BIN)/python -m tests.bench

handbook: $(VENV)/test.stamp
	@tools/install-test-programs --with-fonts
	$(BIN)/python -m tools.handbook

# Locks with hashes and without any index's address.
lock: $(VENV)/test.stamp
	$(PIP) install --quiet uv
	cd requirements && for part in run test bench node; do \
	  ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --upgrade \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate $$part.in -o $$part.txt; done
	tools/build-browser-code --lock

clean:
	rm -rf $(VENV) $(dir $(BROWSER_CODE)) .pytest_cache .mypy_cache .ruff_cache .hypothesis data/demo

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/bin/python $(BROWSER_CODE)
	$(PIP) install --quiet --require-hashes -r requirements/run.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Node.js may have to be installed for it, from requirements/node.txt.
$(BROWSER_CODE): tools/build-browser-code $(wildcard bot/web/vendor/*) bot/web/vendor/.npmrc requirements/node.txt \
  | $(VENV)/bin/python
	@tools/build-browser-code

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	$(PIP) install --quiet --require-hashes -r requirements/test.txt
	@touch $@

# What sending is measured beside has an environment of its own: see requirements/bench.in.
$(VENV)/bench.stamp: requirements/bench.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r $<
	@touch $@
