"""What do others publish? Official figures, as quoted on the pages named, as further claims for the same engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields, replace

from claims.ledger.model import Claim, Ledger, Official, Source, UnknownId
from claims.tables.messages import did_you_mean

__all__ = ["PAGES", "as_claim", "as_source", "join_official"]

PAGES = ("all", "first", "last")  # which count, of several pages that quote one authority for one quantity
_UNNAMED = "unknown"  # the authority of a figure whose page does not name it


def join_official(ledger: Ledger, authorities: Collection[str] | None = None, pages: str = "all") -> Ledger:
    """Return the ledger with the official figures of `authorities` as claims beside its own; None stands for all.

    Doubtful ones are left out. Where several pages quote an authority for one quantity, `pages` is which of them count:
    "all", or only the "first" or the "last" that was published. Each figure is a claim in a source of its own, which
    has its id too, for it is quoted on a page of its own. Relations whose figures are then all claims hold, too. Raises
    UnknownId for an authority that no official figure has, and ValueError for another choice of pages.
    """
    if pages not in PAGES:
        raise ValueError(f"pages must be one of {', '.join(PAGES)}, got {pages!r}")
    key = "joined", None if authorities is None else frozenset(authorities), pages
    if key not in ledger.kept:
        ledger.kept[key] = _join(ledger, authorities, pages)
    return ledger.kept[key]


def _join(ledger: Ledger, authorities: Collection[str] | None, pages: str) -> Ledger:
    known = {figure.authority for figure in ledger.official.values()}
    for authority in authorities or ():
        if authority not in known:
            hint = did_you_mean(authority, known) or "see data/official.csv"
            raise UnknownId(f"no official figure is of the authority {authority!r}; {hint}")
    wanted = [
        figure
        for figure in ledger.official.values()
        if not figure.doubtful and (authorities is None or figure.authority in authorities)
    ]
    if pages != "all":
        wanted = _one_page(wanted, last=pages == "last")
    claims = ledger.claims | {figure.id: as_claim(figure) for figure in wanted}
    able = {id: relation for id, relation in ledger.beyond.items() if relation.names <= claims.keys()}
    return replace(
        ledger,
        sources=ledger.sources | {figure.id: as_source(figure) for figure in wanted},
        claims=claims,
        relations=ledger.relations | able,
        beyond={id: relation for id, relation in ledger.beyond.items() if id not in able},
    )


def _one_page(figures: Iterable[Official], last: bool) -> list[Official]:
    """Return the figures without those of an authority that an earlier or, if not `last`, a later page quotes."""
    by_page = sorted(figures, key=lambda figure: (figure.date_published, figure.id), reverse=not last)
    chosen = {_quantity(figure): figure.id for figure in by_page}
    return [figure for figure in figures if figure.id == chosen[_quantity(figure)]]


def _quantity(figure: Official) -> tuple:
    """Return what a figure is of: figures of unnamed authorities are each of their own."""
    whose = figure.id if figure.authority == _UNNAMED else figure.authority
    return figure.indicator, figure.period.key, whose


def as_claim(figure: Official) -> Claim:
    """Return an official figure as a claim whose source has the id of the figure, printed as the number alone."""
    shared = {field.name for field in fields(Claim)} & {field.name for field in fields(Official)}
    return Claim(
        **{name: getattr(figure, name) for name in shared},
        source=figure.id,
        line=0,
        printed=figure.text,
        stated_by=figure.reporter,
        repeats="",
        short_name=figure.short_publisher,
    )


def as_source(figure: Official) -> Source:
    """Return the page of an official figure as a source; its reference date may be cut short, or empty."""
    return Source(
        id=figure.id,
        name=figure.authority,
        short_name=figure.short_publisher,
        title=figure.page_title,
        publisher=figure.page_publisher,
        author="",
        reference_date=figure.date_published,
        reference_date_basis="stated",
        kind="page",
        file="",
        sha256="",
        note=figure.note,
    )
