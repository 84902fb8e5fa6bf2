"""The workers of a Dask scheduler, as the process that asks them sees them: they answer requests of `serving.py`."""

from __future__ import annotations

import ipaddress
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

from claims.tables.messages import count_noun

from report.cluster.archive import pack
from report.folders import Folders
from report.progress import Progress
from report.runs import inputs
from report.stops import NotebookFailed, WrongInput

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["LOCAL", "Workers", "connected", "is_open"]

T = TypeVar("T")

LOCAL = "local"  # the address that starts workers on this machine
PATIENCE = 10.0  # seconds that a scheduler may take to answer, and that there may be no worker
_LOOK = 1.0  # seconds between two looks at the workers
_KEPT = "what is done is kept, and the same command continues from there"


@contextmanager
def connected(address: str, folders: Folders, workers: int, progress: Progress) -> Iterator[Workers]:
    """Give the workers of the scheduler at an address; at `local`, so many are started on this machine.

    Raises WrongInput if Dask is not installed, or there is no scheduler or no worker.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise WrongInput("--dask needs Dask, which is not installed; make setup-dask installs it") from None
    for name in ("distributed", "distributed.client", "distributed.worker", "bokeh"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it, messages here say
    with ExitStack() as stack:
        if address == LOCAL:
            cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0")
            client = stack.enter_context(Client(stack.enter_context(cluster)))
        else:
            if is_open(address):
                progress.note(
                    f"dask: {address} is neither encrypted nor protected by a key: whoever reaches it can run code on "
                    "every worker and here; outside a closed network use tls://"
                )
            client = stack.enter_context(_reach(address))
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise WrongInput(_no_workers(address)) from None
        count = len(client.scheduler_info()["workers"])
        dashboard = client.dashboard_link
        progress.note(f"dask: {count_noun(count, 'worker')} at {client.scheduler.address}, dashboard at {dashboard}")
        yield Workers(client, address, folders, progress)


def _reach(address: str) -> Client:
    """Return a client of the scheduler at an address. Raises WrongInput if there is none."""
    from distributed import Client

    try:
        return Client(address, timeout=PATIENCE)
    except (OSError, TimeoutError) as error:
        text = str(error).strip().partition("\n")[0]
        raise WrongInput(
            f"--dask {address}: no Dask scheduler answers there ({text}); start one with dask scheduler, or give local"
        ) from None
    except (TypeError, ValueError, RuntimeError) as error:
        settings = "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY"
        more = f"; for tls:// set {settings}" if address.startswith("tls:") else "; give tcp://HOST:PORT or local"
        raise WrongInput(f"--dask {address}: {error}{more}") from None


def is_open(address: str) -> bool:
    """Return whether an address is without encryption and not only of this machine.

    >>> [is_open(at) for at in ("tcp://10.0.0.5:8786", "10.0.0.5:8786", "tls://10.0.0.5:8786", "tcp://[::1]:8786")]
    [True, True, False, False]
    """
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme != "tcp" or parts.hostname == "localhost":
        return False
    try:
        return not ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return True


def _no_workers(address: str) -> str:
    return f"--dask {address}: no workers after {PATIENCE:.0f} s; start one on each machine with dask worker {address}"


class Workers(Generic[T]):
    """Workers that have the code and the data of a clone; those that have other packages are refused by name."""

    def __init__(self, client: Client, address: str, folders: Folders, progress: Progress) -> None:
        import cloudpickle

        from report.cluster import remote

        cloudpickle.register_pickle_by_value(remote)  # workers have no code of ours
        self._client, self._address, self._progress, self._remote = client, address, progress, remote
        self._expected = remote.describe(inputs.packages(folders.root / "requirements.txt"))
        self._packed = pack(folders)
        self._archive = self._send_archive()
        self._workers = self._list_workers()
        self._refused: set[str] = set()
        self._done: Counter[str] = Counter()
        self._waiting: dict[Future, tuple[T, str]] = {}
        self._finished: SimpleQueue[Future] = SimpleQueue()
        self._submitted = 0

    def __len__(self) -> int:
        return len(self._workers)

    def ask(self, requests: Iterable[tuple[T, Mapping]], on_answer: Callable[[T, Any], object], unit: str) -> None:
        """Have requests answered, each given with what it is for, in any order.

        `on_answer` is called with what a request was for, and the answer or the exception. Raises WrongInput if no
        worker fits, NotebookFailed if there are no workers any more, or no scheduler.
        """
        started = time.monotonic()
        try:
            for key, request in requests:
                self._submit(key, json.dumps(request))
            while self._waiting:
                if future := self._next_finished():
                    self._take(future, on_answer)
        finally:
            with suppress(Exception):  # the scheduler may be gone, and has then taken its tasks with it
                self._client.cancel([*self._waiting], force=True)
                self._client.run(self._remote.close, on_error="ignore")
        for worker, count in sorted(self._done.items()):
            self._progress.note(f"{worker:<28} {count_noun(count, unit):>9} {time.monotonic() - started:>6.1f} s")

    def _submit(self, key: T, request: str) -> None:
        """Give a request to the scheduler: for any worker, or once one was refused, for those that were not."""
        self._submitted += 1
        future = self._client.submit(
            self._remote.run,
            self._archive,
            request,
            self._expected,
            key=f"report-{uuid4()}-{self._submitted}",
            workers=sorted(self._workers - self._refused) if self._refused else None,
            pure=False,
        )
        self._waiting[future] = key, request
        future.add_done_callback(self._finished.put)

    def _next_finished(self) -> Future | None:
        """Return the next task that is done, None if there is none for a moment.

        Raises NotebookFailed if there are no workers for some seconds, or no scheduler any more.
        """
        with suppress(Empty):
            return self._finished.get(timeout=_LOOK)
        self._look_at_workers()
        return None

    def _look_at_workers(self) -> None:
        """Report workers that are gone, and take tasks that only they may run back. Raises as `_next_finished`."""
        earlier, self._workers = self._workers, self._list_workers()
        for worker in sorted(earlier - self._workers):
            self._progress.note(f"dask: the worker {worker} is gone; its runs are repeated elsewhere")
        if not self._workers:
            try:
                self._client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError:
                raise NotebookFailed(f"{_no_workers(self._address)}; {_KEPT}") from None
            self._workers = self._list_workers()
        if earlier != self._workers and self._refused:
            for future, asked in [*self._waiting.items()]:
                self._drop(future)
                self._submit(*asked)

    def _take(self, future: Future, on_answer: Callable[[T, Any], object]) -> None:
        """Pass on the answer to a request; one that a worker was refused for is submitted again."""
        if future not in self._waiting:
            return  # it was dropped
        asked, status = self._waiting[future], future.status
        worker, answer, differences = future.result() if status == "finished" else ("", "", [])
        error = future.exception() if status == "error" else None
        self._drop(future)
        if differences:
            self._refuse(worker, differences)
            self._submit(*asked)
        elif answer:
            self._done[worker] += 1
            on_answer(asked[0], json.loads(answer))
        elif error:
            on_answer(asked[0], error)
        else:  # the archive was lost with the last worker that had it
            self._look_at_workers()
            if self._archive.cancelled() or self._archive.status == "lost":
                self._archive = self._send_archive()
            self._submit(*asked)

    def _send_archive(self) -> Future:
        """Copy the archive to each worker; those that come later take it from these."""
        return self._client.scatter(self._packed, broadcast=True, hash=False)

    def _drop(self, future: Future) -> None:
        """Forget a task, so that its result does not stay with the workers."""
        del self._waiting[future]
        future.release()

    def _refuse(self, worker: str, differences: Sequence[str]) -> None:
        """Give no more tasks to a worker. Raises WrongInput if no other is left."""
        if worker in self._refused:
            return
        self._refused.add(worker)
        self._progress.note(f"dask: the worker {worker} is refused: {', '.join(differences)}")
        if not self._list_workers() - self._refused:
            remedy = "install requirements.txt of this commit there, under the same Python"
            raise WrongInput(f"--dask {self._address}: no worker has the packages of this clone; {remedy}")

    def _list_workers(self) -> set[str]:
        """Return the addresses of the workers. Raises NotebookFailed if there is no scheduler any more."""
        try:
            return {*self._client.scheduler_info()["workers"]}
        except (OSError, RuntimeError):
            raise NotebookFailed(f"--dask {self._address}: the scheduler has ended; {_KEPT}") from None
