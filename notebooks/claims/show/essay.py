"""A notebook's ledger, the findings it keeps, and the text it displays.

book = load_ledger()
essay = Essay(book)
essay.keep(growth.findings_in(growth.between_levels(book, reading)))
essay.say("Trade grew {trade_growth_2024} from 2023 to 2024; one text prints {c013}.")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from claims.ledger.model import Ledger
from claims.results.finding import MIME, Finding
from claims.results.store import Results
from claims.show import display, exhibits
from claims.show.exhibits import Exhibit
from claims.words.sentences import Sentences
from claims.words.values import finding_json

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas as pd

__all__ = ["Essay"]


class Essay:
    """A notebook's text: sentences, tables and figures on its ledger.

    A name in braces is replaced by a figure of that ledger, or by a finding that was kept or borrowed before
    (`results`); `sentences` fills them in.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.results = Results(ledger)
        self.sentences = Sentences(self.results)
        display.use_results(self.results)

    def keep(self, findings: Iterable[Finding] | Finding) -> None:
        """Store findings for the sentences after this cell, and pass them to the report as an output of the cell."""
        from IPython.display import display as show

        items = self.results.keep(findings)
        text = f"{len(items)} finding{'s' * (len(items) != 1)} kept"
        show({MIME: {"findings": [finding_json(finding) for finding in items]}, "text/plain": text}, raw=True)

    def borrow(self, findings: Mapping[str, Finding]) -> None:
        """Store findings of other notebooks, by id, without passing them to the report again."""
        self.results.borrow(findings)

    def say(self, template: str, /, **values: object) -> None:
        """Display `template` as a paragraph of the report; see `Sentences.text`."""
        from IPython.display import Markdown
        from IPython.display import display as show

        show(Markdown(self.sentences.text(template, **values)))

    def table(self, frame: pd.DataFrame | Sequence[Mapping[str, Any]], **words: Any) -> Exhibit:
        """Return `frame` (or rows) as a table: `id`, `title`, `caption` and `columns`; see `exhibits.table`."""
        return exhibits.table(frame, self.sentences, **words)

    def figure(self, axes: matplotlib.axes.Axes | None, **words: Any) -> Exhibit:
        """Return `axes` as a figure of the report: `id`, `name`, `title`, `caption`, `alt` and `data`.

        See `exhibits.figure`.
        """
        return exhibits.figure(axes, self.sentences, **words)
