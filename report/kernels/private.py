"""Where kernels run: folders of their own, and an environment that lets nothing of the machine reach their results."""

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

# The kinds of kernels there are here, the suited one first, and what papermill calls them.
ENGINES = {"forked": "report", "plain": "report-plain"} if AVAILABLE else {"plain": "report-plain"}
LONGEST_SOCKET = 103
USERS_OWN = (
    "JUPYTER",
    "IPYTHON",
    "JPY_",
    "MPL",
    "MATPLOTLIB",
    "PYTHON",
    "PAPERMILL",
    "XDG_",
    "LC_",
    "REPORT_",
    "CLICOLOR",
    "PYDEVD_",
    "COLAB_",
)
USERS_TASTE = {"LANG", "LANGUAGE", "TZ", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "DISPLAY", "SOURCE_DATE_EPOCH"}
ABOUT_BYTECODE = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
SAME_EVERYWHERE = {
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
WARM = str(Path(__file__).with_name("warm.py"))
LIST_FONTS = "import runpy, sys; runpy.run_path(sys.argv[1])['list_own_fonts']()"
INLINE = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as a kernel sets it; matplotlib reads it once


@contextmanager
def private_folder() -> Iterator[Path]:
    """Give a new folder of a short absolute path, and remove it afterwards.

    Raises OSError if no temporary folder is short enough for a socket's path.
    """
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="ledger-", dir=_short_temporary_folder())))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _short_temporary_folder() -> str:
    longest = LONGEST_SOCKET - len("/ledger-12345678/k-5")
    for candidate in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        real = os.path.realpath(candidate)
        if len(os.fsencode(real)) <= longest and os.access(real, os.W_OK):
            return real
    raise OSError(
        f"the temporary folder's path, {tempfile.gettempdir()}, is too long for sockets; set TMPDIR to a shorter one"
    )


def private_environment(private: Path, more: Mapping[str, str], fonts: Path | None = None) -> dict[str, str]:
    """Return the kernel's environment: this one less everything a user may have set, with folders of its own."""
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
    for font_list in sorted(fonts.glob("fontlist-*.json")) if fonts else []:
        shutil.copy(font_list, own["MPLCONFIGDIR"])
    kept = {name: value for name, value in os.environ.items() if name in ABOUT_BYTECODE or not _users(name)}
    packages = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {"PYTHONNOUSERSITE": "1"}
    return {**kept, **packages, **SAME_EVERYWHERE, **{name: str(path) for name, path in own.items()}, **more}


def _users(name: str) -> bool:
    return name in USERS_TASTE or name.startswith(USERS_OWN)


@contextmanager
def warm_parent(fonts: Path | None) -> Iterator[WarmParent]:
    """Give a process to fork kernels from; it imports while this one goes on.

    `fonts` is the folder of matplotlib's font list; if there is none yet, the one that the process makes is kept there.
    """
    with private_folder() as private:
        environment = private_environment(private, INLINE, fonts)
        with closing(WarmParent(environment)) as parent:
            yield parent
        if fonts:
            keep_font_list(Path(environment["MPLCONFIGDIR"]), fonts)


def make_font_list(fonts: Path) -> None:
    """Put matplotlib's list of its own fonts into the folder `fonts`, unless it is there.

    With it a kernel neither searches the machine for fonts, which takes longer than most notebooks, nor finds any. It
    cannot be made where matplotlib cannot be imported: then a notebook that needs it says so.
    """
    if not has_font_list(fonts):
        with private_folder() as private:
            environment = private_environment(private, {"MPLBACKEND": "agg"})
            subprocess.run([sys.executable, "-c", LIST_FONTS, WARM], env=environment, capture_output=True, check=False)
            keep_font_list(Path(environment["MPLCONFIGDIR"]), fonts)


def has_font_list(folder: Path) -> bool:
    """Return whether matplotlib's font list lies in a folder."""
    return any(folder.glob("fontlist-*.json"))


def keep_font_list(made: Path, fonts: Path) -> None:
    """Copy the font list from the folder where matplotlib has made it, unless there is one."""
    for path in [] if has_font_list(fonts) else sorted(made.glob("fontlist-*.json")):
        fonts.mkdir(parents=True, exist_ok=True)
        unfinished = fonts / f"{path.name}.{os.getpid()}"
        unfinished.write_bytes(path.read_bytes())
        os.replace(unfinished, fonts / path.name)
