#!/bin/sh
# Sets up .venv, and does nothing if it is already up to date. The Makefile calls this from the top folder:
#
#     sh .make/environment.sh need_environment      the packages in requirements.txt, and this project's entry points
#     sh .make/environment.sh need_dask             the packages in report/cluster/requirements.txt, into the same .venv
#     sh .make/environment.sh need_test_packages    those of need_dask and in tests/requirements.txt, into the same .venv
#
# .venv/lock, .venv/project, .venv/dask and .venv/tests record what each part was made from. They are written last, so a set-up that
# was cut short starts over the next time.

# shellcheck source=.make/python.sh
. ./.make/python.sh

# Run pip the way the lock requires, whatever the caller's pip.conf says about where and how to install.
install() {
    PIP_USER=0 PIP_REQUIRE_HASHES=0 .venv/bin/python -I -X utf8 -m pip install -qq --no-input \
        --disable-pip-version-check --progress-bar off --root-user-action ignore --compile --target '' "$@"
}

# Tell whether a part of .venv was made from this: made_from lock "..." compares with what .venv/lock records.
made_from() { [ "$(cat ".venv/$1" 2>/dev/null)" = "$2" ]; }

need_environment() {
    # .venv is made again when requirements.txt, the path of this folder (which scripts in .venv/bin contain) or the
    # interpreter has changed. Without PYTHON, the interpreter that .venv has is kept.
    have=$(version .venv/bin/python)
    asked=$(if [ -n "$PYTHON" ]; then version "$PYTHON"; else echo "$have"; fi)
    lock="$(pwd -P) $(cksum < requirements.txt)"
    if [ -z "$have" ] || [ "$asked" != "$have" ] || ! made_from lock "$lock $have"; then
        choose_python
        say "setting up .venv with $(version "$python")" \
            "(about a minute; not needed again until requirements.txt changes)"
        trap 'rm -rf .venv; fail "interrupted; the unfinished .venv was removed"' HUP INT TERM
        rm -rf .venv
        "$python" -I -m venv .venv || { rm -rf .venv; fail "$python could not create .venv; the lines above say why"; }
        install --require-hashes --only-binary :all: -r requirements.txt || {
            rm -rf .venv
            fail "the packages in requirements.txt could not be installed; the lines above say why" \
                "(can pip reach its package index?)"
        }
        .venv/bin/python -I -m compileall -q report notebooks # so that the first build need not do it
        have=$(version .venv/bin/python)
        printf '%s\n' "$lock $have" > .venv/lock
        trap - HUP INT TERM
    fi

    # nbconvert and papermill find this project's exporters and engine by the entry points in pyproject.toml.
    project="$(cksum < pyproject.toml) $(cksum < .make/environment.sh)"
    made_from project "$project" && return
    install --no-deps --no-build-isolation --no-index --editable . ||
        fail "this project's entry points could not be registered in .venv; the lines above say why"
    # pip writes this folder's full path here, which Python may be unable to read in another locale if the name has
    # letters beyond ASCII. The relative path means the same. The second lets a notebook run from any folder.
    printf '../../../..\n../../../../notebooks\n' > .venv/lib/python"${have#cpython }"/site-packages/report.pth
    printf '%s\n' "$project" > .venv/project
}

need_dask() { need_more dask report/cluster/requirements.txt "Dask"; }

need_test_packages() {
    need_dask
    need_more tests tests/requirements.txt "the test packages"
}

# Install a further lock: need_more NAME LOCK WHAT
need_more() {
    made_from "$1" "$(cksum < "$2")" && return
    say "adding $3 to .venv"
    install --require-hashes --only-binary :all: -r "$2" ||
        fail "the packages in $2 could not be installed; the lines above say why"
    cksum < "$2" > ".venv/$1"
}

"$1"
