"""The tables, the figure and the quoted lists of the chapter on discrepancies, each as one call with the book."""

from __future__ import annotations

from collections.abc import Mapping

from claims.content.phrases import Link, Phrase
from claims.judging.judge import judge_ledger
from claims.judging.verdict import Judged
from claims.questions import clashes, discrepancies, discrepancy_exhibits
from claims.show import charts
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.sentences import for_count, listed_phrases, phrase

__all__ = [
    "agreements",
    "cannot_all_be_right",
    "causes",
    "claims_that_change",
    "differing_groups",
    "disagreements",
    "figure_for_two_periods",
    "groups_stated",
    "groups_that_agree",
    "groups_that_clash",
    "how_many_clash",
    "how_relations_fit",
    "judge",
    "not_tested",
    "reasons",
    "relations",
    "relations_tested",
    "relations_that_fail",
    "repeated_figures",
    "sets_that_hold",
    "tested_jointly",
    "two_periods",
    "weak_tests",
]

_AGREEING = ("total", "consistent", "consistent_by_rounding")
FEW = 4  # one of so many, at most, is few


def judge(book: Book) -> Judged:
    """Return the verdicts on every group and relation of the book; keep them and the findings on them."""
    judged = judge_ledger(book.ledger, book.reading)
    discrepancies.emit(book.ledger, judged.all)
    book.keep(discrepancies.findings_of(book.ledger, judged, book.reading))
    return judged


def groups_that_clash(book: Book) -> Phrase:
    """Return in a sentence for how many of the quantities stated more than once no value fits all figures."""
    clashing, stated = (book.findings[f"groups_{name}"] for name in ("inconsistent", "total"))
    if not clashing.value:
        fits = for_count(stated, one="all of its figures", more="all figures of each of them")
        return phrase(f"Some value fits {fits}, as they are usually read." if stated.value else "")
    return phrase("For {number} no value fits all figures, as they are usually read.", number=clashing)


def groups_stated(book: Book) -> Phrase:
    """Return in a sentence how many quantities the texts state more than once, as “They do that for …” goes on."""
    stated = book.findings["groups_total"]
    words = for_count(
        stated,
        none="The texts do not do that.",
        one="The texts do that for {number} quantity and period.",
        more="The texts do that for {number} quantities and periods.",
    )
    return phrase(words, number=stated)


def groups_that_agree(book: Book) -> Phrase:
    """Return in sentences how many quantities are stated more than once, and for how many the figures agree."""
    stated, agreeing, rounded = (book.findings[f"groups_{name}"] for name in _AGREEING)
    words = for_count(
        stated,
        none="No quantity is stated more than once for a period",
        one="{stated} quantity is stated more than once for a period",
        more="{stated} quantities are stated more than once for a period",
    )
    words += ", not counting a text that repeats itself."
    if stated.value:
        none, more = " None agree as printed.", " The figures for {agreeing} of them agree as printed."
        words += for_count(agreeing, none=none, more=more)
    if rounded.value:
        more = " more" if agreeing.value else ""
        words += f" For {{rounded}}{more} they agree once rounding and hedges are allowed for."
    return phrase(words, stated=stated, agreeing=agreeing, rounded=rounded)


def how_many_clash(book: Book) -> str:
    """Return how many of the quantities stated more than once have figures that clash, as a title begins.

    “No” is only said where related figures fit as well.
    """
    clashing, all_stated = (float(book.findings[f"groups_{name}"].value or 0) for name in ("inconsistent", "total"))
    if not clashing and not book.findings["relations_inconsistent"].value:
        return "No"
    return "Few" if FEW * clashing <= all_stated else "Some"


def claims_that_change(book: Book) -> Phrase:
    """Return in a sentence how many clashes change what a text claims."""
    found = book.findings["stories_total"]
    clashes = any(book.findings[f"{kind}_inconsistent"].value for kind in ("groups", "relations"))
    words = for_count(
        found, none="{none} changes", one="{number} of these clashes changes", more="{number} of these clashes change"
    )
    words += " what a text claims: that something rose or fell, that it leads, or that it is above a limit."
    return phrase(words, none=Link("None of these clashes" if clashes else "No clash", found.anchor), number=found)


def how_relations_fit(book: Book) -> str:
    """Return whether all relations that can be tested hold, most, some or none, as a title begins."""
    failing, tested = (float(book.findings[f"relations_{name}"].value or 0) for name in ("inconsistent", "judged"))
    if not failing:
        return "Related figures fit"
    if failing == tested:
        return "Related figures do not fit"
    return "Most related figures fit" if FEW * failing <= tested else "Some related figures fit"


def relations_that_fail(book: Book) -> Phrase:
    """Return in a sentence for how many of the relations that can be tested no value fits all figures."""
    failing, tested = (book.findings[f"relations_{name}"] for name in ("inconsistent", "judged"))
    if not failing.value:
        return phrase(for_count(tested, none="", one="It holds.", more="All of them hold."))
    words = for_count(
        tested, one="Its figures cannot all be right.", more="In {number} of them the figures cannot all be right."
    )
    return phrase(words, number=failing)


