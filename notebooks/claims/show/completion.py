"""Tab in a kernel: names of the book's figures at once, without the seconds that Jedi takes to analyse packages.

JupyterLab lists completions by the alphabet, so the hundreds of names of figures would hide what a book can do. They
are offered after their first letter.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["allow", "offer", "register"]

_ATTRIBUTE = re.compile(r"(?P<object>[A-Za-z_]\w*)\.(?P<letters>[a-z]\w*)")
_offered: dict[type, Callable] = {}


def register(shell: InteractiveShell) -> None:
    """Let the shell complete from live objects only; JupyterLab does not wait for Jedi's first answer."""
    shell.Completer.use_jedi = False
    shell.Completer.custom_matchers.append(lambda text: _matches(shell, text))


def offer(kind: type, names: Callable[..., Iterable[str]]) -> None:
    """Let Tab complete, after their first letter, names of an object of `kind` that `dir` does not list."""
    _offered[kind] = names


def _matches(shell: InteractiveShell, text: str) -> list[str]:
    """Return the names that begin with the letters after the dot in `text`, each with what is before the dot."""
    if not (match := _ATTRIBUTE.fullmatch(text)):
        return []
    owner = shell.user_ns.get(match["object"])
    names = _offered[type(owner)](owner) if type(owner) in _offered else ()
    return [f"{match['object']}.{name}" for name in names if name.startswith(match["letters"])]


def allow(kind: type) -> None:
    """Let Tab read attributes of objects of `kind`, which computes some of them; nothing happens outside a kernel."""
    if "IPython" in sys.modules:
        from IPython.core.guarded_eval import EVALUATION_POLICIES

        EVALUATION_POLICIES["limited"].allowed_getattr.add(kind)  # type: ignore[attr-defined]
