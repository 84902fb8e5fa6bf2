"""Markdown, HTML fragments and LaTeX formulas to HTML or Typst: one pandoc process for all texts of a document."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from claims.content.phrases import MARKS

SCRIPT = Path(__file__).parent / "templates" / "pieces.lua"
SEPARATELY_READ = ("markdown", "html", "latex")


class Picture(Protocol):
    """A picture that a text may show: as an address that holds it, and the name of its file."""

    uri: str
    name: str


@dataclass(frozen=True)
class Piece:
    """One text to convert: its format, whether it is one line of running text, and the images it may show."""

    text: str
    format: str = "markdown"
    inline: bool = False
    images: tuple[tuple[str, Picture], ...] = ()  # (name in the text, the picture itself)

    def __post_init__(self):
        if self.format not in SEPARATELY_READ:
            raise ValueError(f"a piece is one of {', '.join(SEPARATELY_READ)}, got {self.format!r}")


@dataclass(frozen=True)
class Converted:
    """What became of a piece: its parts (markup, heading, code, table) and the anchors it links to."""

    parts: tuple[Mapping, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def markup(self) -> str:
        """The parts that are running text, joined."""
        return "\n\n".join(part["text"] for part in self.parts if part["kind"] == "markup")


@dataclass(frozen=True)
class Job:
    """How to convert: to which format, and which characters no font has."""

    to: str
    missing: frozenset[int] = field(default_factory=frozenset)

    def key(self, piece: Piece) -> str:
        """Return a hash that is the same for conversions that come out the same with this script of ours."""
        asked = [
            piece.text,
            piece.format,
            piece.inline,
            self.addresses(piece),
            self.to,
            sorted(self.missing),
        ]
        return sha256(json.dumps(asked).encode()).hexdigest()

    def addresses(self, piece: Piece) -> dict[str, str]:
        """Return how the output refers to each picture of a text: HTML holds it, Typst finds a file beside it."""
        return {name: image.uri if self.to == "html" else image.name for name, image in piece.images}


def convert(pieces: Iterable[Piece], job: Job, known: MutableMapping | None = None) -> dict[Piece, Converted]:
    """Return every distinct piece with its conversion, from a single pandoc process.

    `known` holds conversions by `Job.key`, as JSON has them: those are not made again, and the others are added.

    >>> piece = Piece("*a* <b>", inline=True)
    >>> convert([piece], Job("html"))[piece].markup
    '<em>a</em> &lt;b&gt;'
    """
    known = {} if known is None else known
    keys = {piece: job.key(piece) for piece in pieces}
    new = {piece: key for piece, key in keys.items() if key not in known}
    known.update(zip(new.values(), _answers(new, job), strict=True))
    found = {piece: known[key] for piece, key in keys.items()}
    return {piece: Converted(tuple(one["parts"]), tuple(one["links"])) for piece, one in found.items()}


def _answers(pieces: Mapping[Piece, str], job: Job) -> list[dict]:
    """Return what pandoc makes of each text, given with its key: its parts and the links in it."""
    if not pieces:
        return []
    request = {
        "to": job.to,
        "missing": sorted(job.missing),
        "marks": sorted(MARKS.values()),
        "pieces": [
            {
                "text": _readable(p.text),
                "format": p.format,
                "inline": p.inline,
                "images": job.addresses(p),
                "prefix": f"t{key[:8]}-",
            }
            for p, key in pieces.items()
        ],
    }
    answers = json.loads(_pandoc_lua(json.dumps(request)))
    if len(answers) != len(pieces):
        raise RuntimeError(f"pandoc was given {len(pieces)} texts and returned {len(answers)}")
    return answers


def _readable(text: str) -> str:
    """Return the text without what no reader can show: a lone surrogate or a control character becomes [U+XXXX]."""
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    code = ord(character)
    control = (code < 32 and character not in "\n\t\r") or 127 <= code < 160
    return f"[U+{code:04X}]" if control or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF) else character


def _pandoc_lua(request: str) -> str:
    """Run the script inside pandoc's own Lua, in a home of its own so that nobody's configuration is read."""
    import pypandoc

    with TemporaryDirectory(prefix="pandoc-") as home:
        done = subprocess.run(
            [pypandoc.get_pandoc_path(), "lua", "-E", str(SCRIPT)],
            input=request.encode(),
            capture_output=True,
            cwd=home,
            env={"HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        )
    if done.returncode:
        raise RuntimeError(
            f"pandoc could not convert the document's texts: {done.stderr.decode(errors='replace').strip()}"
        )
    return done.stdout.decode()
