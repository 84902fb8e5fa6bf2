"""Private folders and a private environment for kernels, so that results do not depend on the machine."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from report.kernels.warm import AVAILABLE, WarmParent
from report.scratch import new_folder
from report.stops import WrongInput
from report.writing import write_whole

__all__ = [
    "CELL_TIMEOUT", "ENGINES", "FONT_LIST", "make_font_list", "private_environment", "private_folder", "warm_parent",
]  # fmt: skip

# The kinds of kernels on this machine, the default first, and the names of their engines in papermill.
ENGINES = {"forked": "report", "plain": "report-plain"} if AVAILABLE else {"plain": "report-plain"}
CELL_TIMEOUT = 600  # seconds that a cell may take
_LONGEST_SOCKET = 103
# What a kernel keeps of the environment: where programs, libraries and temporary files are, and what `make prove`
# varies. Everything else, such as tokens and a user's settings, does not reach the cells.
_KEPT = {
    "PATH", "TMPDIR", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
    "LOCALE_ARCHIVE", "NIX_LD", "NIX_LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX",
    "NPY_DISABLE_CPU_FEATURES", "OPENBLAS_CORETYPE", "GLIBC_TUNABLES", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC",
}  # fmt: skip
_SAME_EVERYWHERE = {
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
_WARM = str(Path(__file__).with_name("warm.py"))
FONT_LIST = "fontlist-*.json"
_LIST_FONTS = "import runpy, sys; runpy.run_path(sys.argv[1])['list_own_fonts']()"
_INLINE = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as a kernel sets it; matplotlib reads it once


@contextmanager
def private_folder() -> Iterator[Path]:
    """Give a new folder of a short absolute path, and remove it afterwards.

    Raises WrongInput if no temporary folder is short enough for a socket's path.
    """
    with new_folder(_short_temporary_folder()) as folder:
        yield folder


def _short_temporary_folder() -> str:
    longest = _LONGEST_SOCKET - len("/ledger-12345678/k-5")
    for candidate in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        real = os.path.realpath(candidate)
        if len(os.fsencode(real)) <= longest and os.access(real, os.W_OK):
            return real
    raise WrongInput(f"TMPDIR: the path {tempfile.gettempdir()} is too long for sockets; set it to a shorter one")


def private_environment(private: Path, more: Mapping[str, str], fonts: Path | None = None) -> dict[str, str]:
    """Return the kernel's environment: what is kept of this one, with private folders and with `more`."""
    home = private / "home"
    own = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "jupyter" / "config",
        "JUPYTER_DATA_DIR": home / "jupyter" / "data",
        "JUPYTER_RUNTIME_DIR": home / "jupyter" / "runtime",
        "JUPYTER_PATH": home / "jupyter" / "path",
        "MPLCONFIGDIR": home / "matplotlib",
    }
    for path in own.values():
        path.mkdir(parents=True, exist_ok=True)
    for font_list in sorted(fonts.glob(FONT_LIST)) if fonts else []:
        shutil.copy(font_list, own["MPLCONFIGDIR"])
    kept = {name: os.environ[name] for name in sorted(_KEPT & os.environ.keys())}
    packages = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {"PYTHONNOUSERSITE": "1"}
    return {**kept, **packages, **_SAME_EVERYWHERE, **{name: str(path) for name, path in own.items()}, **more}


@contextmanager
def warm_parent(fonts: Path | None) -> Iterator[WarmParent]:
    """Give a process to fork kernels from; it imports while this one continues.

    `fonts` is the folder of matplotlib's font list; if it has none yet, the list that the process makes is kept there.
    """
    with private_folder() as private:
        environment = private_environment(private, _INLINE, fonts)
        with closing(WarmParent(environment)) as parent:
            yield parent
        if fonts:
            _keep_font_list(Path(environment["MPLCONFIGDIR"]), fonts)


def make_font_list(fonts: Path) -> None:
    """Put matplotlib's list of its own fonts into the folder `fonts`, unless it is there.

    With it a kernel does not search the machine for fonts, which takes longer than most notebooks, and uses none of
    them. If matplotlib cannot be imported there is no list, and a notebook that needs it fails where it imports it.
    """
    if not any(fonts.glob(FONT_LIST)):
        with private_folder() as private:
            environment = private_environment(private, {"MPLBACKEND": "agg"})
            command = [sys.executable, "-c", _LIST_FONTS, _WARM]
            subprocess.run(command, env=environment, capture_output=True, check=False)
            _keep_font_list(Path(environment["MPLCONFIGDIR"]), fonts)


def _keep_font_list(source: Path, fonts: Path) -> None:
    """Copy the font list from matplotlib's folder to `fonts`, unless there is one."""
    for path in [] if any(fonts.glob(FONT_LIST)) else sorted(source.glob(FONT_LIST)):
        write_whole(fonts / path.name, path.read_bytes())
