"""Builds the report in environments that are varied on purpose, and compares every byte: `make prove`.

    python tests/prove.py                   all of them
    python tests/prove.py --only TZ         those named
    python tests/prove.py --published       compare with what is published, instead of a plain build first
    python tests/prove.py --list            their names

Each build runs in a copy of its own, nothing reused. Before it counts, a probe shows in the same environment that what
is varied is really there: for the clock and the processor, in a kernel too (workers and engine are options of the build
itself). What this machine does not have is listed and not counted. Exit codes: 0 all identical, 1 not, 2 wrong option.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from report import digests  # noqa: E402
from report.folders import Folders  # noqa: E402
from report.kernels.private import ENGINES  # noqa: E402
from report.runs import inputs  # noqa: E402

YEARS = 9
CLOCK = "import time; print(time.time())"
CPU = "from numpy._core._multiarray_umath import __cpu_features__ as f; print([n for n in {names} if f[n]])"
IN_KERNEL = """
import json, sys
from pathlib import Path
from report import progress
from report.folders import Folders
from report.runs import execute, selection
code = {code!r}
cell = dict(cell_type="code", id="one", metadata=dict(), source=code, outputs=[], execution_count=None)
path = Path(sys.argv[1]) / "probe.ipynb"
path.write_text(json.dumps(dict(cells=[cell], metadata=dict(), nbformat=4, nbformat_minor=5)))
folders = Folders()
with execute.KernelSource(None, folders) as kernels:
    ran = execute.execute([selection.read(path)], dict(), folders, progress.Progress(), kernels)
print(ran["probe"]["cells"][0]["outputs"][0]["text"])
"""


@dataclass(frozen=True)
class Trial:
    """Where a build runs: the copy, scratch beside it, and its environment."""

    copy: Path
    scratch: Path
    environment: Mapping[str, str]
    umask: int = 0o022
    wrapper: tuple[str, ...] = ()

    def run(self, *command: str, timeout: int = 600) -> subprocess.CompletedProcess:
        """Run Python with these arguments, as the build is run."""
        return subprocess.run(
            [*self.wrapper, sys.executable, *command],
            cwd=self.copy,
            env=dict(self.environment),
            umask=self.umask,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )

    def run_code(self, code: str, *more: str) -> str:
        """Return what a piece of Python prints here."""
        ran = self.run("-c", code, *more)
        if ran.returncode:
            raise AssertionError(f"the probe failed: {(ran.stderr or ran.stdout).strip().splitlines()[-1:]}")
        return ran.stdout.strip()

    def run_in_kernel(self, code: str) -> str:
        """Return what a kernel of the report prints here."""
        return self.run_code(IN_KERNEL.format(code=code), str(self.scratch))


class Unavailable(Exception):
    """This machine does not have what a variation needs."""


@dataclass(frozen=True)
class Variation:
    """One way to vary what surrounds a build, and how to see that it is varied.

    `prepare` returns the environment's additions, given the scratch folder; `probe` raises or returns False unless the
    variation is there.
    """

    name: str
    prepare: Callable[[Path], Mapping[str, str]] = lambda scratch: {}
    probe: Callable[[Trial], object] = lambda trial: True
    folder: str = "copy"
    arguments: tuple[str, ...] = ()
    umask: int = 0o022
    wrapper: tuple[str, ...] = ()


# ---- what is varied, and the proof that it is ----


def hostile_home(scratch: Path) -> dict[str, str]:
    """Fill a home with everything that is known to change results, and point at it in every way there is."""
    home, other = scratch / "hostile home", scratch / "foreign modules"
    files = {
        ".ipython/profile_default/startup/00-hostile.py": "hostile = True\nprint('hostile start-up')\n",
        ".ipython/profile_default/ipython_config.py": "c.InteractiveShell.ast_node_interactivity = 'all'\n",
        ".config/matplotlib/matplotlibrc": "axes.facecolor: red\nfigure.dpi: 33\nsvg.fonttype: path\n",
        "config/jupyter_nbconvert_config.py": "c.Exporter.preprocessors = ['hostile.Missing']\n",
        "data/nbconvert/templates/lab/index.html.j2": "hostile template",
        "data/kernels/python3/kernel.json": json.dumps(
            {"argv": ["/bin/false"], "display_name": "hostile", "language": "python"}
        ),
    }
    modules = {"hostile.py": "", "claims/__init__.py": "raise RuntimeError('hostile claims')\n"}
    for folder, contents in ((home, files), (other, modules)):
        for name, text in contents.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return {
        "HOME": str(home),
        "PYTHONPATH": str(other),
        "MPLBACKEND": "pdf",
        "MPLCONFIGDIR": str(home / ".config/matplotlib"),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_PATH": str(home / "data"),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "PYTHONSTARTUP": str(home / ".ipython/profile_default/startup/00-hostile.py"),
        "COLUMNS": "31",
        "FORCE_COLOR": "1",
    }


HOSTILE = {
    "IPython start-up file": (
        "from IPython import start_ipython; start_ipython(argv=['--no-banner', '-c', 'print(hostile)'])",
        "True",
    ),
    "matplotlibrc": ("import matplotlib; print(matplotlib.rcParams['axes.facecolor'])", "red"),
    "MPLBACKEND": ("import matplotlib; print(matplotlib.get_backend())", "pdf"),
    "nbconvert configuration": (
        "from nbconvert.nbconvertapp import NbConvertApp as A; a = A(); a.load_config_file(); print(a.config)",
        "hostile.Missing",
    ),
    "nbconvert template": (
        "import nbformat, nbconvert; print(nbconvert.HTMLExporter().from_notebook_node(nbformat.v4.new_notebook())[0])",
        "hostile template",
    ),
    "foreign kernelspec python3": (
        "from jupyter_client.kernelspec import KernelSpecManager as M; print(M().get_kernel_spec('python3').argv)",
        "/bin/false",
    ),
    "PYTHONPATH": ("import hostile; print(hostile.__file__)", "foreign modules"),
    "JUPYTER_*": (
        "from jupyter_core import paths; print(paths.jupyter_path(), paths.jupyter_config_dir())",
        "hostile home",
    ),
}


def home_is_hostile(trial: Trial) -> bool:
    """Return whether the tools themselves, run one by one, fall for each trap of the hostile home."""
    harmless = [name for name, (code, sign) in HOSTILE.items() if sign not in trial.run_code(code)]
    if harmless:
        raise AssertionError(f"not there: {', '.join(harmless)}")
    return True


def far_clock(scratch: Path) -> dict[str, str]:
    """Return what moves the clock by years, of a library that is preloaded."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")) + sorted(
        Path("/usr/lib").glob("faketime/*.so.1")
    )
    if not found:
        raise Unavailable("libfaketime is not installed (Debian, Ubuntu: apt install faketime)")
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME": f"+{YEARS}y",
    }


