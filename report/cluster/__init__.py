"""Runs of a sweep on other machines, with Dask.

Dask hands out the runs, and repeats those that are lost with a worker; what runs them is the program of this clone.
`scheduling.py` is the side that asks: it sends one archive of code and data (`archive.py`) and collects results.
`remote.py` has the functions that Dask ships to its workers, which have no code of ours. They unpack the archive, and
start in it the program `serving.py`, which runs notebooks as here: a Dask worker must not fork kernels itself.

Dask is optional: `make setup-dask` installs the versions in requirements.txt of this folder.
"""

__all__: list[str] = []
