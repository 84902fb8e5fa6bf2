"""Why a build stops, and the exit code that says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

OK, FAILED, WRONG_INPUT, UNPINNED, INTERRUPTED = 0, 1, 2, 3, 130


class Stop(Exception):
    """The build cannot go on; the message is all a person needs, and `exit_code` is what a script needs."""

    exit_code = FAILED

    @classmethod
    def listing(cls, headline: str, problems: Iterable[str], last: str = "") -> Self:
        """Return a stop that lists all problems under a headline that counts them, and ends with `last`.

        >>> print(WrongInput.listing("parameters", ["counting: …", "pace: …"]))
        parameters: 2 problems
          counting: …
          pace: …
        """
        lines = list(problems)
        count = f"{len(lines)} problem{'s' * (len(lines) != 1)}"
        return cls("\n".join([f"{headline}: {count}", *(f"  {line}" for line in lines), *([last] if last else [])]))


class WrongInput(Stop):
    """The ledger, a parameter, an option or a notebook's source is wrong; nothing was executed."""

    exit_code = WRONG_INPUT


class NotebookFailed(Stop):
    """A notebook raised an exception, or left outputs that cannot be published."""


class ChangedMeanwhile(Stop):
    """An input changed while the report was built, so that nobody can say what it was built from."""


class Unchained(Stop):
    """A number of the report does not lead to its evidence."""


class Unpinned(Stop):
    """The ledger's disagreements are not those that data/known_disagreements.csv explains."""

    exit_code = UNPINNED
