"""No text of a ledger, a notebook or a page becomes markup, code, a formula, a path or the scheme of a link."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest
import yaml
from claims.content.phrases import Link, Marked, Phrase, may_link, part_markdown
from claims.ledger import readings
from claims.show import markup
from claims.tables.files import stays_inside
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from report.pages.markdown import Job, Piece, convert
from report.pages.twin import LINK
from report.runs.extract import as_csv, harmless_csv

REPOSITORY = Path(__file__).parents[2]
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
SCHEMES = ("javascript", "vbscript", "data", "file", "ftp", "blob", "jar", "view-source", "about", "intent", "tel")
ALLOWED = re.compile(r"#|https?://|mailto:")

# What gets past checks that look for a scheme: blanks and controls before or within it, other cases, references.
DISGUISES = ("", " ", "\t", "\n", "\x01", "\u00a0", "\u200b", "&#9;", "&Tab;", "\\", "/", "//", "%20", "[")
COLONS = (":", "&colon;", "&#58;", "%3A", "\t:")
RESTS = ("alert(1)", "text/html,<script>x()</script>", "///etc/passwd", "//a.org/x", "x")
SPECIAL = "<>&\"'`*_[]()#$|\\/{}!:=@~^-+ \n\tabz09"
hostile_targets = st.builds(
    lambda before, scheme, upper, place, inside, colon, rest: (
        before + (spelt := scheme.title() if upper else scheme)[:place] + inside + spelt[place:] + colon + rest
    ),
    st.sampled_from(DISGUISES), st.sampled_from(SCHEMES), st.booleans(), st.integers(0, 9),
    st.sampled_from(DISGUISES), st.sampled_from(COLONS), st.sampled_from(RESTS),
)  # fmt: skip
texts = st.text(alphabet=SPECIAL + "\r\x1f\u00e9\u2028\u202e中😀", max_size=40)


def elements_in(markup: str) -> list[tuple[str, dict[str, str | None]]]:
    """Return the elements in markup with their attributes, as a browser finds them."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list) -> None:
            found.append((tag, dict(attrs)))

    reader = Reader()
    reader.feed(markup)
    reader.close()
    return found


def links_in(markup: str) -> list[str]:
    """Return the targets of all links in markup."""
    return [str(attributes["href"]) for _, attributes in elements_in(markup) if "href" in attributes]


def tags_in(markup: str) -> set[str]:
    """Return the elements in markup."""
    return {tag for tag, _ in elements_in(markup)}


# -- schemes of links -------------------------------------------------------------------------------------------------


@given(hostile_targets)
def test_no_disguise_gets_a_scheme_past_the_check(target):
    assert not may_link(target)


@pytest.mark.parametrize("target", ["#c001", "https://a.org/b?c=d#e", "HTTP://a.org", "mailto:a@b.org"])
def test_pages_places_and_mail_may_be_linked(target):
    assert may_link(target)


@given(st.one_of(hostile_targets, texts), texts)
def test_a_phrase_in_jupyterlab_links_to_allowed_places_only(target, words):
    shown = markup.phrase_html(Phrase((Link(words, target), Marked(words, "date"), words)), None)
    assert tags_in(shown) <= {"a", "time"}
    assert all(link.startswith(("http://", "https://", f"{markup.PAGE}#")) for link in links_in(shown))


@given(st.one_of(hostile_targets, texts), texts)
def test_a_caption_in_jupyterlab_links_to_allowed_places_only(target, words):
    shown = markup.markdown_html(f"[{words}]({target}) <{target}> [a]: {target} {words}")
    assert tags_in(shown) <= {"a", "time", "cite", "data", "var", "em", "strong", "code", "br"}
    assert all(ALLOWED.match(link.removeprefix(markup.PAGE)) for link in links_in(shown))


def planted(target: str, words: str) -> list[Piece]:
    """Return a hostile target as a cell, a caption, HTML and what a phrase makes of it."""
    quoted = target.replace('"', "&quot;")
    return [
        Piece(f"[{words}]({target}) [x](<{target}>) <{target}>\n\n[y]: {target}\n\n[y]"),
        Piece(f"[{words}]({target})", inline=True),
        Piece(f'<a href="{quoted}">{words}</a> <img src="{quoted}">'),
        Piece(f'<p><a href="{quoted}">x</a></p>', "html"),
        Piece(f"\\href{{{target}}}{{x}}", "latex"),
        Piece(part_markdown(Link(words, target)) + " " + part_markdown(Link(words, f"https://a.org/{target}"))),
    ]


