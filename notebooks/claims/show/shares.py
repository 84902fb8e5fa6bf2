"""The tables, the figure and the quoted lists of the chapter on sectors, each as one call with the book."""

from __future__ import annotations

from claims.content.phrases import Marked, Phrase
from claims.questions import list_exhibits, list_shares, share_exhibits, shares
from claims.questions.shown import MOST_LISTED
from claims.show import charts
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit

__all__ = [
    "announced",
    "concentration",
    "how_items_count",
    "how_signatures_lean",
    "implied_totals",
    "implied_totals_that_differ",
    "items_by_status",
    "keep_shares",
    "lead_of_first",
    "leader_counted_otherwise",
    "leader_weighted_otherwise",
    "list_kinds",
    "most_of",
    "sector_shares",
    "sector_table",
    "sectors_named_most",
    "similarity",
    "single_lists",
    "status_shares",
    "value_shares",
    "what_counts_equally",
]


def keep_shares(book: Book, counting: str, kinds: str, weighting: str) -> None:
    """Keep the shares of listed items, shares by value, and the totals that printed shares imply.

    `counting` is "fractional" or "full"; `kinds` is "all", "closed" or "open" lists; `weighting` is "items" or "texts",
    what counts equally in shares over several texts; in every function here.
    """
    ledger, reading, names = book.ledger, book.reading, shares.kinds(kinds)
    items = shares.findings_of(ledger, counting, names, weighting)
    lists = list_shares.findings_of(ledger, counting, names, weighting)
    book.keep([*items, *lists, *shares.by_value(ledger, reading), *shares.implied_totals(ledger, reading)])


def how_items_count(counting: str) -> str:
    """Return how an item of several sectors counts, as the end of a sentence."""
    return "counts fully in each" if counting == shares.FULL else "is split evenly between them"


def what_counts_equally(weighting: str) -> str:
    """Return what counts equally in the shares of all texts, as a part of a sentence."""
    return f"each {weighting.removesuffix('s')}"


def sectors_named_most(book: Book, counting: str, kinds: str, weighting: str) -> Phrase:
    """Return the four sectors with the largest shares, each with its share, as a sentence lists them."""
    return book.phrase(share_exhibits.leaders(book.ledger, counting, shares.kinds(kinds), weighting))


def lead_of_first(book: Book, counting: str, kinds: str, weighting: str) -> Phrase:
    """Return by how much the sector with the largest share leads the next, as a part of a sentence."""
    return share_exhibits.lead(book.ledger, counting, shares.kinds(kinds), weighting)


def leader_counted_otherwise(book: Book, counting: str, kinds: str, weighting: str) -> Phrase:
    """Return which sector leads in the other way of counting, as the end of a sentence."""
    return book.phrase(share_exhibits.other_leader(book.ledger, counting, shares.kinds(kinds), weighting))


def leader_weighted_otherwise(book: Book, counting: str, kinds: str, weighting: str) -> Phrase:
    """Return which sector leads if texts count equally instead of items, or items instead of texts, as a clause."""
    return book.phrase(share_exhibits.other_weighting(book.ledger, counting, shares.kinds(kinds), weighting))


def most_of(book: Book, status: str, counting: str, kinds: str) -> Phrase:
    """Return the sectors with the most items "signed", "planned", "under_way" or in "talk", with their numbers."""
    return list_exhibits.most_of(book.ledger, status, counting, shares.kinds(kinds))


def announced(book: Book, kinds: str) -> str:
    """Return what is announced and need not be built, as a participle: signed, or talked of where nothing is signed."""
    return list_exhibits.announced(book.ledger, shares.kinds(kinds))


def how_signatures_lean(book: Book, kinds: str) -> Phrase:
    """Return in a sentence whether what was signed is, by sector, more like the talk or like what is built."""
    return list_exhibits.likeness(book.ledger, shares.kinds(kinds))


