"""Numbers that are typed in a notebook's sentences, titles and captions instead of quoted, found without running it.

The numbers are those of `chain`, which checks the page. Here only the notebook's own words are read, so that a typed
number is found at once; tables and charts are checked on the page.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from claims.content.phrases import MARKS

from report.expressions import join_lines
from report.proof.chain import TOKEN
from report.proof.tally import REMEDIES
from report.runs.cell_names import read_words
from report.runs.number_words import is_number
from report.runs.selection import Notebook

__all__ = ["find", "find_in_plain", "numbers_in"]

_MARKS = "|".join(MARKS.values())
_HARMLESS = re.compile(
    rf"<({_MARKS})\b[^>]*>.*?</\1>"  # marked as no result
    r"|<!--.*?-->|<[^>]*>"
    r"|^ {0,3}(?P<fence>`{3,}|~{3,}).*?^ {0,3}(?P=fence)"
    r"|(?P<ticks>`+)[^`].*?(?P=ticks)"
    r"|\[[^\]]*\]\(#[^)]*\)|\]\([^)]*\)"  # a link to evidence, the address of another
    r"|\[[^\]]*@[^\]]*\]|(?<![\w\\])@[\w:.-]+"  # citations
    r"|(?<!\\)\$\$.*?\$\$|(?<!\\)\$(?=\S)[^$\n]+?(?<=[^\s\\])\$(?!\d)"
    r"|\{[#.][^}]*\}|\[\^[^\]]*\]|^\s*\d+[.)] "
    r"|https?://\S+",
    re.DOTALL | re.MULTILINE,
)
_QUOTED = re.compile(r"\{eval\}(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_AROUND = re.compile(r"[$€¥]?\d[\d.,]*(?:%| (?:thousand|million|billion|trillion))?")
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)|\]\([^)]*\)")
_SIGNS = 0xF0000  # the first of the characters for private use
_PRIVATE = re.compile(f"[{chr(_SIGNS)}-\U0010ffff]")
_TEMPLATES = ("title", "caption", "source")


def find(notebook: Notebook, names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield each number typed in a cell, with the cell's position; `names` are findings by their value in words."""
    for index, cell in enumerate(notebook.source["cells"]):
        source = join_lines(cell["source"])
        if cell["cell_type"] == "markdown":
            if typed := numbers_in(source):
                yield index, f"{_listed(typed)}; {_remedy(typed, names)}"
        elif cell["cell_type"] == "code":
            for words in _templates(source):
                if typed := numbers_in(re.sub(r"\{[^}]*\}", " ", words)):
                    yield index, f"{_listed(typed)}; write it as {{NAME}}, or mark it <time>, <cite>, <data> or <var>"


def find_in_plain(text: str) -> str:
    """Return what is wrong with a text of subject.yaml, in which no number can have evidence; "" if it has none.

    >>> find_in_plain("Three towns in {eval}`book.x`.")
    'the number “Three” is typed; write it without numbers and {eval}: nothing is quoted here'
    """
    numbers = [f"“{token[0]}”" for token in TOKEN.finditer(text) if is_number(token[0])]
    if not numbers and "{eval}" not in text:
        return ""
    typed = f"the number {numbers[0]} is typed" if len(numbers) == 1 else f"numbers are typed ({', '.join(numbers)})"
    return f"{typed if numbers else '{eval} is typed'}; write it without numbers and {{eval}}: nothing is quoted here"


def _listed(typed: Sequence[tuple[str, str]]) -> str:
    """Return which numbers are typed, and the words around the first.

    >>> _listed([("7.3", "grew 7.3% in 2024"), ("2024", "7.3% in 2024")])
    '2 numbers are typed (“7.3”, “2024”), the first in “grew 7.3% in 2024”'
    """
    numbers = ", ".join(f"“{number}”" for number, _ in typed)
    if len(typed) == 1:
        return f"the number {numbers} in “{typed[0][1]}” is typed"
    return f"{len(typed)} numbers are typed ({numbers}), the first in “{typed[0][1]}”"


def numbers_in(text: str) -> list[tuple[str, str]]:
    """Return the numbers in a Markdown text that neither a link nor a mark covers, each with the words around it.

    >>> numbers_in("Loans grew 7.3% to {eval}`book.x` in <time>2024</time> [see @un2011, p. 3].")
    [('7.3', 'Loans grew 7.3% to … in 2024 [see @un2011, p. 3].')]
    """
    read: list[str] = []  # what a reader sees of each part that is no result; a sign stands for it in `plain`

    def keep(match: re.Match) -> str:
        if "\n" in match[0]:
            return "\n"
        read.append(read_words(_LINKED.sub(r"\1", match[0])))
        return chr(_SIGNS + len(read) - 1)

    plain = _HARMLESS.sub(keep, _QUOTED.sub("…", _PRIVATE.sub("", text)))
    found = []
    for token in TOKEN.finditer(plain):
        if is_number(token[0]):
            before = (
                re.sub(r"^\S*\s", "", plain[: token.start()][-30:]) if token.start() > 30 else plain[: token.start()]
            )
            around = before + plain[token.start() : token.end() + 16]
            words = (read[ord(sign) - _SIGNS] if ord(sign) >= _SIGNS else sign for sign in around)
            found.append((token[0], " ".join("".join(words).split())))
    return found


def _remedy(typed: Sequence[tuple[str, str]], names: Mapping[str, str]) -> str:
    """Return what to write instead, with the name of a finding that has this value, if there is one."""
    matches = [(number, match[0]) for number, around in typed for match in _AROUND.finditer(around)]
    written = [text.rstrip(".,") for number, text in matches if number in text]
    text = next((text for text in written if text in names), "")
    return (f"{text} is {{eval}}`book.{names[text]}`; else " if text else "") + REMEDIES["prose"]


def _templates(source: str) -> Iterator[str]:
    """Yield the titles, captions and source lines of the tables and figures that code makes."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            words = (keyword.value for keyword in node.keywords if keyword.arg in _TEMPLATES)
            yield from (each.value for each in words if isinstance(each, ast.Constant) and isinstance(each.value, str))