def many(count: int) -> list[Piece]:
    """Return pieces with `count` hostile targets, the same in every run."""
    random = Random(count)
    pieces: dict[Piece, None] = {}
    for _ in range(count):
        scheme = "".join(random.choice((letter, letter.upper())) for letter in random.choice(SCHEMES))
        place = random.randrange(len(scheme))
        parts = random.choice(DISGUISES), scheme[:place], random.choice(DISGUISES), scheme[place:]
        target = "".join((*parts, random.choice(COLONS), random.choice(RESTS)))
        pieces |= dict.fromkeys(planted(target, "".join(random.choices(SPECIAL, k=12))))
    return list(pieces)


@pytest.mark.parametrize("count", [40, pytest.param(2000, marks=pytest.mark.torture)])
def test_no_link_of_a_page_has_another_scheme(count):
    found = 0
    for piece, done in convert(many(count), Job("html")).items():
        for part in done.parts:
            shown = str(part.get("text", "")) if part["kind"] == "markup" else ""
            attributes = {name for _, attributes in elements_in(shown) for name in attributes}
            assert [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")] == [], piece
            assert not tags_in(shown) & {"script", "style", "iframe", "object", "embed", "form", "base", "img"}, piece
            assert all(ALLOWED.match(link) for link in links_in(shown)), piece
            found += len(links_in(shown))
    assert found >= count  # those of https://a.org


@pytest.mark.parametrize("count", [40, pytest.param(2000, marks=pytest.mark.torture)])
def test_no_link_of_the_markdown_has_another_scheme(count):
    found = 0
    for piece, done in convert(many(count), Job("markdown")).items():
        for part in done.parts:
            written = str(part["text"]) if part["kind"] == "markup" else ""
            written = LINK.sub(r"\2", written)  # within the document: a link only to an anchor that there is
            shown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(written)
            attributes = {name for _, attributes in elements_in(shown) for name in attributes}
            assert attributes <= {"href", "start"}, piece
            assert not tags_in(shown) & {"script", "style", "iframe", "object", "embed", "form", "base", "img"}, piece
            assert all(ALLOWED.match(link) for link in links_in(shown)), piece
            found += len(links_in(shown))
    assert found >= count  # those of https://a.org


@pytest.mark.parametrize("count", [40, pytest.param(2000, marks=pytest.mark.torture)])
def test_no_link_of_the_pdf_has_another_scheme(count):
    sources = [str(part.get("text", "")) for done in convert(many(count), Job("typst")).values() for part in done.parts]
    found = [target for source in sources for target in re.findall(r'#link\("((?:\\.|[^"\\])*)"\)', source)]
    assert len(found) >= count
    assert [target for target in found if not ALLOWED.match(target)] == []


@given(texts)
def test_an_address_cannot_end_its_link_in_markdown(rest):
    written = part_markdown(Link("x", f"https://a.org/{rest}"))
    address = written.removeprefix("[x](").removesuffix(")")
    assert not re.search(r"[\s()<>\[\]\"'`*\\\\]", address)


# -- formulas in spreadsheets -----------------------------------------------------------------------------------------

cells = st.one_of(
    texts,
    st.builds(
        str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "'=", "''-", "'"]), texts
    ),
    st.sampled_from(
        ['=HYPERLINK("https://a.org")', "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "+1", "-3.5", "-", "1e5", "'"]
    ),
)
numbers = st.one_of(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False))


@given(st.lists(cells, min_size=1, max_size=5), st.lists(numbers, max_size=3))
def test_no_cell_of_a_written_csv_is_a_formula(words, values):
    (header, row) = csv.reader(io.StringIO(as_csv(words + ["n"] * len(values), [words + values]).decode(), newline=""))
    assert header[: len(words)] == row[: len(words)]
    for cell, text in zip(row, words, strict=False):
        assert not cell.startswith(("=", "@", "\t", "\r", "\n", "＝", "＋"))
        assert not cell.startswith(("+", "-")) or NUMBER.fullmatch(cell)
        assert readings._without_guard(cell) == text
    for cell, value in zip(row[len(words) :], values, strict=True):
        assert float(cell) == float(f"{value:.12g}" if isinstance(value, float) else value)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=4))
