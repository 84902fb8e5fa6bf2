"""Run a notebook in a private kernel that gives the same results on any machine, and record which files it reads.

Read `engine.py` first: papermill calls it for each notebook. `private.py` gives each kernel its own folders and
environment, `reads.py` and `limits.py` run inside the kernel, `warm.py` and `forked.py` make it start fast on Linux.
"""