def relations_tested(book: Book) -> Phrase:
    """Return in a sentence how many of the relations can be tested."""
    tested = book.findings["relations_judged"]
    words = for_count(
        tested,
        none="No such relation can be tested.",
        one="{number} such relation can be tested by itself.",
        more="{number} such relations can be tested, each by itself.",
    )
    return phrase(words, number=tested)


def weak_tests(book: Book) -> Phrase:
    """Return in a sentence which of the relations are no hard tests, and how many; nothing if all are hard."""
    kinds = {
        "bounds": "some only ask that a figure does not exceed a limit ({number})",
        "dates": "some compare a round number of years with dates ({number})",
        "equalities": "some set separately printed figures equal ({number})",
    }
    named = _counted(book, kinds)
    return phrase("Not all are hard tests: {kinds}.", kinds=listed_phrases(named)) if named else phrase("")


def not_tested(book: Book) -> Phrase:
    """Return in a sentence which relations cannot be tested, and how many; nothing if all can be."""
    kinds = {
        "open": "relations that lack a figure ({number})",
        "not_comparable": "relations whose figures must not be compared ({number})",
    }
    named = _counted(book, kinds)
    if not named:
        return phrase("")
    table = Link("the verdicts", "tbl-verdicts")
    return phrase("Not tested are {kinds}; {table} give the reasons.", kinds=listed_phrases(named), table=table)


def sets_that_hold(book: Book) -> Phrase:
    """Return in a sentence how many sets of connected relations there are, and in how many all figures can be right."""
    total, holding = book.findings["wholes_total"], book.findings["wholes_holding"]
    if not total.value:
        return phrase("No two of them share a figure.")
    words = "Sets of connected relations: {total}. "
    if not holding.value:
        words += "In none of them can all figures be right at once; each contains a clash shown above."
    elif holding.value == total.value:
        words += "In each of them all figures can be right at once."
    else:
        words += "In {holding} of them all figures can be right at once; any other contains a clash shown above."
    return phrase(words, total=total, holding=holding)


def _counted(book: Book, kinds: Mapping[str, str]) -> list[Phrase]:
    """Return words on the kinds of relations that there are, each with their number."""
    counts = {words: book.findings[f"relations_{kind}"] for kind, words in kinds.items()}
    return [phrase(words, number=count) for words, count in counts.items() if count.value]


def disagreements(book: Book, judged: Judged, explained: bool = False) -> Exhibit:
    """Return each disagreement with its figures and the likeliest reason, as a list.

    If `explained`, with the explanation that data/known_disagreements.csv has of it.
    """
    text = discrepancy_exhibits.disagreements_list(book.ledger, judged, explained)
    return Exhibit({"text/markdown": text, "text/plain": text})


def cannot_all_be_right(book: Book, judged: Judged) -> Exhibit:
    """Figure: printed figures that cannot all be right, each a dot on the interval it stands for."""
    found = clashes.clashes(book.ledger, judged, book.reading)
    drawn, note = clashes.most_drawn(found)
    return book.figure(
        charts.clashes(clashes.chart(drawn), book.ledger),
        findings=[clashes.count(found)],
        id="fig-discrepancies",
        name="discrepancies",
        title=clashes.title(found),
        caption="Each figure is a dot on the interval it stands for, which is written beside it; a sign of "
        "multiplication says how often a text prints it. Every set has a scale of its own. Shaded: values that lie "
        f"between the figures and fit neither.{note}",
        alt=clashes.alt(book.ledger, drawn),
        data=clashes.chart(found),
        evidence="from",
        headings={
            "group": "Figures on the same thing",
            "verdict": "Verdict",
            "source": "Text",
            "shown": "As printed",
            "stands_for": "May stand for",
            "point": "Value, in the unit printed",
            "low": "At least",
            "high": "At most",
        },
        source="Ledger.",
    )


def differing_groups(book: Book, judged: Judged) -> Exhibit:
    """Table: groups whose printed figures differ, with verdict and gap."""
    return book.table(
        discrepancy_exhibits.groups_table(book.ledger, discrepancies.differing(judged), book.reading),
        id="tbl-discrepancies",
        place="appendix",
        title="Groups whose printed figures differ, with verdict and gap",
        caption="Spread: the largest printed figure less the smallest; of percentages, in percentage points. Gap: the "
        "spread in percent of the smaller and of the larger. Revisions: the single changes of a printed figure, in its "
        "own precision, that would make the group agree, from the smallest up; they do not say which figure is wrong.",
        columns={
            "label": "Quantity",
            "period": "Period",
            "claims": "Figures",
            "verdict": "Verdict",
            "spread": Column("Spread", align="right"),
            "gap_smaller": Column("Gap, of smaller", align="right"),
            "gap_larger": Column("Gap, of larger", align="right"),
            "revision": "Revisions",
        },
    )


