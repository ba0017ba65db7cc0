# Everything a contributor or a CI machine does. It needs make and one Python >= 3.11 with its venv module;
# all else is installed below .venv (to work in) and .venvs (uv, and the environments that only tests use).
#
# Settings: PYTHON=path/to/python   the Python of .venv; by default the newest on this machine
#           LOWEST=path/to/python   the oldest to test on; by default the oldest on this machine that is supported
#           PARTS=2                 how many parts of `make test` and `make check` run at a time; by default one per core
# Change the first two after `make clean`. uv and pip follow their own UV_* and PIP_* settings.

PYTHON ?=
LOWEST ?=
PARTS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

# Nothing of an environment that happens to be active may leak into ours, and no Python is ever downloaded.
# Every process would compile all of the package and of the tests again, if none kept what it compiles.
unexport PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE VIRTUAL_ENV
export UV_NO_PROGRESS := 1
export UV_PYTHON_DOWNLOADS := never

# uv does not read pip's settings: pass on the three that decide where packages come from.
ifeq ($(UV_DEFAULT_INDEX)$(UV_INDEX_URL),)
ifneq ($(PIP_INDEX_URL),)
export UV_DEFAULT_INDEX := $(PIP_INDEX_URL)
endif
endif
ifeq ($(UV_INDEX)$(UV_EXTRA_INDEX_URL),)
ifneq ($(PIP_EXTRA_INDEX_URL),)
export UV_INDEX := $(PIP_EXTRA_INDEX_URL)
endif
endif
# Trust whom the machine trusts, which a company's proxy needs; where it has no list, uv uses its own.
UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/cert.pem /etc/ssl/certs/*.pem /etc/pki/tls/certs/*),true,false)
export UV_SYSTEM_CERTS
ifeq ($(SSL_CERT_FILE),)
ifneq ($(PIP_CERT),)
export SSL_CERT_FILE := $(PIP_CERT)
endif
endif

BIN := .venv/bin
UV := .venvs/uv/bin/uv
FOUND := .venvs/pythons
CODE := $(wildcard src tests benchmarks examples scripts docs/conf.py conftest.py)
# One process for each part: several would each collect all tests, and tell the first of every single one.
PYTEST := -m pytest -q -p no:xdist
# Where a part is long and runs alone. By file: the examples of a page share their names, and tests their fixtures.
PYTEST_BY_TWO := -m pytest -q -n 2 --dist loadfile
# Laws, parity and trials draw much: they run without coverage, on the newest Python.
LAWS := tests/property tests/parity tests/trials tests/sql/test_hostile.py $(patsubst %,tests/history/test_%.py,\
	concurrency conflicts crashes damage full_disk model power_cuts tampering)
WITHOUT_LAWS := $(addprefix --ignore=,$(LAWS))
# Spark is installed in .venv alone, and starts once for all of its tests.
SPARK := tests/spark
WITHOUT_SPARK := --ignore=$(SPARK)
# What hangs on the oldest Python, attrs, cattrs or numpy; `make slow` runs all tests on the oldest Python, and all laws
# and all of parity with the oldest dependencies: here parity is that of the numpy engine, on a few thousand pairs.
AT_THE_FLOOR := src $(wildcard tests/test_*.py) tests/criteria tests/parity $(wildcard tests/batch) tests/golden/test_files.py tests/golden/test_golden.py \
	tests/importing/test_answers.py tests/importing/test_checking.py tests/importing/test_field_files.py
# SQL is text, and the databases that run it know no oldest dependencies.
WITHOUT_SQL := $(addprefix --ignore=tests/parity/,test_sql.py test_landing.py)
SAME_AT_THE_FLOOR := tests/parity/test_numpy.py::test_the_numpy_engine_gives_what_the_reference_gives \
	$(addprefix tests/parity/test_parity.py::test_every_engine_gives_the_reference_fits,[oracle [scalar)
WITHOUT_THE_SAME := $(patsubst %,'--deselect=%',$(SAME_AT_THE_FLOOR))

CHECKS := part-ruff part-mypy part-pyright part-imports
# The longest first, so that the parts end at about the same time.
TESTS := part-highest part-laws part-spark part-floors part-mypy part-pyright part-docs part-ruff part-imports

# Parts run side by side; where this make can, each shows its output in one piece when it ends.
PARTS_MAKE = $(MAKE) --no-print-directory --keep-going -j$(PARTS) \
	$(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: help demo test check format docs bench slow clean part-slow part-spark-slow part-lowest part-floors-laws part-browser $(CHECKS) $(TESTS)

help: ## Show this list
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z]*\):.*## /  \1|/p' Makefile | awk -F'|' '{ printf "%-8s %s\n", $$1, $$2 }'

demo: $(or $(wildcard .venv/.dev),.venv/.runtime) ## Install the library alone, run examples/demo.py, and leave its files in demo/
	@$(BIN)/python examples/demo.py

test: $(UV) ## Run the checks, the tests on the newest Python and on the oldest with the oldest dependencies, and the docs
	@$(PARTS_MAKE) $(TESTS) || { echo "make test: a part failed; look for '***' above" >&2; exit 1; }
	@echo "make test: every part passed"

check: .venv/.dev ## Lint, formatting, types (mypy and pyright), and the import map
	@$(PARTS_MAKE) $(CHECKS) || { echo "make check: a part failed; look for '***' above" >&2; exit 1; }
	@echo "make check: every part passed"

format: .venv/.dev ## Format the code and apply the linter's safe repairs
	@$(BIN)/ruff check --fix-only --quiet $(CODE)
	@$(BIN)/ruff format $(CODE)

docs: part-docs ## Build the documentation into docs/_build/html

bench: .venv/.bench ## Run the benchmarks, side by side with other engines
	@$(BIN)/python -m benchmarks

slow: ## Try the laws at length, run the tests marked slow and all tests on the oldest Python, and look at a score in a browser
	@$(MAKE) --no-print-directory part-slow
	@$(MAKE) --no-print-directory part-spark-slow
	@$(MAKE) --no-print-directory part-lowest
	@$(MAKE) --no-print-directory part-floors-laws
	@$(MAKE) --no-print-directory part-browser

clean: ## Remove the environments and everything built
	rm -rf .venv .venvs .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build demo dist docs/_build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- The parts of `make check` and `make test` ---------------------------------------------------------------

part-ruff: .venv/.dev
	@echo "== ruff"
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)

part-mypy: .venv/.dev
	@echo "== mypy"
	@$(BIN)/mypy $(CODE)

part-pyright: .venv/.dev
	@echo "== pyright"
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@PATH="$(CURDIR)/$(BIN):$$PATH"; $(BIN)/pyright --verifytypes icpkit --ignoreexternal > .venv/verifytypes || \
		{ cat .venv/verifytypes; exit 1; }
	@grep "Type completeness" .venv/verifytypes

part-imports: .venv/.dev
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-logo

part-docs: .venv/.dev
	@echo "== docs"
	@$(BIN)/python -m sphinx -q -W --keep-going -b html -d docs/_build/doctrees docs docs/_build/html
	@echo "docs/_build/html/index.html is up to date, without a warning"

part-highest: .venv/.dev
	@echo "== tests, $$($(BIN)/python -V), newest dependencies, branch coverage"
	@$(BIN)/python $(PYTEST) --cov --cov-report=term $(WITHOUT_LAWS) $(WITHOUT_SPARK)

part-laws: .venv/.dev
	@echo "== laws, parity and real data, $$($(BIN)/python -V)"
	@$(BIN)/python $(PYTEST) $(LAWS) -o cache_dir=.venv/laws_cache

# pytest says so, where there is no Java and these are left out; with ICPKIT_REQUIRE_JAVA=1 they fail instead.
part-spark: .venv/.dev
	@echo "== Spark, $$($(BIN)/python -V)"
	@$(BIN)/python $(PYTEST) $(SPARK) -o cache_dir=.venv/spark_cache

part-spark-slow: .venv/.dev
	@echo "== Spark, what is marked slow, $$($(BIN)/python -V)"
	@$(BIN)/python $(PYTEST) -m slow $(SPARK) -o cache_dir=.venv/spark_cache

part-slow: .venv/.dev
	@echo "== what is marked slow, and the laws at length, $$($(BIN)/python -V)"
	@$(BIN)/python $(PYTEST_BY_TWO) -m slow --ignore=tests/browser $(WITHOUT_SPARK)
	@$(BIN)/python $(PYTEST_BY_TWO) tests/property --hypothesis-profile=thorough

part-lowest: .venvs/lowest/.test
	@. ./$(FOUND); \
	if [ "$$HIGHEST" = "$$LOWEST" ]; then \
		echo "== tests on the oldest Python: left out, this machine has one that is supported, $$HIGHEST"; exit 0; \
	fi; \
	echo "== tests, $$(.venvs/lowest/bin/python -V), newest dependencies"; \
	.venvs/lowest/bin/python $(PYTEST_BY_TWO) $(WITHOUT_SPARK) -o cache_dir=.venvs/lowest/pytest_cache

part-floors-laws: .venvs/floors/.test
	@echo "== laws and parity, $$(.venvs/floors/bin/python -V), oldest dependencies"
	@.venvs/floors/bin/python $(PYTEST_BY_TWO) -o cache_dir=.venvs/floors/pytest_cache $(WITHOUT_SQL) tests/property tests/parity

# One process: each would run a JupyterLab of its own. pytest says why, where it has to leave something out.
part-browser: .venvs/browser/.browser
	@echo "== faces in a browser, $$(.venvs/browser/bin/python -V)"
	@.venvs/browser/bin/python -m pytest -q -m slow tests/browser -o cache_dir=.venvs/browser/pytest_cache

part-floors: .venvs/floors/.test
	@echo "== tests, $$(.venvs/floors/bin/python -V), oldest dependencies:" \
	$$($(UV) pip freeze -q --python .venvs/floors/bin/python | grep -E '^(attrs|cattrs|numpy)==')
	@.venvs/floors/bin/python $(PYTEST) -o cache_dir=.venvs/floors/pytest_cache $(WITHOUT_SQL) $(WITHOUT_THE_SAME) $(AT_THE_FLOOR)

# --- Environments: a stamp in each says that it is complete --------------------------------------------------

$(FOUND): scripts/pythons.py
	@mkdir -p .venvs
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python "$$HOME"/.pyenv/versions/3.*/bin/python3; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 7))' >/dev/null 2>&1; then \
			"$$python" scripts/pythons.py $(LOWEST) $(PYTHON) > $@.new || exit 1; \
			if [ -n "$(PYTHON)" ]; then echo "HIGHEST='$(PYTHON)'" >> $@.new; fi; \
			if [ -n "$(LOWEST)" ]; then echo "LOWEST='$(LOWEST)'" >> $@.new; fi; \
			mv $@.new $@; exit 0; \
		fi; \
	done; \
	echo "icpkit needs Python 3.11 or newer; this machine has none on PATH (PYTHON=/path/to/python names one)." >&2; exit 1

