# Runs everything. Needs only CPython 3.11-3.14 with venv, make, a POSIX shell and git; `make` prints what there is.
#
# The environment lies in .venv, made from the hashes in requirements.txt the first time something needs it, and again
# when the lock, this folder's place or the interpreter is another. Paths are relative, so the folder may be called anything.

.PHONY: help report test status sweep verify prove bench lint format check lab lock clean setup setup-tests
.SUFFIXES:

PYTHON ?=
ARGS ?=
SOURCES ?=
UV := uv==0.13.9
python := .venv/bin/python

# The caller's own Python settings change nothing here; pip's (which registry, proxy, certificates, cache) are kept.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONSAFEPATH PYTHONPYCACHEPREFIX PYTHONOPTIMIZE PYTHONINSPECT PYTHONDEBUG
unexport PYTHONVERBOSE PYTHONWARNINGS PYTHONUSERBASE PYTHONEXECUTABLE PYTHONPLATLIBDIR PYTHONPROFILEIMPORTTIME
unexport PYTHONBREAKPOINT PYTHONCASEOK PYTHONIOENCODING VIRTUAL_ENV CONDA_PREFIX __PYVENV_LAUNCHER__
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_SRC PIP_PYTHON PIP_REQUIRE_VIRTUALENV PIP_REQUIREMENT PIP_EDITABLE PIP_CONSTRAINT
unexport PIP_BUILD_CONSTRAINT PIP_NO_BINARY PIP_ONLY_BINARY PIP_NO_DEPS PIP_NO_COMPILE PIP_PRE PIP_UPGRADE PIP_DRY_RUN
unexport PIP_IGNORE_INSTALLED PIP_FORCE_REINSTALL PIP_NO_BUILD_ISOLATION PIP_CONFIG_SETTINGS PIP_PLATFORM PIP_ABI
unexport PIP_IMPLEMENTATION PIP_PYTHON_VERSION PIP_REPORT PIP_GROUP PIP_NO_CLEAN PIP_CHECK_BUILD_DEPENDENCIES
export PYTHONNOUSERSITE := 1
export JUPYTER_PREFER_ENV_PATH := 1
export PYTHON ARGS SOURCES UV

help:
	@printf '%s\n' \
	  'make report   execute the notebooks and build report/published/ (report.html, report.pdf) and figures/' \
	  'make test     run the tests' \
	  'make status   say at once what of the published report is stale, why, and what mends it' \
	  'make sweep    run the notebooks under every defensible reading, into report/build/sweep/ (ARGS=--full: all combinations)' \
	  'make verify   execute everything again in a clean place and compare it with what is published' \
	  'make prove    build in environments varied on purpose and compare every byte (about six minutes)' \
	  'make bench    measure builds against the stock tools and against the floor (about six minutes)' \
	  'make check    check the ledger in data/ and the notebooks; SOURCES=folder also checks the ledger against the texts' \
	  'make lab      open the notebooks in JupyterLab' \
	  'make lint     check the code and its format;  make format  mends what it can' \
	  'make lock     remake requirements.txt and tests/requirements.txt; ARGS=--upgrade renews every version' \
	  'make clean    remove .venv, report/build/ and every cache' \
	  '' \
	  'ARGS="…" is handed on: make test ARGS="-k intervals".  PYTHON=python3.13 chooses the interpreter of .venv.'

report: setup
	@$(python) -m report build $(ARGS)

status: setup
	@$(python) -m report status $(ARGS)

sweep: setup
	@$(python) -m report sweep $(ARGS)

# 4 says that the values are the same and, with other packages or on another platform, the bytes are not: that will do.
verify: setup
	@$(python) -m report verify $(ARGS) || [ $$? -eq 4 ]

prove: setup
	@$(python) tests/prove.py $(ARGS)

bench: setup
	@$(python) tests/bench.py $(ARGS)

check: setup
	@$(python) -m report check $${SOURCES:+--sources "$$SOURCES"} $(ARGS)

# Without JupyterLab's requests to the network, and without installing into an environment that is locked.
lab: setup
	@$(python) -m jupyterlab --notebook-dir=notebooks --LabApp.extension_manager=readonly --LabApp.news_url=None \
	  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate $(ARGS)

test: setup-tests
	@$(python) -m pytest $(ARGS)

lint: setup-tests
	@$(python) -m ruff check $(ARGS)
	@$(python) -m ruff format --check $(ARGS)

format: setup-tests
	@$(python) -m ruff check --fix $(ARGS)
	@$(python) -m ruff format $(ARGS)

clean:
	@rm -rf .venv .hypothesis .pytest_cache .ruff_cache report/build
	@rm -rf __pycache__ */__pycache__ */*/__pycache__ */*/*/__pycache__ .ipynb_checkpoints */.ipynb_checkpoints

setup:
	@sh .make/environment.sh need_environment

setup-tests: setup
	@sh .make/environment.sh need_test_packages

lock:
	@sh .make/lock.sh
