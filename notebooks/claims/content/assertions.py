"""What a sentence asserts about the figures, beyond the numbers that it quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["MIME", "NO_LONGER", "Assertion"]

MIME = "application/vnd.ledger.assertion+json"
NO_LONGER = "(this does not follow from the figures)"  # what a page shows where an assertion fails


@dataclass(frozen=True)
class Assertion:
    """Whether what a sentence says follows from the figures, and, if not, what a build says of it.

    >>> Assertion(True).words, Assertion(False, "The lead is gone").words
    ('', '(this does not follow from the figures)')
    """

    holds: bool
    message: str = ""

    @property
    def words(self) -> str:
        """Return what a reader sees: nothing if it holds."""
        return "" if self.holds else NO_LONGER

    @property
    def payload(self) -> dict[str, object]:
        """Return it as it leaves a kernel."""
        return {"holds": self.holds, "message": self.message}

    @classmethod
    def from_payload(cls, payload: Mapping) -> Assertion:
        """Return the assertion of a payload."""
        return cls(payload.get("holds") is True, str(payload.get("message", "")))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        """Return what Jupyter shows, and what the program reads."""
        return {MIME: self.payload, "text/markdown": f"*{self.words}*" if self.words else "", "text/plain": self.words}
