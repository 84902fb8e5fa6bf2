r"""Formulas as notebooks write them, marked in the one way that pandoc reads.

Jupyter takes `$ x $` for a formula, lines such as `=` or `- c` between `$$` for parts of one, and a `\newcommand` for
known in all cells below it. CommonMark takes the first for text, the second for headings and lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping

__all__ = ["Macros", "macros_used", "mark_formulas"]

LONGEST = 10_000  # letters of a formula; a dollar sign further away belongs to something else
LINE_END = r"\n(?![ \t>]*\n)"  # no formula goes over a blank line
MARKS = re.compile(
    rf"""(?mx)
      ^[ \t>]*(?P<fence>`{{3,}}+|~{{3,}}+)[^\n]*+\n(?s:.*?)(?:^[ \t>]*(?P=fence)|\Z)
    | (?<!`)(?P<ticks>`++)(?:[^`\n]|{LINE_END}|(?<!`)(?!(?P=ticks)(?!`))`++){{1,1000}}?(?P=ticks)(?!`)
    | ^[ ]{{0,3}}(?P<environment>\\begin\{{(?P<kind>(?:equation|align|gather|multline|eqnarray|alignat|flalign)\*?)\}}
      (?s:.{{0,{LONGEST}}}?)\\end\{{(?P=kind)\}})
    | \\[^\n]
    | \$\$(?P<display>(?:\\[^\n]|[^\\$\n]|{LINE_END}|\\{LINE_END}|\$(?!\$)){{1,{LONGEST}}}?)\$\$
    | \$(?!\$)(?P<inline>(?:\\[^\n]|[^\\$\n]|{LINE_END}|\\{LINE_END}){{1,{LONGEST}}})\$(?!\$)
    """
)
DEFINED = re.compile(
    r"\\(?:(?:re|provide)?newcommand\*?\s*(?:\{\\(?P<new>[A-Za-z]+)\}|\\(?P<bare>[A-Za-z]+))"
    r"\s*(?P<count>\[\d\])?\s*(?P<first>\[[^\]\n]{0,80}\])?"
    r"|def\s*\\(?P<def>[A-Za-z]+)(?P<hashes>(?:\#\d)*)"
    r"|DeclareMathOperator(?P<star>\*?)\s*\{\\(?P<operator>[A-Za-z]+)\})\s*(?=\{)"
)
RENAMED = re.compile(r"\\let\s*\\(?P<name>[A-Za-z]+)\s*=?\s*(?P<meaning>\\[A-Za-z]+)")
TWO_WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}[,.;:]?\s+[A-Za-z]{2,}")

Macros = MutableMapping[str, str]  # the definition of each command, as \newcommand, by its name


def mark_formulas(source: str, macros: Macros | None = None) -> str:
    r"""Return Markdown whose formulas are each on one line between dollar signs without spaces inside them.

    Definitions of commands are taken out of the formulas and added to `macros`.

    >>> mark_formulas("so $ x $ costs $ 5 and that costs $ 6")
    'so $x$ costs $ 5 and that costs $ 6'
    >>> mark_formulas("$$\na\n=\n- b % c\n$$")
    '$$a = - b$$'
    >>> mark_formulas("so\n\\begin{align}a &= b\\end{align}\nand `\\begin{align}`").splitlines()
    ['so', '$$\\begin{align}a &= b\\end{align}$$', 'and `\\begin{align}`']
    """
    known = {} if macros is None else macros
    parts, end = [], 0
    while match := MARKS.search(source, end):
        parts.append(source[end : match.start()])
        formula = match["environment"] or match["display"]
        if formula:
            parts.append(_set_formula(formula, "$$", known) if formula.strip() else match[0])
        elif match["inline"] and not _is_formula(match["inline"], source[match.end() :]):
            parts.append("$")  # of text; the next one may begin a formula
            end = match.start() + 1
            continue
        elif match["inline"]:
            parts.append(_set_formula(match["inline"], "$", known))
            parts.append("<!-- -->" if source[match.end() : match.end() + 1].isdigit() else "")
        else:
            parts.append(match[0])
        end = match.end()
    return "".join([*parts, source[end:]])


def macros_used(text: str, macros: Macros) -> tuple[tuple[str, str], ...]:
    r"""Return (name, definition) of each macro that a text uses, also of those that these use.

    >>> macros_used(r"\a", {"a": r"\newcommand{\a}{\b}", "b": r"\newcommand{\b}{1}", "c": ""})
    (('a', '\\newcommand{\\a}{\\b}'), ('b', '\\newcommand{\\b}{1}'))
    """
    used: dict[str, str] = {}
    waiting = [text] if macros else []
    while waiting:
        for name in re.findall(r"\\([A-Za-z]+)", waiting.pop()):
            if name in macros and name not in used:
                used[name] = macros[name]
                waiting.append(macros[name])
    return tuple(sorted(used.items()))


def _is_formula(content: str, after: str) -> bool:
    """Return whether text between two dollar signs is a formula, and not prose between two amounts of money."""
    text = content.strip()
    tight = content == text  # what pandoc takes for one
    if not text or (tight and after[:1].isdigit()):
        return False
    bare = re.sub(r"\\[A-Za-z]+\*?(?:\{[^{}]*\})?|\{[^{}]*\}", " ", text)
    if tight and not (text[0].isdigit() and TWO_WORDS.search(bare)):
        return True
    if TWO_WORDS.search(bare):
        return False
    if re.search(r"[\\_^{}=<>]", text):
        return True
    words = re.findall(r"[A-Za-z]{2,}", bare)
    if not words:
        return not (re.fullmatch(r"[\d.,\s]+", text) and re.match(r"\s*\d", after))  # two amounts of money
    return text == words[0] or (not text[0].isdigit() and bool(re.search(r"\w\s*[-+*/|]\s*\w", text)))


def _set_formula(formula: str, mark: str, macros: Macros) -> str:
    """Return a formula on one line between its marks, without the definitions in it; nothing if there is no more."""
    lines = (re.sub(r"(?<!\\)%.*", "", line).strip(" \t>") for line in formula.split("\n"))
    text = "".join(_without_definitions(" ".join(filter(None, lines)), macros)).strip()
    return f"{mark}{text}{mark}" if text else ""


def _without_definitions(text: str, macros: Macros) -> Iterator[str]:
    r"""Yield what is left of a formula when its definitions are added to the macros.

    >>> known = {}
    >>> "".join(_without_definitions(r"\def\f#1{a_{#1}}\let\g\f \f", known)), known["g"]
    (' \\f', '\\newcommand{\\g}{\\f}')
    """
    end = 0
    for match in re.finditer(rf"{DEFINED.pattern}|{RENAMED.pattern}", text):
        if match.start() < end:
            continue  # within the body of another
        if match["name"]:
            body, stop = match["meaning"], match.end()
        else:
            stop = _group_end(text, match.end())
            body = text[match.end() + 1 : stop - 1]
        if not stop:
            break  # its group does not end
        yield text[end : match.start()]
        end = stop
        _define(match, body, macros)
    yield text[end:]


def _define(match: re.Match, body: str, macros: Macros) -> None:
    name = match["new"] or match["bare"] or match["def"] or match["operator"] or match["name"]
    if match["operator"]:
        body = f"\\operatorname{match['star']}{{{body}}}"
    count = match["count"] or (f"[{match['hashes'].count('#')}]" if match["hashes"] else "")
    macros[name] = f"\\newcommand{{\\{name}}}{count}{match['first'] or ''}{{{body}}}"


def _group_end(text: str, start: int) -> int:
    """Return where the group in braces that begins at `start` ends, 0 if it does not."""
    depth = 0
    for match in re.compile(r"\\.|[{}]").finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if not depth:
            return match.end()
    return 0
