"""What of too much is shown: how many texts a grid has room for, and how many items a list in prose."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["MOST_LISTED", "MOST_TEXTS", "shown_texts"]

MOST_TEXTS = 12  # columns of a grid: more are too narrow for numbers
MOST_LISTED = 20  # items of a list in prose: nobody reads more


def shown_texts(sizes: Mapping[str, int], whole_file: str = "its data") -> tuple[tuple[str, ...], str]:
    """Return the texts that a grid has room for, those of most, in the order of `sizes`; and a note if there are more.

    `sizes` says how many figures or items each text has, `whole_file` is what has all of them.

    >>> shown_texts({"S1": 2, "S2": 5})
    (('S1', 'S2'), '')
    >>> shown_texts({f"S{number}": number for number in range(1, 15)})[1]
    ' Of <data>14</data> texts the <data>12</data> with most are shown; its data has all.'
    """
    if len(sizes) <= MOST_TEXTS:
        return tuple(sizes), ""
    largest = set(sorted(sizes, key=lambda text: -sizes[text])[:MOST_TEXTS])
    whole, part = (f"<data>{number:,}</data>" for number in (len(sizes), MOST_TEXTS))
    note = f" Of {whole} texts the {part} with most are shown; {whole_file} has all."
    return tuple(text for text in sizes if text in largest), note
