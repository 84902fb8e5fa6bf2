"""The commands of `python -m report`.

Read `build.py` first: its functions are the steps from the ledger to the published report. `cli.py` has the options.
"""
