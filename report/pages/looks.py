"""What the versions of a page under several readings share of their looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from markupsafe import Markup

from report.pages import drawing
from report.pages.document import Block, Document, ExhibitBlock
from report.pages.phone_tables import Cards, style_of

__all__ = ["Looks", "frame_words"]


@dataclass
class Looks:
    """What versions of a page share: the styles of their drawings, and the cards of a phone, by the table's anchor."""

    styles: drawing.SharedStyles = field(default_factory=drawing.SharedStyles)
    cards: dict[str, Cards] = field(default_factory=dict)

    def add(self, other: Looks) -> None:
        """Add what another object, which began as a copy of this one, has got since."""
        self.styles.add(other.styles)
        self.cards = dict(sorted((other.cards | self.cards).items()))

    @property
    def rules(self) -> str:
        """Return the style of the cards."""
        return style_of(self.cards.values())

    @property
    def drawn(self) -> str:
        """Return the style of the drawings, with the fonts of their words."""
        return f"{self.styles.sheet}\n{drawing.faces(self.styles.words)}" if self.styles.words else ""


def frame_words(blocks: Iterable[Block], document: Document) -> list[str]:
    """Return the words that a figure which is saved from the page has around it, so that its face has their letters."""
    about = (str(document.metadata.get(name, "")) for name in ("title", "licence"))
    figures = [block for block in blocks if isinstance(block, ExhibitBlock) and block.image]
    texts = (Markup(text).striptags() for block in figures for text in (block.title, block.caption, block.source))
    return [*about, *texts, "#"]  # which is in addresses
