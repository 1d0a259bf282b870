# Two commands do everything on a fresh machine: `make demo` and `make test`. Each sets itself up.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
ROOM   ?=

export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
export PYTHONDONTWRITEBYTECODE :=  # the suite starts hundreds of processes

.PHONY: help demo test slowest bench faults pictures handbook year kit lint lock clean
help:
	@echo "make demo [ARGS=--no-serve]   the real plan, replayed and served on a demo clock"
	@echo "make test                     lint, types, import contracts and all tests"
	@echo "make test ROOM=tasks/deeds    the tests of one room, without the lint"
	@echo "make slowest                  all tests, and the slowest of them into docs/tests.md"
	@echo "make bench                    the figures of docs/figures.md, measured here"
	@echo "make faults                   every fault that must be survived, also those that take long"
	@echo "make pictures                 the pictures of docs/ [ARGS='--only desk'] [ARGS='--only prefect']"
	@echo "make handbook                 the pictures of docs/handbook, and its text in traditional characters"
	@echo "make year                     a year of the demonstration as five bodies lived it, into docs/year-2014.md"
	@echo "make kit                      one file that installs duban without any network"
	@echo "make lint                     lint, types and import contracts only"
	@echo "make lock                     choose versions anew and write the lock files"

# The lock is whole, so nothing is left to resolve: --no-deps, and `pip check` says so.
$(VENV)/.runtime: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	$(BIN)/python -m pip check --quiet
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	touch $@

demo: $(VENV)/.runtime
	$(BIN)/duban demo $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/lint-imports --config pyproject.toml

test: $(if $(ROOM),$(VENV)/.dev,lint)
	$(BIN)/python -m pytest -n logical $(addprefix tests/,$(ROOM)) $(ARGS)

slowest: $(VENV)/.dev
	$(BIN)/python -m tests.slowest $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench $(ARGS)

faults: $(VENV)/.dev
	$(BIN)/python -m tests.faults $(ARGS)
	$(BIN)/python -m tests.faults.costly

pictures: $(VENV)/.dev
	$(BIN)/python -m tests.browser.pictures $(ARGS)

handbook: $(VENV)/.dev
	$(BIN)/python -m tests.handbook $(ARGS)

year: $(VENV)/.dev
	$(BIN)/python -m tests.year $(ARGS)

kit: $(VENV)/.runtime
	deploy/kit.sh $(BIN)/python dist

lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --no-annotate --quiet --output-file requirements.lock
	$(VENV)-lock/bin/uv pip compile pyproject.toml --group dev --constraint requirements.lock \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-strip-extras --quiet --output-file requirements-dev.lock
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
