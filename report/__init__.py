"""The program: runs the notebooks, assembles the report from them, publishes it and proves it.

Start with `command/build.py`, whose functions are the steps of a build. Rooms, each importing only from those before
it: the modules in this folder (folders, files, progress, publishing, signals, errors), `kernels`, `runs`, `pages`,
`proof`, `preview`, `starting`, `command`. `foreign`, for other people's notebooks, imports from `pages`, and nothing
imports from it.
"""

import sys
from pathlib import Path
from typing import Any

__all__ = ["__version__"]

# The engine and the subject have one import name each, `claims` and the subject's, here as in a notebook's kernel.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "notebooks"))

# jsonschema, which comes with nbformat, would build a grammar that nothing here uses, which takes longer than all other
# imports together. A module that is None cannot be imported.
_modules: dict[str, Any] = sys.modules
_modules.setdefault("rfc3987_syntax", None)

__version__ = "0.1.0"  # as pyproject.toml says
