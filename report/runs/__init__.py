"""Decide which notebooks run with which values, run them or reuse earlier runs, and extract their results.

Read `selection.py`, `parameters.py` and `execute.py` first, then `reuse.py` and `sweep.py`.
"""