def clock_is_far(trial: Trial) -> bool:
    """Return whether the clock is years ahead, here and in a kernel."""
    ahead = [(float(text) - time.time()) / 31557600 for text in (trial.run_code(CLOCK), trial.run_in_kernel(CLOCK))]
    return all(abs(years - YEARS) < 0.1 for years in ahead)


def features() -> list[str]:
    """Return the features of this processor that numpy uses if it has them."""
    code = "from numpy._core import _multiarray_umath as m; print(*filter(m.__cpu_features__.get, m.__cpu_dispatch__))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=plain(Path("/")))
    return ran.stdout.split()


def no_features(scratch: Path) -> dict[str, str]:
    """Return what makes numpy do without them."""
    if not features():
        raise Unavailable("numpy uses no feature of this processor that it could do without")
    return {"NPY_DISABLE_CPU_FEATURES": " ".join(features())}


def features_are_off(trial: Trial) -> bool:
    """Return whether numpy does without, here and in a kernel."""
    code = CPU.format(names=features())
    return trial.run_code(code) == "[]" == trial.run_in_kernel(code)


def one_core() -> tuple[str, ...]:
    """Return the beginning of a command that runs the rest on one core."""
    return (sys.executable, "-c", "import os, sys; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); "
            "os.execv(sys.argv[1], sys.argv[1:])")  # fmt: skip


def cores(scratch: Path) -> dict[str, str]:
    """Return nothing, where a process can be kept to one core."""
    if not hasattr(os, "sched_setaffinity"):
        raise Unavailable("this system does not keep a process to one core")
    return {}


