"""Long texts are packed as what differs from those of the page, and come out whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from report.pages.deltas import Delta, in_short, source
from report.pages.elements import elements

WORDS = st.lists(st.sampled_from(("In 2024", " trade grew", " by 7%", ", as", " <b>", "&", "’", "𝑥")), max_size=30).map(
    "".join
)


def whole(delta: Delta, old: str) -> str:
    """Return what a delta stands for, as the page works it out: in JavaScript texts are in UTF-16."""
    units = old.encode("utf-16-le")
    kept = (part if isinstance(part, str) else units[2 * part[0] : 2 * part[1]].decode("utf-16-le") for part in delta)
    return "".join(kept)


def cell(html: str):
    [element] = elements(f"<td>{html}</td>")
    return element


@given(WORDS, WORDS)
def test_a_delta_stands_for_the_whole(old, new):
    old, new = (text.replace("<b>", "<br>").replace("&", "&amp;") for text in (old, new))
    value = in_short(cell(old), "html", new)
    assert (value if isinstance(value, str) else whole(value, source(old))) == new


def test_of_a_long_sentence_only_its_number_is_packed():
    sentence = 'The yearly totals grew by <a href="#f-growth" class="evidence">{}</a> in 2024, after all rounding.'
    value = in_short(cell(sentence.format("7%")), "html", sentence.format("8%"))
    assert [part for part in value if isinstance(part, str)] == ["8%"]


def test_letters_of_two_units_move_no_place():
    sentence = "For every 𝑥 of the 𝑛 readings, trade grew by {} in 2024, after all rounding."
    delta = in_short(cell(sentence.format("7%")), "html", sentence.format("8%"))
    assert isinstance(delta, list)
    assert whole(delta, sentence.format("7%")) == sentence.format("8%")


def test_what_scripts_may_have_changed_is_packed_whole():
    """Sorted tables have buttons in their heads, and anchors may be moved; the page could not tell what was there."""
    for html in ('<th scope="col">Year</th>', '<a id="x" href="#c1">c1</a>', '<img src="a">', "<svg></svg>"):
        assert source(html) is None
        long = html + "A sentence that is long enough to be packed as a delta."
        assert in_short(cell(html), "html", long) == long


def test_the_page_writes_what_deltas_are_of(browser):
    """`source` in report.js and here agree, whatever scripts have added."""
    from report.pages.html import TEMPLATES

    script = (TEMPLATES / "report.js").read_text("utf-8")
    lines = script[script.index("    const escaped = ") : script.index("    const between = ")]
    html = (
        """5 &lt; 6 &amp; <a href="#c1" class="evidence">$4\xa0bn</a>, <time>2024</time><br>x<td class="b">"y"</td>"""
    )
    page = browser.new_page()
    page.set_content(f"<table><tr><td id=here>{html[: html.index('<td')]}</td></tr></table>")
    page.evaluate("const a = document.querySelector('a'); a.tabIndex = -1; a.append(document.createElement('i'))")
    written = page.evaluate(
        f"() => {{ const made = new Set(document.querySelectorAll('i'));\n{lines}\nreturn source(here) }}"
    )
    page.close()
    assert written == source(html[: html.index("<td")])
