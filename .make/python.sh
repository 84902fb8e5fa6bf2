# shellcheck shell=sh
# Functions that .make/environment.sh and .make/lock.sh share: messages, and the choice of a Python interpreter.

# Messages go to standard error, so that they never mix with what a command prints.
say() { printf 'make: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Print the kind and version of an interpreter, such as "cpython 3.11", or nothing if it cannot be run.
version() {
    "$1" -I -S -c 'import sys; print("%s %d.%d" % ((sys.implementation.name,) + sys.version_info[:2]))' 2>/dev/null
}

# Set $python to the interpreter to build with: PYTHON if it is given, otherwise the first one found that is supported,
# starting with the reference version in .python-version.
choose_python() {
    if [ -n "$PYTHON" ]; then
        set -- "$PYTHON"
    else
        set -- "python$(cat .python-version)" python3 python3.13 python3.12 python3.14 python3.11
    fi
    for python in "$@"; do
        case $(version "$python") in
        "cpython 3.11" | "cpython 3.12" | "cpython 3.13" | "cpython 3.14")
            "$python" -I -c 'import ensurepip, venv' 2>/dev/null && return
            fail "$python has no venv or ensurepip: install them (on Debian or Ubuntu: apt install python3-venv)," \
                "or choose another interpreter, for example: make report PYTHON=/path/to/python3.12" ;;
        esac
    done
    python=${PYTHON:-python3}
    if command -v "$python" > /dev/null; then
        found="$python reports '$("$python" --version 2>&1 | head -n 1)'"
    else
        found="there is no $python"
    fi
    fail "CPython 3.11, 3.12, 3.13 or 3.14 is needed, but $found: install one of them, or say where it is," \
        "for example: make report PYTHON=/path/to/python3.12"
}
