"""Conversion of Markdown, HTML and LaTeX to HTML or Typst: one pandoc process for all texts of a document."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from claims.content.phrases import MARKS

from report.pages.pictures import Image
from report.pages.typesetting import with_code_points
from report.scratch import new_folder

__all__ = ["Converted", "Job", "Piece", "convert"]

SCRIPT = Path(__file__).parent / "templates" / "pieces.lua"
FORMATS = ("markdown", "html", "latex")


@dataclass(frozen=True)
class Piece:
    """One text to convert: its format, whether it is one line of running text, and the pictures it may show."""

    text: str
    format: str = "markdown"
    inline: bool = False
    images: tuple[tuple[str, Image], ...] = ()  # (address in the text, picture)

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise ValueError(f"a piece is one of {', '.join(FORMATS)}, got {self.format!r}")


@dataclass(frozen=True)
class Converted:
    """The conversion of a piece: its parts (markup, heading, code, table) and the anchors it links to."""

    parts: tuple[Mapping, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def markup(self) -> str:
        """The parts that are running text, joined."""
        return "\n\n".join(part["text"] for part in self.parts if part["kind"] == "markup")


@dataclass(frozen=True)
class Job:
    """How to convert: to "html" or "typst", and the code points that no font has."""

    to: str
    missing: frozenset[int] = field(default_factory=frozenset)

    def key(self, piece: Piece) -> str:
        """Return a hash that is equal for conversions whose results are equal as long as the script is the same."""
        parts = [piece.text, piece.format, piece.inline, self.addresses(piece), self.to, sorted(self.missing)]
        return sha256(json.dumps(parts).encode()).hexdigest()

    def addresses(self, piece: Piece) -> dict[str, str]:
        """Return the address in the output of each picture of a text: its content for HTML, a file name for Typst."""
        return {name: image.uri if self.to == "html" else image.name for name, image in piece.images}


def convert(pieces: Iterable[Piece], job: Job, conversions: MutableMapping | None = None) -> dict[Piece, Converted]:
    """Return every distinct piece with its conversion, from a single pandoc process.

    `conversions` are earlier ones as JSON by `Job.key`; they are not repeated. Every one that is used is set in them.

    >>> piece = Piece("*a* <b>", inline=True)
    >>> convert([piece], Job("html"))[piece].markup
    '<em>a</em> &lt;b&gt;'
    """
    conversions = {} if conversions is None else conversions
    keys = {piece: job.key(piece) for piece in pieces}
    used = {key: conversions[key] for key in keys.values() if key in conversions}
    new = {piece: key for piece, key in keys.items() if key not in used}
    used.update(zip(new.values(), _answers(new, job), strict=True))
    conversions.update(used)
    return {piece: Converted(tuple(used[key]["parts"]), tuple(used[key]["links"])) for piece, key in keys.items()}


def _answers(pieces: Mapping[Piece, str], job: Job) -> list[dict]:
    """Return pandoc's answer for each text and its key: the parts of the text and the links in it."""
    if not pieces:
        return []
    request = {
        "to": job.to,
        "missing": sorted(job.missing),
        "marks": sorted(MARKS.values()),
        "pieces": [
            {
                "text": with_code_points(p.text),
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
        raise RuntimeError(f"pandoc returned {len(answers)} texts for {len(pieces)}")
    return answers


def _pandoc_lua(request: str) -> str:
    """Run the script inside pandoc's own Lua, in an empty home so that no user's configuration is read."""
    import pypandoc

    with new_folder() as folder:
        home = str(folder)
        done = subprocess.run(
            [pypandoc.get_pandoc_path(), "lua", "-E", str(SCRIPT)],
            input=request.encode(),
            capture_output=True,
            cwd=home,
            env={"HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        )
    if done.returncode:
        raise RuntimeError(f"pandoc could not convert the texts: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()
