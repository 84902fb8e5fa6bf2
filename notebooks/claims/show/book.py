"""A notebook's book: the ledger as the notebook reads it, the findings computed from it, and what its prose quotes.

    book = open_book(rounding=rounding, words=words)
    growth.between_levels(book)

In prose, ``{eval}`book.trade_turnover_2023_golden` `` quotes a claim, ``{eval}`book.rate_to_double.range` `` the range
of a finding that an earlier cell has kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.content.assertions import Assertion
from claims.content.phrases import Link, Marked, Phrase
from claims.ledger import conventions
from claims.ledger.intervals import Reading
from claims.ledger.loading import load_ledger
from claims.ledger.model import Claim, Ledger, Official
from claims.ledger.official import join_official
from claims.results.finding import MIME, Finding
from claims.results.names import Names
from claims.results.store import Results, load_findings
from claims.show import completion, display, exhibits
from claims.show.exhibits import Column, Exhibit
from claims.tables.messages import count_noun
from claims.words.quoted import Quoted
from claims.words.sentences import Sentences
from claims.words.values import finding_json

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas as pd

    from claims.show.candidates import Candidates
    from claims.show.charts import Undrawn

__all__ = ["ALL", "Book", "open_book"]

ALL = "all"
MOST = 8  # candidates that a search shows


class Book:
    """A ledger under a reading, with the findings kept from it.

    `claims`, `official` and `findings` are its figures by readable name; an attribute of the book itself, such as
    `book.trade_turnover_2023_golden`, is the figure or finding of that name in words, for prose. Tab after `book.`
    lists what a book has and can do, and after the first letters of a name (`book.tra`) those that begin with them.
    """

    def __init__(self, ledger: Ledger, reading: Reading | None = None) -> None:
        self.ledger = ledger
        self.reading = reading or Reading()
        self.results = Results(ledger, self.reading)
        self.sentences = Sentences(self.results)
        display.use_results(self.results)

    @property
    def claims(self) -> Names[Claim]:
        """Return the claims by their readable names."""
        return self.results.named[2]

    @property
    def official(self) -> Names[Official]:
        """Return the official figures by their readable names."""
        return self.results.named[1]

    @property
    def findings(self) -> Names[Finding]:
        """Return the findings kept so far by their readable names."""
        return self.results.named[0]

    def __getattr__(self, name: str) -> Quoted:
        """Return a figure or finding in words. Raises UnknownName with the nearest name."""
        if name.startswith("_") or "results" not in self.__dict__:
            raise AttributeError(name)
        item = self.results[name]
        return Quoted(item, span=self.results.interval(item))

    def __repr__(self) -> str:
        return f"Book of {self.ledger!r}, {count_noun(len(self.findings), 'finding')} kept"

    def find(self, words: str, most: int = MOST) -> Candidates:
        """Return every figure and finding that has all `words` in its name, label, period, text or printed words.

        As in `book.find("rail freight 2023")`. What this notebook can use comes first; a cell shows the first `most`,
        with the name to copy, the value, the period, and text and line. Findings that only other notebooks compute
        follow, with the notebook. Columns: name, id, value, period, where, what, printed, here.
        """
        from claims.show.candidates import find_candidates  # with pandas, which opening a book does not need

        return find_candidates(self.results, words, most)

    def keep(self, findings: Iterable[Finding] | Finding) -> None:
        """Keep findings for the prose after this cell, and pass them to the report as an output of the cell."""
        from IPython.display import display as show

        items = self.results.keep(findings)
        if items:
            show({**_findings_bundle(items), "text/plain": f"{count_noun(len(items), 'finding')} kept"}, raw=True)

    def borrow_findings(self) -> None:
        """Make the findings of the other notebooks available to prose, without passing them on again."""
        findings, _ = load_findings()
        self.results.borrow(findings)

    def phrase(self, template: str, /, **values: object) -> Phrase:
        """Return a template with its `{name}`s replaced by figures and findings, for prose that depends on the data."""
        return self.sentences.pieces(template, **values)

    def asserts(self, *conditions: bool) -> Assertion:
        """Return whether all that a sentence says beside its numbers is true: nothing to read if it is.

        As in ``Growth has slowed. {eval}`book.asserts(book.growth_2024.high < book.growth_2023.low)` ``. If a condition
        is false by default, a build lists the sentence and publishes nothing; under another reading the page adds that
        the sentence does not follow.

        >>> book = open_book()
        >>> book.asserts(2 > 1).holds, book.asserts(2 > 1, 1 > 2).holds
        (True, False)
        """
        return Assertion(all(conditions))

    def table(
        self,
        rows: pd.DataFrame | Sequence[Mapping[str, Any]],
        *,
        title: str,
        caption: str = "",
        columns: Mapping[str, Column | str | Link | Marked | Phrase] | None = None,
        id: str = "",
        source: str = "",
        place: str = "",
        lead: int | str = "",
        optional: bool = False,
        findings: Iterable[Finding] = (),
    ) -> Exhibit:
        """Return `rows` as a table of the report, in a notebook the last line of a cell.

        A cell may have a figure or finding as prose quotes it (`book.NAME`, `.range`, `.period`, `.source`), a period,
        a claim, text, a list of these; what else, see `exhibits.table`. `title` and `caption` are Markdown, in which
        `{NAME}` stands for a number. `columns` are headings by the name of a column, in their order; by default those
        of the rows. `id` is what `[Table](#tbl-…)` refers to, by default made from the title. `findings` are kept and
        leave the notebook with it. `place="appendix"` moves the table to the report's appendix; `lead` are the rows
        that a page shows of a long one; without rows, an `optional` one has its section left out. Raises TypeError for
        what cannot be shown, UnknownName for an unknown name.

        >>> book = open_book()
        >>> rows = [{"text": "letter", "tone": "polite"}, {"text": "report", "tone": "dry"}]
        >>> book.table(rows, title="How the texts sound")
        tbl-how-the-texts-sound: 2 rows
        """
        kept = self.results.keep(findings)
        return exhibits.table(
            rows,
            self.sentences,
            title=title,
            caption=caption,
            columns=columns,
            id=id,
            source=source,
            place=place,
            lead=lead,
            optional=optional,
        ).adding(_findings_bundle(kept))

    def figure(
        self, axes: matplotlib.axes.Axes | Undrawn | None, *, findings: Iterable[Finding] = (), **words: Any
    ) -> Exhibit:
        """Return `axes` as a figure: `id`, `name`, `title`, `caption`, `alt` and `data`; see `exhibits.figure`.

        `findings` are kept and leave the notebook with it.
        """
        kept = self.results.keep(findings)
        return exhibits.figure(axes, self.sentences, **words).adding(_findings_bundle(kept))


completion.allow(Book)
completion.offer(Book, lambda book: book.results.names)


def _findings_bundle(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return findings as a part of a MIME bundle, empty if there are none."""
    return {MIME: {"findings": [finding_json(finding) for finding in findings]}} if findings else {}


def open_book(
    folder: Path | str | None = None,
    *,
    window: str = "reference_date",
    official: str = conventions.WITHOUT,
    pages: str = "all",
    grouping: str = "sectors",
    **reading: Any,
) -> Book:
    """Return the book of the ledger in `folder`, by default the project's, under conventions and a reading.

    `official` joins the official figures of an authority to the claims, or those of all (`ALL`) as `pages` quote them;
    see `conventions` and `join_official`. The other arguments are those of `Reading`.
    """
    ledger = load_ledger(folder)
    if official == ALL:
        ledger, official = join_official(ledger, pages=pages), conventions.WITHOUT
    ledger = conventions.apply_conventions(ledger, window, official)
    return Book(conventions.group_sectors(ledger, grouping), Reading(**reading))
