# The project's commands; `make` lists them. They need only CPython 3.11 to 3.14 with venv, make, a POSIX shell and git.
#
# Whatever needs packages first sets up .venv from the hashes in requirements.txt (.make/environment.sh), and again if
# that file, the path of this folder or the interpreter changes. All paths are relative: the folder may have any name.

.PHONY: help report preview test status sweep verify prove torture bench lint format check lab lock clean setup setup-dask setup-tests
.SUFFIXES:

PYTHON ?=
ARGS ?=
SOURCES ?=
UV := uv==0.13.9
python := .venv/bin/python

# The caller's Python settings must not change any result. pip keeps its index, proxy, certificates and cache, but no
# setting that changes what is installed, or where.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONSAFEPATH PYTHONPYCACHEPREFIX PYTHONOPTIMIZE PYTHONINSPECT PYTHONDEBUG
unexport PYTHONVERBOSE PYTHONWARNINGS PYTHONUSERBASE PYTHONEXECUTABLE PYTHONPLATLIBDIR PYTHONPROFILEIMPORTTIME
unexport PYTHONBREAKPOINT PYTHONCASEOK PYTHONIOENCODING VIRTUAL_ENV CONDA_PREFIX __PYVENV_LAUNCHER__
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_SRC PIP_PYTHON PIP_REQUIRE_VIRTUALENV PIP_REQUIREMENT PIP_EDITABLE
unexport PIP_CONSTRAINT PIP_BUILD_CONSTRAINT PIP_NO_BINARY PIP_ONLY_BINARY PIP_NO_DEPS PIP_NO_COMPILE PIP_PRE
unexport PIP_UPGRADE PIP_DRY_RUN PIP_IGNORE_INSTALLED PIP_FORCE_REINSTALL PIP_NO_BUILD_ISOLATION PIP_CONFIG_SETTINGS
unexport PIP_PLATFORM PIP_ABI PIP_IMPLEMENTATION PIP_PYTHON_VERSION PIP_REPORT PIP_GROUP PIP_NO_CLEAN
unexport PIP_CHECK_BUILD_DEPENDENCIES
export PYTHONNOUSERSITE := 1
export JUPYTER_PREFER_ENV_PATH := 1
export PYTHON ARGS SOURCES UV

help:
	@printf '%s\n' \
	  'make report   run the notebooks and build report/published/ (report.html, report.pdf) and figures/' \
	  'make preview  show the report in a browser, with each change as it is saved' \
	  'make test     run the tests' \
	  'make status   report what is out of date, why, which findings would change, and which command fixes it' \
	  'make sweep    run the notebooks under every declared reading, into report/build/sweep/ (ARGS=--full: all combinations)' \
	  'make verify   run everything again in a clean folder, compare it with what is published, check what reviewers look for' \
	  'make prove    build in deliberately varied environments and compare every byte (about six minutes)' \
	  'make torture  plant every fault the program must survive: broken files, full disks, killed kernels (a quarter of an hour)' \
	  'make bench    time builds against the stock tools and a bare-bones run (about six minutes)' \
	  'make check    check the ledger in data/ and the notebooks; SOURCES=folder also checks the ledger against the texts' \
	  'make lab      open this folder in JupyterLab, with the preview beside it' \
	  'make lint     check the code and its formatting;  make format  fixes what it can' \
	  'make lock     regenerate the three requirements.txt; ARGS=--upgrade updates every version' \
	  'make clean    delete .venv, every cache and report/build/, but no answers about proposed rows' \
	  '' \
	  'ARGS="…" is passed on: make test ARGS="-k intervals".  PYTHON=python3.13 chooses the interpreter for .venv.'

report: setup
	@$(python) -m report build $(ARGS)

preview: setup
	@$(python) -m report preview $(ARGS)

status: setup
	@$(python) -m report status $(ARGS)

sweep: setup
	@$(python) -m report sweep $(ARGS)

# Exit code 4 passes too: the values are the same, and only bytes differ, because of other packages or another platform.
verify: setup
	@$(python) -m report verify $(ARGS) || [ $$? -eq 4 ]

prove: setup
	@$(python) tests/prove.py $(ARGS)

torture: setup-tests
	@$(python) -m pytest -n logical --maxprocesses 4 --dist loadfile --torture tests/torture $(ARGS)

bench: setup
	@$(python) tests/bench.py $(ARGS)

check: setup
	@$(python) -m report check $${SOURCES:+--sources "$$SOURCES"} $(ARGS)

# JupyterLab makes no requests to the network, and cannot install extensions: the environment is locked. Settings of
# .make/lab (long lines wrap, no question about news) yield to a user's own. Open tabs are kept in report/build/lab.
# What JupyterLab lacks for these notebooks is in .make/lab/extensions.
lab: setup
	@sh .make/lab.sh $(python) -m jupyterlab --ServerApp.root_dir=. --LabApp.app_settings_dir=.make/lab \
	  --LabApp.extra_labextensions_path=.make/lab/extensions \
	  --FileContentsManager.pre_save_hook=report.runs.clean.keep_kernel \
	  --LabApp.workspaces_dir=report/build/lab/workspaces --LabApp.extension_manager=readonly --LabApp.news_url=None \
	  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate $$([ "$$(id -u)" != 0 ] || echo --allow-root) $(ARGS)

# On as many cores as there are, up to four. ARGS="-n 0" runs the tests in one process, as --pdb needs.
test: setup-tests
	@$(python) -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup-tests
	@$(python) -m ruff check $(ARGS)
	@$(python) -m ruff format --check $(ARGS)
	@$(python) -m report format --check
	@$(python) -m mypy

# Numbers and ids first: they need no test packages. Code is formatted where those are there, or where code has changed.
format: setup
	@$(python) -m report format
	@if [ -e .venv/tests ] || [ -n "$$(git status --porcelain -- '*.py' 2>&1)" ]; then \
	  sh .make/environment.sh need_test_packages && $(python) -m ruff check --fix $(ARGS) && \
	  $(python) -m ruff format $(ARGS) && $(python) -m report format; \
	else echo 'no Python file has changed, so no code is formatted; make lint checks it'; fi

clean:
	@rm -rf .venv .hypothesis .pytest_cache .ruff_cache
	@if [ -d report/build/proposals ] && ! rmdir report/build/proposals 2>/dev/null; then \
	  find report/build/ -mindepth 1 -maxdepth 1 ! -name proposals -exec rm -rf {} +; \
	  echo 'kept: report/build/proposals, with answers about proposed rows; rm -r deletes it'; \
	else rm -rf report/build; fi
	@rm -rf __pycache__ */__pycache__ */*/__pycache__ */*/*/__pycache__ .ipynb_checkpoints */.ipynb_checkpoints

setup:
	@sh .make/environment.sh need_environment

setup-dask: setup
	@sh .make/environment.sh need_dask

setup-tests: setup
	@sh .make/environment.sh need_test_packages

lock:
	@sh .make/lock.sh
