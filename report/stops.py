"""The reasons why a command stops, each with its exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from claims.tables.messages import list_problems

if TYPE_CHECKING:
    from typing import Self

__all__ = [
    "FAILED", "INTERRUPTED", "OK", "UNPINNED", "WRONG_INPUT", "ChangedMeanwhile", "HalfPublished", "NotebookFailed",
    "Refuted", "Stop", "Unchained", "Unpinned", "WrongInput",
]  # fmt: skip

OK, FAILED, WRONG_INPUT, UNPINNED, INTERRUPTED = 0, 1, 2, 3, 130


class Stop(Exception):
    """The command cannot continue; the message is all a person needs, and `exit_code` is what a script needs."""

    exit_code = FAILED

    @classmethod
    def listing(cls, headline: str, problems: Iterable[str], last: str = "") -> Self:
        """Return a stop that lists all problems under a headline that counts them, and ends with `last`.

        >>> print(WrongInput.listing("parameters", ["counting: …", "pace: …"]))
        parameters: 2 problems
          counting: …
          pace: …
        """
        return cls(list_problems(headline, problems) + (f"\n{last}" if last else ""))


class WrongInput(Stop):
    """The ledger, a parameter, an option or a notebook's source is wrong; nothing was executed."""

    exit_code = WRONG_INPUT


class NotebookFailed(Stop):
    """A notebook raised an exception, or has outputs that cannot be published.

    `texts` has the message of each notebook that stopped, by its name.
    """

    texts: Mapping[str, str] = MappingProxyType({})


class ChangedMeanwhile(Stop):
    """An input changed while the report was built, so that its sources are unclear."""


class HalfPublished(Stop):
    """Only some of the new files could be put in place; what is published is mixed until the next build."""


class Unchained(Stop):
    """A number of the report has no link to its evidence."""


class Refuted(Stop):
    """A sentence or a headline asserts what does not follow from the figures."""

    exit_code = UNPINNED


class Unpinned(Stop):
    """The ledger's disagreements are not those that data/known_disagreements.csv explains."""

    exit_code = UNPINNED
