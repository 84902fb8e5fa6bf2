#!/bin/sh
# Runs JupyterLab with the preview beside it: the Makefile calls this with JupyterLab's command. Both print where they
# are. The first Ctrl-C is JupyterLab's, which asks before it ends; the preview ends with it.
set -eu

"$1" -m report preview &
preview=$!
trap 'kill "$preview" 2> /dev/null && wait "$preview" || :' EXIT
trap : INT

"$@"
