"""Runs of a sweep, and the parts of a large ledger, on other machines, with Dask.

Dask hands out the requests, and repeats those that are lost with a worker; what answers them is the program of this
clone. `sweeping.py` and `judging.py` are what asks. `scheduling.py` sends one archive of code and data (`archive.py`)
and collects the answers.
`remote.py` has the functions that Dask ships to its workers, which have no code of ours. They unpack the archive, and
start in it the program `serving.py`, which runs notebooks as here: a Dask worker must not fork kernels itself.

Dask is optional: `make setup-dask` installs the versions in requirements.txt of this folder.
"""

__all__: list[str] = []
