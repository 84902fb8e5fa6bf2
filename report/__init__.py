"""The program that runs the notebooks, assembles the report from them, publishes it and proves it."""

import sys

# jsonschema, which comes with nbformat, would build a grammar that nothing here uses: it takes longer than all other
# imports together.
sys.modules.setdefault("rfc3987_syntax", None)

__version__ = "0.1.0"  # as pyproject.toml says