def items_by_status(book: Book, counting: str, kinds: str) -> Exhibit:
    """Figure: items of each sector of what was signed, and of all lists."""
    names = shares.kinds(kinds)
    table = list_exhibits.chart(book.ledger, counting, names)
    return book.figure(
        charts.items_by_status(table),
        id="fig-signed",
        optional=True,
        name="signed",
        title=list_exhibits.title(book.ledger, counting, names).markdown,
        caption=f"Sectors of {list_exhibits.firmest(book.ledger, names)}, and of all lists: numbers of listed items, "
        "restatements removed. A cell of "
        "the grid stands out by the share of its column that it has, and little where a column has few items. "
        "Under way is what is built, opened, traded or carried on; talk is what is only named.",
        alt=list_exhibits.alt(book.ledger, counting, names),
        data=table,
        evidence="from",
        headings={
            "label": "Sector",
            **{name: f"Items, {name.removesuffix('_items').replace('_', ' ')}" for name in table.columns[1:-1]},
        },
        source="Ledger, listed items.",
    )


def status_shares(book: Book, counting: str, kinds: str, weighting: str) -> Exhibit:
    """Table: sectors of what was signed, planned, under way and only talked of."""
    names = shares.kinds(kinds)
    return book.table(
        list_exhibits.status_table(book.ledger, counting, names, weighting),
        id="tbl-signed",
        optional=True,
        place="appendix",
        title=f"Sectors of {list_exhibits.firmest(book.ledger, names)}, and of all lists",
        caption="Shares in percent of the items in the heading; numbers of items where these are few. A dash means no "
        "item. Texts that report the same signing each count.",
        columns=list_exhibits.status_columns(book.ledger, names),
    )


def single_lists(book: Book, counting: str, kinds: str) -> Exhibit:
    """Table: sectors of every single list, those of what was signed first."""
    return book.table(
        list_exhibits.list_table(book.ledger, counting, shares.kinds(kinds)),
        id="tbl-single-lists",
        optional=True,
        place="appendix",
        title="Sectors of every single list, beginning with what was signed",
        caption="Each sector with its number of items, or its share where a list is long. Lists that only restate "
        "others of their text are left out.",
        columns={
            "status": "Status",
            "label": "List",
            "source": "Text",
            "items": Column("Items", align="right"),
            "sectors": "Sectors",
        },
    )


def sector_shares(book: Book, counting: str, kinds: str, weighting: str) -> Exhibit:
    """Figure: shares of listed items by sector, of all texts and of each."""
    names = shares.kinds(kinds)
    table = share_exhibits.chart(book.ledger, counting, names, weighting)
    texts, note = share_exhibits.shown_texts(book.ledger, names, "its data")
    return book.figure(
        charts.sector_shares(table[["label", "share_pct", *texts, "from"]], book.ledger),
        id="fig-sector-shares",
        optional=True,
        name="sector_shares",
        title=share_exhibits.title(book.ledger, counting, names, weighting),
        caption="Shares of listed items by sector, restatements removed: all texts pooled (bars), and each text by "
        f"itself (grid; blank means no item).{note}",
        alt=share_exhibits.alt(book.ledger, counting, names, weighting),
        data=table,
        evidence="from",
        headings={
            "label": "Sector",
            "share_pct": "Share of all items, %",
            **{name: "% of its items" for name in table.columns if name in book.ledger.sources},
        },
        source="Ledger, listed items.",
    )


def sector_table(book: Book, counting: str, kinds: str, weighting: str) -> Exhibit:
    """Table: shares of listed items by sector, pooled and by text."""
    names = shares.kinds(kinds)
    return book.table(
        share_exhibits.sector_table(book.ledger, counting, names, weighting),
        id="tbl-sector-shares",
        optional=True,
        place="appendix",
        title="Shares of listed items by sector, pooled and by text",
        caption="ISIC: section of the <cite>International Standard Industrial Classification, Rev. 4</cite>, where "
        "there is such a section. Columns headed by a text are the shares within it; a dash means that it names no "
        f"such item.{share_exhibits.shown_texts(book.ledger, names)[1]}",
        columns=share_exhibits.sector_columns(book.ledger, names),
    )


