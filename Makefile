# One place for the commands of the house. Each target stands alone on a fresh clone: Python >= 3.11,
# pip and make are enough. `make help` lists them.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint browser bench soak interop validation clean spark

# The first interpreter that runs and is new enough; override with `make PYTHON=/path/to/python`.
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
DEV := $(VENV)/.installed-dev

# The tests are shared out, file by file, among so many processes: `make test WORKERS=4`.
WORKERS := 2
SHARED := -n $(WORKERS) --dist loadfile --no-loadscope-reorder

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## make the demonstration plant and open it in the browser
	$(BIN)/daytwo demo

test: lint browser spark ## everything CI asks: lint, the tests on SQLite, then the record on PostgreSQL
	$(BIN)/pytest $(SHARED)
	DAYTWO_TEST_DATABASE=postgresql $(BIN)/pytest $(SHARED) tests/record tests/doors/api \
		tests/insight/facts/test_follow.py

lint: $(DEV) ## ruff, format, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(DEV) spark ## what it costs, as ratios measured in one run
	$(BIN)/python -m bench

soak: $(DEV) ## kill the server 200 times under load; nothing acknowledged may be lost
	$(BIN)/python -m soak

# pm4py is AGPL: it gets an environment of its own and is in none of our locks.
INTEROP := build/interop

interop: $(DEV) $(INTEROP)/.installed ## pm4py reads our object-centric logs, we read its copies: the same counts
	$(BIN)/python -m tests.interop.check

$(INTEROP)/.installed: | $(BIN)/python
	@$(PYTHON) -m venv $(INTEROP)
	@$(INTEROP)/bin/python -m pip install --quiet --no-input 'pm4py>=2.7.11,<3'
	@touch $@

validation: $(DEV) ## requirement, tests, result: build/validation.md and .json
	$(BIN)/python -m pytest $(SHARED) -p tests.validation_plugin

clean: ## remove what make made (never a data directory)
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A browser is the only thing from outside Python that a test wants. It is never a must: without
# one, the tests that need it skip and say so.
browser:
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then \
		echo "Installing chromium for the browser tests (Debian package, once)."; \
		{ export DEBIAN_FRONTEND=noninteractive; \
		  timeout 120 apt-get update -qq; \
		  timeout 600 apt-get install -y -qq --no-install-recommends chromium; \
		} >/dev/null 2>&1 </dev/null || true; \
	fi
	@command -v chromium >/dev/null \
		|| echo "NOTE: no chromium on PATH: the browser tests will be SKIPPED."

# Spark wants Java, which pip cannot bring. It is never a must either, and not small: it comes only
# where there is a Java to run it.
SPARK := $(VENV)/.installed-spark

spark: $(DEV)
	@if ! command -v java >/dev/null; then \
		echo "NOTE: no java on PATH: the tests on Spark will be SKIPPED."; \
	elif [ ! $(SPARK) -nt requirements-spark.lock ]; then \
		echo "Installing requirements-spark.lock into $(VENV)"; \
		pip="$(pip)"; $$pip install --quiet --no-input --require-hashes -r requirements-spark.lock \
			&& touch $(SPARK) \
			|| echo "NOTE: Spark was not installed: the tests on it will be SKIPPED."; \
	fi

# ------------------------------------------------------------------ the environment
# Versions and hashes come from the lock, the build backend too; only then the project itself,
# built without an isolated environment. A change of lock or pyproject installs again.

$(RUNTIME): pyproject.toml requirements.lock | $(BIN)/python
	$(call install,requirements.lock)
	@touch $@

$(DEV): pyproject.toml requirements-dev.lock | $(BIN)/python
	$(call install,requirements-dev.lock)
	@touch $@

# Some systems ship venv without ensurepip: then the outer pip fills the environment.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 found; name one: make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)

pip = $$($(BIN)/python -c 'import pip' 2>/dev/null && echo "$(BIN)/python -m pip" \
	|| echo "$(PYTHON) -m pip --python $(BIN)/python")

define install
@echo "Installing $(1) into $(VENV)"
@pip="$(pip)"; $$pip install --quiet --no-input --require-hashes -r $(1) \
	&& $$pip install --quiet --no-input --no-deps --no-build-isolation --editable .
endef
