"""What commands that answer at once must not import, and a script that prints what the command line has imported."""

HEAVY = (
    "pandas",
    "matplotlib",
    "nbconvert",
    "nbformat",
    "papermill",
    "jupyter_client",
    "rich",
    "typst",
    "yaml",
    "filelock",
)
ASK_WHAT_IS_IMPORTED = """
import atexit, sys
atexit.register(lambda: print(*sys.modules))
from report.command import cli
sys.exit(cli.main(sys.argv[1:]))
"""
