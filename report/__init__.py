"""The program that runs the notebooks, assembles the report from them, publishes it and proves it."""

import sys
from pathlib import Path

# The engine and the subject have one import name each, `claims` and `kazakhstan`, here as in a notebook's kernel.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "notebooks"))

# jsonschema, which comes with nbformat, would build a grammar that nothing here uses: it takes longer than all other
# imports together.
sys.modules.setdefault("rfc3987_syntax", None)

__version__ = "0.1.0"  # as pyproject.toml says
