"""A sweep on Dask workers, each a process of its own: the same bytes, whatever happens to the workers."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import large_ledger
import polars as pl
import pytest
from conftest import Clone, finding

from report.cluster import archive, scheduling
from report.folders import Folders

pytest.importorskip("distributed")
DECLARED = "pace: {type: number, low: 0, high: 20, meaning: how fast}"
READINGS = "choices:\n  pace: {values: [2, 3, 4, 5, 6], why: Nobody says how fast.}\n"
QUIET = ("--no-dashboard", "--host", "127.0.0.1")


@pytest.fixture
def swept(clone):
    """Return a clone with a notebook of six readings, each of which takes a moment."""
    clone.declare(DECLARED)
    (clone.folders.notebooks / "readings.yaml").write_text(READINGS, encoding="utf-8")
    write(clone, "import time\ntime.sleep(0.3)")
    return clone


def write(clone: Clone, first: str) -> None:
    clone.write("20_two", first, finding("twice", "pace * 2"), parameters="pace = 1.0", sweep=True)


def wait_for(ready: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


@contextmanager
def dask(*arguments: str, environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen]:
    """Give a process of Dask, which ends with the block."""
    command = [sys.executable, "-m", "dask", *arguments, *QUIET]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """Return the file by which workers find a scheduler, and its address."""
    file = tmp_path_factory.mktemp("scheduler") / "scheduler.json"
    with dask("scheduler", "--port", "0", "--scheduler-file", str(file)):
        wait_for(file.exists)
        yield file, json.loads(file.read_text())["address"]


@contextmanager
def worker(scheduler, folder: Path, environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen]:
    """Give a worker with one thread, which keeps what it is given below `folder`."""
    options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
    with dask("worker", "--scheduler-file", str(scheduler[0]), *options, environment=environment) as process:
        yield process


def rows(clone: Clone) -> list[str]:
    return (clone.folders.build / "sweep" / "sweep.csv").read_text("utf-8").splitlines()


@pytest.mark.slow
def test_workers_give_the_bytes_of_a_local_sweep_and_keep_nothing(swept, scheduler, tmp_path):
    local = swept.copy(tmp_path / "local")
    assert local.report("sweep").returncode == 0
    with worker(scheduler, tmp_path / "a"), worker(scheduler, tmp_path / "b"):
        done = swept.report("sweep", "--dask", scheduler[1])
        assert [*tmp_path.rglob("report-*")] == [], "the folders of runs are deleted"
    assert (done.returncode, done.stderr) == (0, "")
    assert rows(swept) == rows(local)
    assert len(rows(swept)) == 1 + 6
    assert "dask: " in done.stdout and "dashboard at http://127.0.0.1:" in done.stdout
    counts = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("tcp://127.0.0.1:")]
    assert sum(counts) == 6
    assert "6 runs (6 reused)" in swept.report("sweep").stdout, "what workers have done is kept here"


@pytest.mark.slow
def test_runs_lost_with_a_killed_worker_are_repeated_by_another(swept, scheduler, tmp_path):
    kept = swept.folders.build / "cache" / "sweep"
    with worker(scheduler, tmp_path / "a") as killed:
        sweep = subprocess.Popen(
            **swept.command("sweep", "--dask", scheduler[1]), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        wait_for(lambda: len([*kept.glob("*.json")]) >= 1)
        killed.kill()
        assert len([*kept.glob("*.json")]) < 6, "it was killed in the middle"
        with worker(scheduler, tmp_path / "b"):
            out, errors = sweep.communicate(timeout=120)
    assert (sweep.returncode, errors) == (0, "")
    assert [line.split(",")[0] for line in rows(swept)[1:]] == ["default", *(f"pace={pace}" for pace in range(2, 7))]
    assert "is gone; its runs are repeated elsewhere" in out


@pytest.mark.slow
def test_a_worker_with_another_version_is_refused_by_name(swept, scheduler, tmp_path):
    fake = tmp_path / "packages" / "pandas-0.1.dist-info"
    fake.mkdir(parents=True)
    (fake / "METADATA").write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n", encoding="utf-8")
    shutil.copy(Path(__file__).parents[3] / "requirements.txt", swept.root)
    environment = {**swept.command()["env"], "PYTHONPATH": str(fake.parent)}
    with worker(scheduler, tmp_path / "a", environment):
        alone = swept.report("sweep", "--dask", scheduler[1])
        assert alone.returncode == 2
        assert "no worker has the packages of this clone" in alone.stderr
        with worker(scheduler, tmp_path / "b"):
            time.sleep(2)
            beside = swept.report("sweep", "--dask", scheduler[1])
    for done in (alone, beside):
        assert "is refused: pandas is 0.1, not " in done.stdout
    assert beside.returncode == 0
    assert len(rows(swept)) == 1 + 6


@pytest.mark.slow
def test_a_failing_run_is_reported_as_if_it_had_run_here(swept, scheduler, tmp_path):
    write(swept, "assert pace != 3, 'too fast'")
    with worker(scheduler, tmp_path / "a"):
        done = swept.report("sweep", "--dask", scheduler[1])
    assert done.returncode == 1
    assert "20_two.ipynb stopped in cell one (3 of 4), line 1\n  AssertionError: too fast" in done.stderr
    assert "half-run notebook: report/build/failed/20_two+pace-3.ipynb" in done.stderr
    assert (swept.folders.build / "failed" / "20_two+pace-3.ipynb").exists()


@pytest.mark.slow
def test_a_cluster_without_workers_is_reported_soon(swept, scheduler):
    started = time.monotonic()
    done = swept.report("sweep", "--dask", scheduler[1])
    assert done.returncode == 2
    assert f"--dask {scheduler[1]}: no workers after 10 s; start one on each machine with dask worker" in done.stderr
    assert time.monotonic() - started < 60
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.slow
def test_an_address_where_nothing_answers_is_reported(swept):
    done = swept.report("sweep", "--dask", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert "--dask tcp://127.0.0.1:9: no Dask scheduler answers there" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="a certificate is made with openssl")
def test_runs_go_through_tls(swept, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    names = {"CA_FILE": certificate}
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        names |= {f"{role}__KEY": key, f"{role}__CERT": certificate}
    tls = {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(path) for name, path in names.items()}
    environment = {**swept.command()["env"], **tls}
    file = tmp_path / "scheduler.json"
    options = ("--protocol", "tls", "--port", "0", "--scheduler-file", str(file))
    with dask("scheduler", *options, environment=environment):
        wait_for(file.exists)
        address = json.loads(file.read_text())["address"]
        with worker((file, address), tmp_path / "a", environment):
            done = swept.report("sweep", "--dask", address, environment=tls)
        without = swept.report("sweep", "--dask", address, "--fresh")
    assert (address[:6], done.returncode) == ("tls://", 0)
    assert without.returncode == 2
    assert "for tls:// set DASK_DISTRIBUTED__COMM__TLS__CA_FILE" in without.stderr


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("tcp://10.0.0.5:8786", True),
        ("10.0.0.5:8786", True),
        ("tcp://scheduler:8786", True),
        ("tcp://127.0.0.1:8786", False),
        ("tcp://[::1]:8786", False),
        ("localhost:8786", False),
        ("tls://10.0.0.5:8786", False),
    ],
)
def test_plain_tcp_beyond_this_machine_is_warned_of(address, is_open):
    assert scheduling.is_open(address) is is_open


def test_the_archive_has_code_and_data_and_nothing_generated(clone, tmp_path):
    clone.write("20_two", "1")
    files = zipfile.ZipFile(io.BytesIO(archive.pack(clone.folders))).namelist()
    assert {"notebooks/20_two.ipynb", "report/cluster/serving.py", "notebooks/claims/ledger/model.py"} <= {*files}
    assert not [name for name in files if name.startswith(("figures", "report/published", "report/build"))]
    assert archive.pack(clone.folders) == archive.pack(clone.folders)
    other = tmp_path / "other"
    other.mkdir()
    (other / "claims.csv").write_text("other", encoding="utf-8")
    packed = zipfile.ZipFile(io.BytesIO(archive.pack(Folders(clone.root, other))))
    assert [packed.read(name) for name in packed.namelist() if name.startswith("data/")] == [b"other"]


@pytest.mark.slow
def test_the_parts_of_a_ledger_are_judged_as_the_whole(scheduler, tmp_path):
    folder, root = tmp_path / "ledger", Path(__file__).parents[3]
    large_ledger.write_ledger(folder, 2_000)
    whole, parts = tmp_path / "whole.parquet", tmp_path / "parts.parquet"
    judge = [sys.executable, "-m", "report", "judge", "--data", str(folder), "--output"]
    assert subprocess.run([*judge, str(whole)], cwd=root, check=False).returncode == 0
    with worker(scheduler, tmp_path / "a"), worker(scheduler, tmp_path / "b"):
        done = subprocess.run([*judge, str(parts), "--dask", scheduler[1]], cwd=root, check=False)
    assert done.returncode == 0
    assert pl.read_parquet(parts).equals(pl.read_parquet(whole))
    assert pl.read_parquet(whole).height > 100


@pytest.fixture
def one_worker(monkeypatch, tmp_path):
    """Return `remote`, a worker for it whose processes repeat their requests, and a list of its looks at packages."""
    looks: list[list[str]] = []
    dask_worker = SimpleNamespace(address="tcp://127.0.0.1:1", local_directory=str(tmp_path))
    repeat = [sys.executable, "-c", "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"]

    def start(archive, worker):
        return str(tmp_path / "run"), subprocess.Popen(repeat, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    from report.cluster import remote  # it needs Dask

    monkeypatch.setattr(remote, "get_worker", lambda: dask_worker)
    monkeypatch.setattr(remote, "_start", start)
    monkeypatch.setattr(remote, "describe", lambda names: looks.append([*names]) or {})
    yield remote, dask_worker, looks
    remote.close(dask_worker)


def test_packages_are_compared_once_for_each_process(one_worker):
    remote, dask_worker, looks = one_worker
    answers = [remote.run(b"zip", json.dumps(number), {}) for number in range(3)]
    assert [answer for _, answer, _ in answers] == ["0\n", "1\n", "2\n"]
    assert len(looks) == 1, "a process keeps the packages that it began with"
    for process in [process for waiting in vars(dask_worker)["_report_idle"].values() for _, process in waiting]:
        process.kill()
        process.wait()
    assert remote.run(b"zip", "3", {})[1] == "3\n"
    assert len(looks) == 2, "a new process may have others"