def reasons(book: Book, judged: Judged) -> Exhibit:
    """Table: what decides each verdict on figures that differ."""
    return book.table(
        discrepancy_exhibits.reasons_table(book.ledger, judged),
        id="tbl-reasons",
        place="appendix",
        title="What decides each verdict on figures that differ",
        caption="Bounds are those of the usual reading; assumed bounds are how far a hedge or a word reaches.",
        columns={
            "label": "Quantity",
            "verdict": "Verdict",
            "explanation": "What decides",
        },
    )


def causes(book: Book, judged: Judged) -> Exhibit:
    """Table: what could explain each disagreement."""
    return book.table(
        discrepancy_exhibits.causes_table(book.ledger, judged),
        id="tbl-causes",
        place="appendix",
        title="What could explain each disagreement",
        caption="Causes come from a fixed list; what the ledger holds supports a cause, leaves it open or, where "
        "neither column names it, excludes it: by what an indicator covers, who may have compiled it, which periods "
        "are inferred, which figures are words. A disagreement changes the story if it turns over a sign, a rank or a "
        "threshold word (more than, nearly, up to) of a claim. ",
        columns={
            "label": "Quantity",
            "supported": "Causes supported",
            "open": "Causes not excluded",
            "story": "Changes the story",
            "pinned": "Reason recorded in the ledger",
        },
    )


def two_periods(book: Book) -> Phrase:
    """Return in a sentence the figures that one text prints for two periods."""
    return book.phrase(discrepancy_exhibits.periods_sentence(book.ledger))


def figure_for_two_periods(book: Book) -> Exhibit:
    """Table: the same figure for different periods in the same text."""
    return book.table(
        discrepancy_exhibits.periods_table(book.ledger),
        id="tbl-two-periods",
        place="appendix",
        title="The same figure for different periods in the same text",
        caption="Periods as the sentence around each figure suggests; which of them are stated and which inferred "
        "stands in the ledger.",
        columns={
            "label": "Quantity",
            "source": "Text",
            "first": Column("Figure", align="right"),
            "first_period": "Period",
            "second": Column("Again", align="right"),
            "second_period": "Other period",
        },
    )


def relations(book: Book, judged: Judged) -> Exhibit:
    """Table: relations between figures, each judged by itself."""
    return book.table(
        discrepancy_exhibits.checks_table(book.ledger, discrepancies.checked(judged)),
        id="tbl-relations",
        optional=True,
        place="appendix",
        title="Relations between figures, each judged by itself",
        caption="All relations of which every figure is printed. [Table](#tbl-verdicts) says what decides each. “At "
        "most” is a weak test: it does not make a figure plausible. It is used between years where a text calls the "
        "later year a record or says that the quantity rose. Rest: what a part leaves of its whole, or the mean of the "
        "other <time>quarters</time> of a year; where it is implausible the figures are consistent as a bound only.",
        columns={
            "label": "Figures on",
            "claims": "Figures",
            "range": "Value, limit or rest they imply",
            "verdict": "Verdict",
        },
    )


def tested_jointly(book: Book, judged: Judged) -> Exhibit:
    """Table: everything that relations tie together, judged as a whole."""
    return book.table(
        discrepancy_exhibits.relations_table(book.ledger, [*judged.conflicts, *judged.wholes]),
        id="tbl-wholes",
        optional=True,
        place="appendix",
        title="Connected relations, tested jointly",
        caption="Conflicts within a larger set are on top. A set is tested as printed, and again with the known "
        "disagreement set aside, so that it cannot hide another.",
        columns={
            "label": "What hangs together",
            "verdict": "Verdict",
            "explanation": "What decides",
        },
    )


def agreements(book: Book, judged: Judged) -> Exhibit:
    """Table: quantities on which distinct statements print the same figure."""
    return book.table(
        discrepancy_exhibits.groups_table(book.ledger, discrepancies.agreeing(judged), book.reading),
        id="tbl-agreements-found",
        optional=True,
        place="appendix",
        title="Quantities on which distinct statements print the same figure",
        caption="A statement that restates an earlier statement of the same text is not counted; several texts may "
        "still repeat the same release; a sign of multiplication says how often a text prints the figure.",
        columns={
            "label": "Quantity",
            "period": "Period",
            "claims": "Figures",
            "sources": Column("Texts", align="right"),
            "independent": Column("Statements", align="right"),
        },
    )


def repeated_figures(book: Book, judged: Judged) -> Exhibit:
    """Table: quantities that a single text repeats."""
    return book.table(
        discrepancy_exhibits.groups_table(book.ledger, discrepancies.repeated(judged), book.reading),
        id="tbl-repeated",
        optional=True,
        place="appendix",
        title="Quantities that a single text repeats",
        caption="Nothing confirms these but the text itself.",
        columns={"label": "Quantity", "period": "Period", "claims": "Figures"},
    )
