"""What a kernel gets of the machine: the variables it needs and no others, and a share of its memory."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import pytest
from conftest import Clone

from report.command import build
from report.kernels import limits, private
from report.kernels.private import ENGINES

KINDS = [pytest.param(kind, marks=pytest.mark.torture if kind != next(iter(ENGINES)) else ()) for kind in ENGINES]
SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "s3cret-1", "GITHUB_TOKEN": "s3cret-2", "SSH_AUTH_SOCK": "/tmp/s3cret-3",
    "HTTPS_PROXY": "http://me:s3cret-4@proxy", "DATABASE_URL": "postgres://me:s3cret-5@host", "USER": "s3cret-6",
    "PYTHONPATH": "/s3cret-7", "REPORT_SOMETHING": "s3cret-8", "LC_TIME": "s3cret-9", "MY_OWN": "s3cret-10",
}  # fmt: skip
OURS = {
    "HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_PATH",
    "MPLCONFIGDIR", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "REPORT_DATA", "REPORT_DRAWINGS", "REPORT_READS",
}  # fmt: skip
BY_JUPYTER = {"JPY_PARENT_PID", "JPY_SESSION_NAME", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "TERM", "PAGER",
              "GIT_PAGER", "MPLBACKEND", "PYDEVD_USE_FRAME_EVAL", "LC_CTYPE"}  # fmt: skip


MEMINFO = {"proc/meminfo": "MemTotal: 1024 kB\n"}
INSIDE = MEMINFO | {"proc/self/cgroup": "0::/\n"}


def printed(clone: Clone) -> str:
    """Return what the last cell of the notebook printed."""
    path = clone.folders.published / "notebooks" / "10_one.ipynb"
    return "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][-1]["outputs"][0]["text"])


@pytest.mark.slow
@pytest.mark.parametrize("engine", KINDS)
def test_no_secret_of_the_environment_reaches_a_cell(clone: Clone, without_exporters, monkeypatch, engine):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    real = "open('/proc/self/environ').read() if sys.platform == 'linux' else ''"
    found = f"'s3cret' in repr(dict(os.environ)) + {real}"
    clone.write("10_one", f"import json, os, sys\nprint(json.dumps([{found}, sorted(os.environ)]))")
    build.build(build.Request(quiet=True, engine=engine), clone.folders)
    leaks, names = json.loads(printed(clone))
    assert os.environ["MY_OWN"] == "s3cret-10"
    assert not leaks
    assert set(names) <= private._KEPT | set(private._SAME_EVERYWHERE) | OURS | BY_JUPYTER
    assert "PATH" in names


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (MEMINFO, 1 << 20),
        (INSIDE | {"sys/fs/cgroup/memory.max": "max"}, 1 << 20),
        (INSIDE | {"sys/fs/cgroup/memory.max": "4096"}, 4096),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "512"}, 512),
        ({"proc/self/cgroup": "4:memory:/c\n", "sys/fs/cgroup/memory/c/memory.limit_in_bytes": "256"}, 256),
        ({"proc/meminfo": "nothing"}, None),
        ({}, None),
    ],
    ids=["machine", "no limit", "container", "outer group", "first version", "damaged", "unknown"],
)
def test_the_memory_of_a_machine_or_container_is_known(tmp_path: Path, files, expected):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert limits.machine_memory(tmp_path) == expected


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are set on Linux only")
@pytest.mark.parametrize("engine", KINDS)
def test_a_kernel_may_take_a_share_of_the_memory_and_ends_first(clone: Clone, without_exporters, engine):
    score = "open('/proc/self/oom_score_adj').read()"
    clone.write("10_one", f"import resource\nprint(resource.getrlimit(resource.RLIMIT_DATA)[0], {score})")
    build.build(build.Request(quiet=True, engine=engine), clone.folders)
    limit, score = map(int, printed(clone).split())
    memory = limits.machine_memory()
    assert memory
    assert limit == round(memory * limits.SHARE)
    assert score == 1000
    assert resource.getrlimit(resource.RLIMIT_DATA)[0] != limit, "the program itself has no such limit"
