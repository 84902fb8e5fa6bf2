#!/bin/sh
# Writes requirements.txt, report/cluster/requirements.txt and tests/requirements.txt from pyproject.toml, one lock for
# every supported Python and system, and checks that each of them finds a wheel for every package. The Makefile calls
# this from the top folder, with the version of uv in UV and options for it in ARGS.
set -eu

# shellcheck source=.make/python.sh
. ./.make/python.sh

# uv gets an environment of its own, which is removed however this ends.
choose_python
tool=report/build/lock
trap 'rm -rf "$tool"' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$tool"
"$python" -I -m venv "$tool"
"$tool/bin/python" -I -m pip install -qq --disable-pip-version-check "$UV"

uv() { "$tool/bin/uv" --quiet --cache-dir "$tool/cache" --no-python-downloads "$@"; }

compile() {
    uv pip compile --universal --python "$tool/bin/python" --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --only-binary :all: --no-emit-index-url --custom-compile-command 'make lock' \
        "$@" > "$tool/log" 2>&1 || {
        cat "$tool/log" >&2
        fail "uv could not resolve the dependencies in pyproject.toml; the lines above say why"
    }
}

# shellcheck disable=SC2086 # ARGS may hold several options
compile $ARGS pyproject.toml --group build --output-file requirements.txt

# A further lock takes the versions of those before it, and leaves out what stands there already.
compile_beside() {
    group=$1 target=$2
    shift 2
    locks=$*
    set --
    for lock in $locks; do
        set -- "$@" --constraints "$lock"
        while read -r line rest; do
            case $line in [a-z]*==*) set -- "$@" --no-emit-package "${line%%==*}" ;; esac
        done < "$lock"
    done
    # shellcheck disable=SC2086
    compile $ARGS --group "$group" "$@" --output-file "$target"
}
compile_beside dask report/cluster/requirements.txt requirements.txt
compile_beside test tests/requirements.txt requirements.txt report/cluster/requirements.txt

# manylinux_2_28 is glibc 2.28, of 2018; macOS is supported from version 14 on.
for system in x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin; do
    for minor in 11 12 13 14; do
        MACOSX_DEPLOYMENT_TARGET=14.0 \
            "$tool/bin/uv" --cache-dir "$tool/cache" --no-python-downloads pip install --python "$tool/bin/python" \
            --dry-run --target "$tool/target" --python-platform "$system" --python-version "3.$minor" \
            --only-binary :all: --require-hashes -r requirements.txt \
            -r report/cluster/requirements.txt -r tests/requirements.txt > "$tool/log" 2>&1 ||
            { cat "$tool/log" >&2; fail "a package in this lock has no wheel for CPython 3.$minor on $system"; }
        # uv lists what it would install as "+ name==version"; an empty list would mean that nothing was checked.
        count=0
        while read -r line; do case $line in "+ "*) count=$((count + 1)) ;; esac; done < "$tool/log"
        [ "$count" -gt 0 ] || fail "uv listed no packages for CPython 3.$minor on $system, so nothing was checked"
        say "$system, CPython 3.$minor: $count wheels"
    done
done
