"""What sentences and headlines assert beside their numbers, and whether it still follows from the figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from claims.content.assertions import MIME, Assertion

from report.expressions import results_of
from report.runs import extract
from report.stops import Refuted

__all__ = ["refuted", "refuted_stops"]

_REMEDY = "rewrite the sentence, or what it asserts, for the figures as they are now"


def refuted(executed: Mapping[str, Mapping]) -> tuple[str, ...]:
    """Return, in reading order, a line for each assertion of executed notebooks that does not hold: where, and what."""
    return tuple(f"{place}: {what}" for place, what in _failing(executed))


def refuted_stops(problems: Sequence[str]) -> list[Refuted]:
    """Return a stop that lists what `refuted` has found, none if that is nothing."""
    headline = "sentences that do not follow from the figures"
    return [Refuted.listing(headline, problems, _REMEDY)] if problems else []


def _failing(executed: Mapping[str, Mapping]) -> Iterator[tuple[str, str]]:
    for name, notebook in executed.items():
        for output in extract.outputs_of({name: notebook}, MIME):
            if not (found := Assertion.from_payload(output.payload)).holds:
                yield output.location, found.message
        for cell in notebook["cells"]:
            for expression, result in results_of(cell).items():
                payload = result.get("data", {}).get(MIME)
                if payload and not (found := Assertion.from_payload(payload)).holds:
                    yield f"{name}, cell {cell['id']}", found.message or f"{{eval}}`{expression}`"