def list_kinds(book: Book, counting: str, weighting: str) -> Exhibit:
    """Table: shares of listed items in closed and in open lists."""
    return book.table(
        share_exhibits.by_kind(book.ledger, counting, weighting),
        id="tbl-list-kinds",
        optional=True,
        place="appendix",
        title="Shares of listed items in closed and in open lists",
        caption="Restatements removed; items with several sectors counted as in the table before.",
        columns={
            "label": "Sector",
            "closed": Column("Closed lists", align="right"),
            "open": Column("Open lists", align="right"),
        },
    )


def concentration(book: Book, kinds: str, weighting: str) -> Exhibit:
    """Table: concentration of listed items, beside its smallest possible value."""
    return book.table(
        share_exhibits.concentration_table(book.ledger, shares.kinds(kinds), weighting),
        id="tbl-concentration",
        optional=True,
        place="appendix",
        title="Concentration of listed items, beside its smallest possible value",
        caption="k is the number of sectors named at all. With few items, high values are likely.",
        columns={
            "label": "Text",
            "items": Column("Items", align="right"),
            "sectors": Column("Sectors k", align="right"),
            "index": Column("Index", align="right"),
            "least": Column("Least possible", align="right"),
        },
    )


def similarity(book: Book, kinds: str) -> Exhibit:
    """Table: how alike the texts' emphases are."""
    names = shares.kinds(kinds)
    texts, compared = (len(group(book.ledger, names)) for group in (shares.by_source, shares.compared_texts))
    whole, part = (f"<data>{number:,}</data>" for number in (texts, compared))
    note = f" Of {whole} texts with lists, the {part} with most items are compared." if texts > compared else ""
    return book.table(
        share_exhibits.similarity_table(book.ledger, names),
        id="tbl-similarity",
        optional=True,
        place="appendix",
        title="How alike the texts' emphases are",
        caption=f"Overlap of sector shares between the texts of a pair, from none to complete.{note}",
        columns=share_exhibits.similarity_columns(book.ledger, names),
    )


def value_shares(book: Book) -> Exhibit:
    """Table: shares by value or volume that a printed part and a printed total support."""
    return book.table(
        share_exhibits.value_table(book.ledger, book.reading),
        id="tbl-value-shares",
        optional=True,
        place="appendix",
        title="Shares by value or volume that a printed part and a printed total support",
        caption="Part and total as printed; the range is what their rounding and hedges allow. Where no text says "
        "whether an amount is gross or net, the share assumes that part and total are alike.",
        columns={
            "label": "Part",
            "part": Column("Amount", align="right"),
            "total_label": "Of",
            "total": Column("Amount of the whole", align="right"),
            "share": Column("Share", align="right"),
            "range": "Range",
        },
    )


def implied_totals_that_differ(book: Book) -> Phrase:
    """Return the shares that one text prints differently, with the totals they imply, in sentences; none if none is.

    Of too many, it is said how many more there are.
    """
    sentences = share_exhibits.implied_sentences(book.ledger, book.reading)
    text, more = " ".join(sentences[:MOST_LISTED]), len(sentences) - MOST_LISTED
    if more <= 0:
        return book.phrase(text)
    return book.phrase(f"{text} So are {{more}} more.", more=Marked(f"{more:,}", "parameter"))


def implied_totals(book: Book) -> Exhibit:
    """Table: totals that a printed share and its part imply."""
    return book.table(
        share_exhibits.implied_table(book.ledger, book.reading),
        id="tbl-implied-totals",
        optional=True,
        place="appendix",
        title="Totals that a printed share and its part imply",
        caption="No text prints the total itself, so the share cannot be checked against it here.",
        columns={
            "share": Column("Share, printed", align="right"),
            "share_label": "Share of",
            "part": Column("Part, printed", align="right"),
            "part_label": "Part of",
            "total": Column("Implied total", align="right"),
            "range": "Range",
        },
    )
