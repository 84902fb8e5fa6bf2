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
export PYTHON ARGS SOURCES WORDS SETUP LOCK UV

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
	@eval "$$WORDS"; eval "$$SETUP"; need_environment

setup-tests: setup
	@eval "$$WORDS"; eval "$$SETUP"; need_test_packages

lock:
	@eval "$$WORDS"; eval "$$LOCK"

# Shell functions that several targets use.
define WORDS
say() { printf 'make: %s\n' "$$*" >&2; }
fail() { say "$$*"; exit 1; }

# Print "cpython 3.11" of an interpreter, and nothing of one that does not run.
version() {
    "$$1" -I -S -c 'import sys; print("%s %d.%d" % ((sys.implementation.name,) + sys.version_info[:2]))' 2>/dev/null
}

# Set $$python to the interpreter to build with: PYTHON if given, else the reference one, else any that is supported.
choose_python() {
    if [ -n "$$PYTHON" ]; then
        set -- "$$PYTHON"
    else
        set -- "python$$(cat .python-version)" python3 python3.13 python3.12 python3.14 python3.11
    fi
    for python in "$$@"; do
        case $$(version "$$python") in
        "cpython 3.11" | "cpython 3.12" | "cpython 3.13" | "cpython 3.14")
            "$$python" -I -c 'import ensurepip, venv' 2>/dev/null && return
            fail "$$python has no venv or ensurepip: install them (Debian, Ubuntu: apt install python3-venv)," \
                "or name another interpreter, as in: make report PYTHON=/path/to/python3.12" ;;
        esac
    done
    python=$${PYTHON:-python3}
    if command -v "$$python" > /dev/null; then
        found="$$python says '$$("$$python" --version 2>&1 | head -n 1)'"
    else
        found="there is no $$python"
    fi
    fail "CPython 3.11, 3.12, 3.13 or 3.14 is needed, and $$found: install one, or name it," \
        "as in: make report PYTHON=/path/to/python3.12"
}

# pip as the lock needs it, whatever the caller's pip.conf says about where and how to install.
install() {
    PIP_USER=0 PIP_REQUIRE_HASHES=0 .venv/bin/python -I -X utf8 -m pip install -qq --no-input \
        --disable-pip-version-check --progress-bar off --root-user-action ignore --compile --target '' "$$@"
}
endef

# The set-up. What .venv was made from is written into it last, so that a set-up that was cut short is begun anew.
define SETUP
made_from() { [ "$$(cat ".venv/$$1" 2>/dev/null)" = "$$2" ]; }

need_environment() {
    have=$$(version .venv/bin/python)
    asked=$$(if [ -n "$$PYTHON" ]; then version "$$PYTHON"; else echo "$$have"; fi)
    lock="$$(pwd -P) $$(cksum < requirements.txt)"
    if [ -z "$$have" ] || [ "$$asked" != "$$have" ] || ! made_from lock "$$lock $$have"; then
        choose_python
        say "setting up .venv with $$(version "$$python") (about a minute; not needed again until the lock changes)"
        trap 'rm -rf .venv; fail "interrupted; nothing was kept"' HUP INT TERM
        rm -rf .venv
        "$$python" -I -m venv .venv || { rm -rf .venv; fail "$$python could not make .venv; the lines above say why"; }
        install --require-hashes --only-binary :all: -r requirements.txt || {
            rm -rf .venv
            fail "the packages in requirements.txt could not be installed; the lines above say why (is pip's registry reached?)"
        }
        .venv/bin/python -I -m compileall -q report notebooks # so that the first build need not
        have=$$(version .venv/bin/python)
        printf '%s\n' "$$lock $$have" > .venv/lock
        trap - HUP INT TERM
    fi
    project=$$(cksum < pyproject.toml)
    made_from project "$$project" && return
    install --no-deps --no-build-isolation --no-index --editable . ||
        fail "this project's entry points could not be registered in .venv; the lines above say why"
    # The folder's name may be one that Python could not read here in another locale: say the same without it.
    printf '../../../..\n' > .venv/lib/python"$${have#cpython }"/site-packages/report.pth
    printf '%s\n' "$$project" > .venv/project
}

need_test_packages() {
    tests=$$(cksum < tests/requirements.txt)
    made_from tests "$$tests" && return
    say "adding the test packages to .venv"
    install --require-hashes --only-binary :all: -r tests/requirements.txt ||
        fail "the packages in tests/requirements.txt could not be installed; the lines above say why"
    printf '%s\n' "$$tests" > .venv/tests
}
endef

# One lock for every supported Python and system, and the proof that each of them finds a wheel for every line
# (manylinux_2_28 is glibc 2.28 of 2018; macOS from 14).
define LOCK
set -eu
choose_python
tool=report/build/lock
trap 'rm -rf "$$tool"' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$$tool"
"$$python" -I -m venv "$$tool"
"$$tool/bin/python" -I -m pip install -qq --disable-pip-version-check "$$UV"
uv() { "$$tool/bin/uv" --quiet --cache-dir "$$tool/cache" --no-python-downloads "$$@"; }
compile() {
    uv pip compile --universal --python "$$tool/bin/python" --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --only-binary :all: --no-emit-index-url --custom-compile-command 'make lock' "$$@" > "$$tool/log" 2>&1 ||
        { cat "$$tool/log" >&2; fail "no lock: uv could not resolve pyproject.toml"; }
}
compile $$ARGS pyproject.toml --group build --output-file requirements.txt
set --
while read -r line rest; do
    case $$line in [a-z]*==*) set -- "$$@" --no-emit-package "$${line%%==*}" ;; esac
done < requirements.txt
compile $$ARGS --group test --constraints requirements.txt "$$@" --output-file tests/requirements.txt
for system in x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin; do
    for minor in 11 12 13 14; do
        MACOSX_DEPLOYMENT_TARGET=14.0 \
            "$$tool/bin/uv" --cache-dir "$$tool/cache" --no-python-downloads pip install --python "$$tool/bin/python" \
            --dry-run --target "$$tool/target" --python-platform "$$system" --python-version "3.$$minor" \
            --only-binary :all: --require-hashes -r requirements.txt -r tests/requirements.txt > "$$tool/log" 2>&1 ||
            { cat "$$tool/log" >&2; fail "$$system has no wheels of this lock for CPython 3.$$minor"; }
        count=0
        while read -r line; do case $$line in "+ "*) count=$$((count + 1)) ;; esac; done < "$$tool/log"
        [ "$$count" -gt 0 ] || fail "$$system, CPython 3.$$minor: no package was looked at"
        say "$$system, CPython 3.$$minor: $$count wheels"
    done
done
endef
