"""The quantities of a large ledger judged on Dask workers, in parts that have nothing to do with each other."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import polars as pl
from claims.judging.large_groups import join_parts
from claims.ledger.large import LargeLedger
from claims.ledger.large_parts import from_parquet, pack_part

from report.cluster.scheduling import connected
from report.folders import Folders
from report.progress import Progress
from report.stops import NotebookFailed

__all__ = ["judge_groups_on_dask"]

_PARTS = 4  # for each worker, so that none waits long for the last


def judge_groups_on_dask(ledger: LargeLedger, address: str, workers: int, progress: Progress) -> pl.DataFrame:
    """Return what `judge_groups` returns, from the workers of the scheduler at an address, or so many at `local`.

    Raises WrongInput if there is no scheduler or no fitting worker, NotebookFailed if a part cannot be judged.
    """
    parts: dict[int, pl.DataFrame] = {}

    def on_answer(number: int, answer: Any) -> None:
        if isinstance(answer, Exception):
            raise NotebookFailed(f"part {number + 1} of the ledger could not be judged: {answer}")
        parts[number] = from_parquet(b64decode(answer["groups"]))

    with connected(address, Folders(), workers, progress) as asked:
        count = _PARTS * len(asked)
        requests = ((number, _request(ledger.partition(number, count))) for number in range(count))
        asked.ask(requests, on_answer, "part")
    return join_parts(parts.values())


def _request(part: LargeLedger) -> dict[str, Any]:
    tables = {name: b64encode(content).decode() for name, content in pack_part(part).items()}
    return {"tables": tables, "package": part.package}