def on_one_core(trial: Trial) -> bool:
    """Return whether there is one core only."""
    return trial.run_code("import os; print(len(os.sched_getaffinity(0)))") == "1"


def without_home(scratch: Path) -> dict[str, str]:
    """Return a home that is not there."""
    return {"HOME": str(scratch / "no such home")}


def home_is_not_there(trial: Trial) -> bool:
    """Return whether there is no such home."""
    return trial.run_code("import os; print(os.path.exists(os.environ['HOME']))") == "False"


def everything(scratch: Path) -> dict[str, str]:
    """Return as much of all this at once as this machine has."""
    found: dict[str, str] = {"TZ": "Pacific/Chatham", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "77"}
    for prepare in (hostile_home, far_clock, no_features):
        try:
            found |= prepare(scratch)
        except Unavailable as missing:
            print(f"{'everything':<16} without one of them: {missing}", flush=True)
    return found


def time_zone_is(name: str) -> Callable[[Trial], bool]:
    """Return a probe for a time zone."""
    code = "import datetime; print(datetime.datetime(2025, 7, 1).astimezone().utcoffset() != datetime.timedelta())"
    return lambda trial: trial.run_code(code) == "True" and trial.environment["TZ"] == name


def locale_is_ascii(trial: Trial) -> bool:
    """Return whether text is ASCII by default."""
    code = "import locale; print(locale.setlocale(locale.LC_ALL, ''), locale.nl_langinfo(locale.CODESET))"
    return "ANSI_X3.4-1968" in trial.run_code(code)


def hash_seed_is_another(trial: Trial) -> bool:
    """Return whether hashes, and with them the order of sets, differ from the usual ones."""
    code = "print(hash('ledger'), list({'claims', 'ledger', 'sources', 'sectors'}))"
    usual = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=plain(Path("/")), check=True
    )
    return trial.run_code(code) != usual.stdout.strip()


def umask_is(trial: Trial) -> bool:
    """Return whether a new file is readable by its owner only."""
    code = "import os, sys; p = sys.argv[1] + '/new'; open(p, 'w').close(); print(oct(os.stat(p).st_mode)[-3:])"
    return trial.run_code(code, str(trial.scratch)) == "600"


def folder_is_odd(trial: Trial) -> bool:
    """Return whether the folder's name has a blank and letters beyond ASCII."""
    text = trial.run_code("import os; print(ascii(os.getcwd()))")
    return " " in text and "\\u" in text


def all_at_once(trial: Trial) -> bool:
    """Return whether all of it is there."""
    clock = "FAKETIME" not in trial.environment or clock_is_far(trial)
    processor = "NPY_DISABLE_CPU_FEATURES" not in trial.environment or features_are_off(trial)
    if not (clock and processor and time_zone_is("Pacific/Chatham")(trial) and locale_is_ascii(trial)):
        return False
    return home_is_hostile(trial) and hash_seed_is_another(trial) and umask_is(trial) and folder_is_odd(trial)


VARIATIONS = (
    Variation("folder", folder="провер ка ünï ‘copy’", probe=folder_is_odd),
    Variation("no-home", without_home, home_is_not_there),
    Variation("hostile-home", hostile_home, home_is_hostile),
    Variation("time-zone", lambda scratch: {"TZ": "Asia/Almaty"}, time_zone_is("Asia/Almaty")),
    Variation("time-zone-west", lambda scratch: {"TZ": "America/St_Johns"}, time_zone_is("America/St_Johns")),
    Variation("locale", lambda scratch: {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}, locale_is_ascii),
    Variation("hash-seed", lambda scratch: {"PYTHONHASHSEED": "4242"}, hash_seed_is_another),
    Variation("umask", umask=0o077, probe=umask_is),
    Variation("clock", far_clock, clock_is_far),
    Variation("cpu", no_features, features_are_off),
    Variation("one-core", cores, on_one_core, wrapper=one_core()),
    Variation("one-worker", arguments=("--workers", "1")),
    Variation("four-workers", arguments=("--workers", "4")),
    *(Variation(f"{kind}-engine", arguments=("--engine", kind)) for kind in list(ENGINES)[1:]),
    Variation("everything", everything, all_at_once, "все ‘at once’ ünï", ("--workers", "4"), 0o077),
)