$(UV): | $(FOUND)
	@echo "creating the environments (once)"
	@. ./$(FOUND); "$$BOOTSTRAP" -m venv --clear .venvs/uv
	@.venvs/uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13'

.venv/bin/python: | $(UV)
	@. ./$(FOUND); $(UV) venv -q --clear --python "$$HIGHEST" .venv

.venvs/%/bin/python: | $(UV)
	@. ./$(FOUND); $(UV) venv -q --clear --python "$$LOWEST" .venvs/$*

.venvs/browser/bin/python: | $(UV)
	@. ./$(FOUND); $(UV) venv -q --clear --python "$$HIGHEST" .venvs/browser

.venv/.runtime: pyproject.toml | .venv/bin/python
	@$(UV) pip install -q --python $(BIN)/python -e .
	@touch $@

.venv/.dev: pyproject.toml | .venv/bin/python
	@$(UV) pip install -q --python $(BIN)/python -e . --group dev
	@touch $@

.venv/.bench: .venv/.dev
	@$(UV) pip install -q --python $(BIN)/python --group bench
	@touch $@

.venvs/lowest/.test: pyproject.toml | .venvs/lowest/bin/python
	@. ./$(FOUND); \
	[ "$$HIGHEST" = "$$LOWEST" ] || $(UV) pip install -q --python .venvs/lowest/bin/python -e . --group test
	@touch $@

.venvs/browser/.browser: pyproject.toml | .venvs/browser/bin/python
	@$(UV) pip install -q --python .venvs/browser/bin/python -e . --group browser
	@touch $@

# Two steps: what icpkit itself needs at its oldest, then today's test tools on top of it.
.venvs/floors/.test: pyproject.toml | .venvs/floors/bin/python
	@$(UV) pip install -q --python .venvs/floors/bin/python --upgrade --resolution lowest-direct -e .
	@$(UV) pip install -q --python .venvs/floors/bin/python --group test
	@touch $@

.PRECIOUS: .venvs/%/bin/python
