"""Which sentences of a new report have other numbers or links than in the published one: those to read again.

Both are read as report.md, where a sentence is a line. Rows of tables are left out, and so is what only numbers things
anew: sections, figures, tables, and the codes of results such as F12.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from claims.tables.messages import count_noun

from report.folders import Folders
from report.writing import write_whole

__all__ = ["FILE", "ChangedSentence", "as_file", "as_lines", "find_changed_sentences", "write_changed_sentences"]

FILE = "changed_sentences.md"
MOST = 20  # are printed, the others are in the file
WIDTH = 150  # letters of a printed line
_HEADING = re.compile(r'#+ (?:<a id="(?P<anchor>[^"]*)"></a>)?(?P<title>.*)')
_NO_SENTENCE = re.compile(r"\||!\[|>|```|Numbers behind ")
_ANCHOR = re.compile(r'<a id="[^"]*"></a>')
_LINK = re.compile(r"\[(?P<text>(?:\\.|[^\]\\])*)\]\((?P<target>[^)\s]*)\)")
_COUNTED = re.compile(r"\*\*(?:Figure|Table) [A-Z]?\d+\*\* ?|^[\s>-]*(?:\*\*)?[FVcao]\d+(?:\*\*)?\b")
_PLACE = re.compile(r"#(?!f-|v-|[A-Za-z]\d+$)")  # targets whose text is the number of a figure, a table or a section
_CODE = re.compile(r"[FV]\d+(?: (?:to|and) [FV]\d+)?")
_NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")
_MARKUP = re.compile(r"\\(?=[^\w\s])|\*+")
_START = re.compile(r"^(?:[-*>]|\d+\.)\s+")


@dataclass(frozen=True)
class ChangedSentence:
    """A sentence of a new report: its place, its words, and those of the published one it replaces, "" if none."""

    place: str
    now: str
    was: str = ""


@dataclass(frozen=True)
class _Sentence:
    place: str
    markdown: str

    @property
    def words(self) -> str:
        """Return the sentence as plain text."""
        return _MARKUP.sub("", _LINK.sub(lambda link: link["text"], self.markdown)).strip()

    @property
    def evidence(self) -> tuple:
        """Return its links with their words, and its other numbers."""
        links = tuple((link["text"], link["target"]) for link in _LINK.finditer(self.markdown))
        return links, tuple(_NUMBER.findall(_LINK.sub("", self.markdown)))


def find_changed_sentences(before: str, after: str, notebooks: Iterable[str] = ()) -> list[ChangedSentence]:
    """Return the sentences of the report `after` whose numbers or links are not those of the one `before`.

    Both are the text of a report.md. Places begin with the notebook of the chapter, one of the names in `notebooks`. A
    sentence that was only moved, or of which only other words were changed, is left out.
    """
    names = {name.partition("_")[2].replace("_", "-"): name for name in notebooks}
    old, new = list(_sentences(before, names)), list(_sentences(after, names))
    left = Counter(sentence.markdown for sentence in old) - Counter(sentence.markdown for sentence in new)
    gone = [sentence for sentence in old if sentence.markdown in left]
    as_before, evidence = {sentence.markdown for sentence in old}, {sentence.evidence for sentence in gone}
    changed = [
        one for one in new if any(one.evidence) and one.markdown not in as_before and one.evidence not in evidence
    ]
    return [ChangedSentence(one.place, one.words, _closest(one, gone)) for one in changed]


def write_changed_sentences(folders: Folders, after: bytes, notebooks: Iterable[str]) -> list[str]:
    """Write which sentences of a new report.md differ from the published one, and return the lines to print of them.

    Without such a sentence, or a published report, there is no line, and no file, also none of an earlier build.
    """
    published, path = folders.published / "report.md", folders.build / FILE
    before = published.read_text(encoding="utf-8") if published.is_file() else ""
    changed = find_changed_sentences(before, after.decode(), notebooks) if before else []
    path.unlink(missing_ok=True)
    if changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, as_file(changed).encode())
    return as_lines(changed, folders.shown(path))


def _sentences(text: str, names: dict[str, str]) -> Iterator[_Sentence]:
    """Yield the sentences of a report.md, without what only numbers things anew."""
    notebook = place = ""
    for line in text.splitlines():
        if match := _HEADING.match(line):
            notebook = names.get(match["anchor"] or "", "") if line.startswith("## ") else notebook
            place = ", ".join(filter(None, (notebook, match["title"]))) if line.startswith("##") else "title page"
            line = re.sub(r"^(?:[\d.]+|[A-Z](?:\.\d+)*) ", "", match["title"])
        if not _NO_SENTENCE.match(line.strip()) and (sentence := _without_codes(line)):
            yield _Sentence(place, sentence)


def _without_codes(line: str) -> str:
    def without_code(link: re.Match) -> str:
        counted = _PLACE.match(link["target"]) and _NUMBER.search(link["text"])
        return f"[…]({link['target']})" if counted or _CODE.fullmatch(link["text"]) else link[0]

    return _START.sub("", _COUNTED.sub("", _LINK.sub(without_code, _ANCHOR.sub("", line))).strip())


def _closest(sentence: _Sentence, gone: Sequence[_Sentence]) -> str:
    """Return the sentence that this one replaces: one of its section with the same words, else the most similar."""
    near = [one.words for one in gone if one.place.partition(" ")[0] == sentence.place.partition(" ")[0]]
    alike = [words for words in near if _NUMBER.sub("", words) == _NUMBER.sub("", sentence.words)]
    return next(iter(alike or get_close_matches(sentence.words, near, n=1)), "")


def as_lines(changed: Sequence[ChangedSentence], file: str) -> list[str]:
    """Return how many sentences changed, the first of them, a line each, and the file that has them all."""
    if not changed:
        return []
    number = count_noun(len(changed), "sentence")
    more = f"; the first {MOST}, all are in {file}:" if len(changed) > MOST else f", also in {file}:"
    head = f"numbers or links differ from the published report in {number}, to read again{more}"
    return [head, *(f"  {_shortened(f'{one.place}: {one.now}')}" for one in changed[:MOST])]


def _shortened(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1].rstrip()}…"


def as_file(changed: Sequence[ChangedSentence]) -> str:
    """Return all changed sentences as Markdown, under the place that has them."""
    lines = ["# Sentences whose numbers or links differ from those of the report that was published before", ""]
    place = None
    for one in changed:
        lines += ["", f"## {one.place}", ""] if one.place != place else []
        place = one.place
        lines += [f"- {one.now}", *([f"  - was: {one.was}"] if one.was else [])]
    return "\n".join([*lines, ""])
