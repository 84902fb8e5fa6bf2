"""Conversion of Markdown, HTML and LaTeX to HTML, Typst or Markdown: one pandoc process for all texts of a document."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from claims.content.phrases import MARKS

from report.pages.pictures import Image
from report.pages.typesetting import with_code_points
from report.scratch import new_folder

__all__ = ["Converted", "Job", "Piece", "convert", "without_circles"]

SCRIPT = Path(__file__).parent / "templates" / "pieces.lua"
FORMATS = ("markdown", "html", "latex")
BETWEEN = "\ue000"  # with which the script separates texts
LEAST_SECONDS = 10  # for pandoc, which takes milliseconds for a text that it can convert at all
LETTERS_A_SECOND = 5_000  # at least, however busy the machine is
NOTE = re.compile(  # name and words of a footnote, which end before the next or before a paragraph that is not indented
    r"^[ \t>*+-]*\[\^([^\]\s]+)\]:(.*?)(?=\n[ \t>*+-]*\[\^[^\]\s]+\]:|\n[ \t>]*\n(?! {4}|\t)[ >]*\S|\Z)", re.M | re.S
)
NOTE_MENTIONED = re.compile(r"\[\^([^\]\s]+)\](?!:)")
MOST_MEMORY = ("+RTS", "-M2g", "-RTS")  # of pandoc


@dataclass(frozen=True)
class Piece:
    """One text to convert: its format, whether it is one line of running text, and the pictures it may show."""

    text: str
    format: str = "markdown"
    inline: bool = False
    images: tuple[tuple[str, Image], ...] = ()  # (address in the text, picture)
    macros: tuple[tuple[str, str], ...] = ()  # commands of LaTeX that its formulas use: (name, definition)

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise ValueError(f"a piece is one of {', '.join(FORMATS)}, got {self.format!r}")


@dataclass(frozen=True)
class Converted:
    """The conversion of a piece: its parts (markup, heading, code, table) and the anchors it links to."""

    parts: tuple[Mapping, ...] = ()
    links: tuple[str, ...] = ()
    refused: str = ""  # why it is shown as its source

    @property
    def markup(self) -> str:
        """The parts that are running text, joined."""
        return "\n\n".join(part["text"] for part in self.parts if part["kind"] == "markup")


@dataclass(frozen=True)
class Job:
    """How to convert: to "html", "typst" or "markdown", and the code points that no font has."""

    to: str
    missing: frozenset[int] = field(default_factory=frozenset)

    def key(self, piece: Piece) -> str:
        """Return a hash that is equal for conversions whose results are equal as long as the script is the same."""
        parts = [piece.text, piece.format, piece.inline, self.addresses(piece), self.to, sorted(self.missing)]
        return sha256(json.dumps([*parts, piece.macros] if piece.macros else parts).encode()).hexdigest()

    def addresses(self, piece: Piece) -> dict[str, str]:
        """Return the address in the output of each picture of a text: its content for HTML, a file name for Typst."""
        return {name: image.uri if self.to == "html" else image.name for name, image in piece.images}


def convert(
    pieces: Iterable[Piece], job: Job, conversions: MutableMapping | None = None, spare: bool = False
) -> dict[Piece, Converted]:
    """Return every distinct piece with its conversion, from a single pandoc process.

    `conversions` are earlier ones as JSON by `Job.key`; they are not repeated. Every one that is used is set in them.
    With `spare` a text that pandoc does not convert, or not in time, becomes its source with a note, and the others are
    converted without it; else RuntimeError is raised.

    >>> piece = Piece("*a* <b>", inline=True)
    >>> convert([piece], Job("html"))[piece].markup
    '<em>a</em> &lt;b&gt;'
    """
    conversions = {} if conversions is None else conversions
    keys = {piece: job.key(piece) for piece in pieces}
    used = {key: conversions[key] for key in keys.values() if key in conversions}
    new = {piece: key for piece, key in keys.items() if key not in used}
    used.update(zip(new.values(), _answers_apart(new, job) if spare else _answers(new, job), strict=True))
    conversions.update(used)
    return {
        piece: Converted(tuple(used[key]["parts"]), tuple(used[key]["links"]), used[key].get("refused", ""))
        for piece, key in keys.items()
    }


def _answers_apart(pieces: Mapping[Piece, str], job: Job) -> list[dict]:
    """Return pandoc's answers; where it fails, or takes far longer than texts do, for each half of the texts again."""
    try:
        return _answers(pieces, job, LEAST_SECONDS + sum(len(piece.text) for piece in pieces) / LETTERS_A_SECOND)
    except RuntimeError as error:
        if len(pieces) == 1:
            [piece] = pieces
            return [_source_of(piece, str(error))]
        items = list(pieces.items())
        halves = dict(items[: len(items) // 2]), dict(items[len(items) // 2 :])
        return [answer for half in halves for answer in _answers_apart(half, job)]


def _source_of(piece: Piece, reason: str) -> dict:
    """Return what stands for pandoc's answer to a text that it does not convert."""
    note = {"kind": "note", "text": "This text could not be converted; here is its source.", "links": []}
    code = {"kind": "code", "text": piece.text, "language": "", "links": []}
    return {"parts": [note, code], "links": [], "refused": reason}


def _answers(pieces: Mapping[Piece, str], job: Job, seconds: float | None = None) -> list[dict]:
    """Return pandoc's answer for each text and its key: the parts of the text and the links in it."""
    if not pieces:
        return []
    request = {
        "to": job.to,
        "missing": sorted(job.missing),
        "marks": sorted(MARKS.values()),
        "pieces": [
            {
                "text": without_circles(with_code_points(p.text)).replace(BETWEEN, "[U+E000]"),
                "format": p.format,
                "inline": p.inline,
                "images": job.addresses(p),
                "prefix": f"t{key[:8]}-",
                "macros": p.macros,
            }
            for p, key in pieces.items()
        ],
    }
    answers = json.loads(_pandoc_lua(json.dumps(request), seconds))
    if len(answers) != len(pieces):
        raise RuntimeError(f"pandoc returned {len(answers)} texts for {len(pieces)}")
    return answers


def without_circles(text: str) -> str:
    r"""Return a text in whose footnotes no number leads back to the note that it is in: pandoc would follow it forever.

    >>> without_circles("a[^1] b[^2]\n\n[^1]: see [^2]\n\n[^2]: c")
    'a[^1] b[^2]\n\n[^1]: see [^2]\n\n[^2]: c'
    >>> print(without_circles("a[^1]\n\n[^1]: see [^2]\n\n[^2]: see [^1]"))
    a[^1]
    <BLANKLINE>
    [^1]: see \[^2]
    <BLANKLINE>
    [^2]: see \[^1]
    """
    mentions: dict[str, set[str]] = {}
    for name, note in NOTE.findall(text):
        mentions.setdefault(name.casefold(), set()).update(map(str.casefold, NOTE_MENTIONED.findall(note)))
    endless = {name for name in mentions if name in _reached_from(name, mentions)}

    def escaped(mention: re.Match) -> str:
        return "\\" + mention[0] if mention[1].casefold() in endless else mention[0]

    return NOTE.sub(lambda note: NOTE_MENTIONED.sub(escaped, note[0]), text) if endless else text


def _reached_from(name: str, mentions: Mapping[str, set[str]]) -> set[str]:
    """Return the notes that a note mentions, and those that these mention, and so on."""
    reached, left = set(), list(mentions[name])
    while left:
        if (one := left.pop()) not in reached:
            reached.add(one)
            left += mentions.get(one, ())
    return reached


def _pandoc_lua(request: str, seconds: float | None = None) -> str:
    """Run the script inside pandoc's own Lua, in an empty home so that no user's configuration is read.

    Raises RuntimeError if pandoc fails or, where there is a limit, needs more than `seconds`.
    """
    import pypandoc

    with new_folder() as folder:
        home = str(folder)
        limits = MOST_MEMORY if seconds else ()
        try:
            done = subprocess.run(
                [pypandoc.get_pandoc_path(), *limits, "lua", "-E", str(SCRIPT)],
                input=request.encode(),
                capture_output=True,
                cwd=home,
                env=dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), home)
                | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"pandoc needed more than {seconds:g} seconds") from None
    if done.returncode:
        raise RuntimeError(f"pandoc could not convert the texts: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()
