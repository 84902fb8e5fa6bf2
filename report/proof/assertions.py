"""What sentences and headlines assert beside their numbers, and whether it still follows from the figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from claims.content.assertions import MIME, Assertion

from report.expressions import results_of
from report.runs import extract
from report.stops import Refuted

__all__ = ["count_assertions", "refuted", "refuted_stops"]

_REMEDY = "rewrite the sentence, or what it asserts, for the figures as they are now"


def count_assertions(executed: Mapping[str, Mapping]) -> int:
    """Return how many assertions executed notebooks have: one for each sentence, and one for all headlines."""
    return sum(1 for _ in _located(executed))


def refuted(executed: Mapping[str, Mapping]) -> tuple[str, ...]:
    """Return, in reading order, a line for each assertion of executed notebooks that does not hold: where, and what."""
    return tuple(f"{place}: {each.message or what}" for place, what, each in _located(executed) if not each.holds)


def refuted_stops(problems: Sequence[str]) -> list[Refuted]:
    """Return a stop that lists what `refuted` has found, none if that is nothing."""
    headline = "sentences that do not follow from the figures"
    return [Refuted.listing(headline, problems, _REMEDY)] if problems else []


def _located(executed: Mapping[str, Mapping]) -> Iterator[tuple[str, str, Assertion]]:
    """Yield each assertion with its cell, and the expression that it is the result of, "" for one of an exhibit."""
    for name, notebook in executed.items():
        for output in extract.outputs_of({name: notebook}, MIME):
            yield output.location, "", Assertion.from_payload(output.payload)
        for cell in notebook["cells"]:
            for expression, result in results_of(cell).items():
                if payload := result.get("data", {}).get(MIME):
                    yield f"{name}, cell {cell['id']}", f"{{eval}}`{expression}`", Assertion.from_payload(payload)
