"""Tab in a kernel: names of the book's figures at once, without the seconds that Jedi takes to analyse packages."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["allow", "register"]


def register(shell: InteractiveShell) -> None:
    """Let the shell complete from live objects only; JupyterLab does not wait for Jedi's first answer."""
    shell.Completer.use_jedi = False


def allow(kind: type) -> None:
    """Let Tab read attributes of objects of `kind`, which computes some of them; nothing happens outside a kernel."""
    if "IPython" in sys.modules:
        from IPython.core.guarded_eval import EVALUATION_POLICIES

        EVALUATION_POLICIES["limited"].allowed_getattr.add(kind)  # type: ignore[attr-defined]