def test_no_cell_of_an_attached_csv_is_a_formula(rows):
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    written = list(csv.reader(io.StringIO(harmless_csv(out.getvalue().encode()).decode(), newline="")))
    dangerous = any(FORMULA.match(cell.lstrip("'")) and not NUMBER.fullmatch(cell) for row in rows for cell in row)
    assert written == rows or dangerous
    assert not dangerous or [[readings._without_guard(cell) for cell in row] for row in written] == rows
    risky = [cell for row in written for cell in row if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]
    assert risky == []


def test_published_tables_are_written_as_they_are_read():
    files = [*sorted((REPOSITORY / "figures").glob("*.csv")), *sorted((REPOSITORY / "report/published").glob("*.csv"))]
    assert len(files) >= 10
    for path in files:
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        unmarked = [[readings._without_guard(cell) for cell in row] for row in rows]
        assert as_csv(header, unmarked) == path.read_bytes(), path.name


def test_the_ledger_is_attached_as_it_is():
    files = sorted((REPOSITORY / "data").glob("*.csv"))
    assert len(files) >= 8
    assert [path.name for path in files if harmless_csv(path.read_bytes()) != path.read_bytes()] == []


# -- paths ------------------------------------------------------------------------------------------------------------

steps = st.lists(st.sampled_from(["..", ".", "", "a", "~", "b.txt", "..a", "a\\b", "\0", "/"]), min_size=1, max_size=5)


@given(steps.map("/".join))
def test_no_named_file_leaves_its_folder(name):
    if stays_inside(name):
        assert Path("/texts", name).resolve().is_relative_to("/texts/")
        assert Path("/texts", name).resolve() != Path("/texts")


def test_the_proof_reads_no_text_outside_its_folder(tmp_path):
    from claims.ledger.loading import load_ledger
    from claims.ledger.model import LedgerError
    from invented import TEXTS, copied, plant

    from report.proof.check import check

    ledger = copied(tmp_path)
    assert "proved" in check(ledger, TEXTS)
    (tmp_path / "secret.txt").write_bytes((TEXTS / "upper.txt").read_bytes())
    plant(ledger, "sources.csv", "upper.txt", "../secret.txt")
    (tmp_path / "texts").mkdir()
    with pytest.raises(LedgerError, match="leaves the folder of the texts"):
        check(ledger, tmp_path / "texts")
    with pytest.raises(LedgerError, match="leaves the folder of the texts"):
        load_ledger(ledger)


@pytest.mark.parametrize("address", ["javascript:alert(1)", " https://a.org", "file:///etc/passwd", "https://a.org x"])
def test_an_official_figure_is_quoted_from_a_page_of_the_web(tmp_path, address):
    from claims.ledger.loading import load_ledger
    from claims.ledger.model import LedgerError
    from invented import copied

    ledger = copied(tmp_path)
    path = ledger / "official.csv"
    lines = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    lines[1][lines[0].index("url")] = address
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    with pytest.raises(LedgerError, match="url: .*(is no address of a web page|has spaces around it)"):
        load_ledger(ledger)


# -- the repository ---------------------------------------------------------------------------------------------------


def test_actions_are_pinned_by_the_hash_of_a_commit():
    found = []
    for path in sorted((REPOSITORY / ".github" / "workflows").glob("*.y*ml")):
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            found += [step["uses"] for step in job.get("steps", ()) if "uses" in step]
            assert "permissions" in job or "permissions" in yaml.safe_load(path.read_text(encoding="utf-8"))
    assert len(found) >= 5
    assert [use for use in found if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", use)] == []


def test_the_page_on_security_fits_a_screen_and_invents_no_address():
    text = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 45
    assert re.findall(r"[\w.]+@[\w.]+|https?://", text) == []
    assert all(heading in text for heading in ("is trusted", "is not trusted", "gets to see", "Report a weakness"))