# ---- building and comparing ----


def plain(scratch: Path) -> dict[str, str]:
    """Return the environment that everything is compared with: a path, an empty home, and nothing else."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(scratch),
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
    }


def build_hashes(trial: Trial, arguments: Sequence[str] = ()) -> dict[str, str]:
    """Return the hash of every file that a build publishes there. Raises AssertionError if it fails."""
    ran = trial.run("-m", "report", "build", "--fresh", *arguments)
    if ran.returncode:
        raise AssertionError(f"the build failed with {ran.returncode}: {(ran.stderr or ran.stdout).strip()}")
    return published_hashes(Folders(trial.copy))


def published_hashes(folders: Folders) -> dict[str, str]:
    """Return the hash of every file that is published there."""
    hashes = {"figures": digests.hash_files(folders.figures), "published": digests.hash_files(folders.published)}
    return {f"{folder}/{name}": sha256 for folder, files in hashes.items() for name, sha256 in files.items()}


def plain_hashes(scratch: Path) -> dict[str, str]:
    """Return the hash of every file of a build in the plain environment, in a copy in `scratch`."""
    scratch.mkdir()
    copy = inputs.copy_inputs(Folders(ROOT), scratch / "copy")
    return build_hashes(Trial(copy, scratch, plain(scratch)))


@dataclass
class Outcomes:
    """The outcome of each variation: identical, different and how, or unavailable on this machine."""

    expected: Mapping[str, str]
    identical: list[str] = field(default_factory=list)
    different: dict[str, str] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)

    def record(self, variation: Variation, scratch: Path) -> str:
        """Build under a variation, compare, and return the outcome in words."""
        try:
            environment = {**plain(scratch), **variation.prepare(scratch)}
            copy = inputs.copy_inputs(Folders(ROOT), scratch / variation.folder)
            trial = Trial(copy, scratch, environment, variation.umask, variation.wrapper)
            if not variation.probe(trial):
                raise AssertionError("the probe does not find what should be varied, so the build would prove nothing")
            found = build_hashes(trial, variation.arguments)
        except Unavailable as missing:
            self.unavailable[variation.name] = str(missing)
            return f"not here: {missing}"
        except (AssertionError, subprocess.TimeoutExpired) as error:
            self.different[variation.name] = str(error)
            return f"FAILED: {error}"
        if names := digests.changed_names(self.expected, found):
            self.different[variation.name] = ", ".join(names)
            return f"DIFFERENT: {', '.join(names)}"
        self.identical.append(variation.name)
        return f"identical, {len(found)} files"


def select_variations(names: Sequence[str]) -> Iterator[Variation]:
    """Yield the variations of these names, all if there are none."""
    yield from (variation for variation in VARIATIONS if not names or variation.name in names)


def main() -> int:
    """Run the variations, print each outcome, and return the exit code."""
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__.partition("\n")[0])
    names = [variation.name for variation in VARIATIONS]
    parser.add_argument("--only", action="append", default=[], choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument(
        "--published", action="store_true", help="compare with what is published here, instead of a plain build first"
    )
    parser.add_argument("--list", action="store_true", help="print their names")
    arguments = parser.parse_args()
    if arguments.list:
        print(*names, sep="\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="ledger-prove-") as folder:
        base = Path(os.path.realpath(folder))
        name = "published" if arguments.published else "plain"
        expected = published_hashes(Folders(ROOT)) if arguments.published else plain_hashes(base / name)
        print(f"{name:<16} {len(expected)} files to compare with ({digests.hash_value(expected)[:12]})", flush=True)
        outcomes = Outcomes(expected)
        for variation in select_variations(arguments.only):
            began, scratch = time.monotonic(), base / variation.name
            scratch.mkdir()
            text = outcomes.record(variation, scratch)
            print(f"{variation.name:<16} {text} ({time.monotonic() - began:.0f} s)", flush=True)
            shutil.rmtree(scratch, ignore_errors=True)
    tried = len(outcomes.identical) + len(outcomes.different)
    unavailable = ", ".join(outcomes.unavailable) or "none"
    print(f"{len(outcomes.identical)} of {tried} environments identical; not here: {unavailable}")
    return 0 if tried and not outcomes.different else 1


if __name__ == "__main__":
    sys.exit(main())
