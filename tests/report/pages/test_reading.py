"""What the published page says to those who do not see it, and every fault of that kind planted on a small page."""

from pathlib import Path

import pytest
from reading import CHECKS, Examined, parsed

PUBLISHED = Path(__file__).resolve().parents[3] / "report" / "published" / "report.html"
LEAST = {
    "alternatives": 5, "captions": 40, "tables": 1_000, "headings": 40, "links": 5_000, "bare_links": 4_000, "ids": 500,
    "references": 5_000, "landmarks": 3, "focus_order": 5_000, "folds": 10,
}  # fmt: skip
ALT = "Trade rises from 21 billion dollars in 2019 to 44 billion in 2024."
GOOD = f"""
<a href="#main">Skip to the text</a><h1>Trade</h1>
<nav aria-label="Contents"><a href="#one">How fast?</a></nav>
<main id="main"><h2 id="one">How fast?</h2>
<p>It grew <a href="#c1">7.3%</a> after <a href="#c2">7.3%</a> the year before.</p>
<figure><img src="data:," alt="{ALT}"><figcaption><span class="label">Figure 1</span> It doubled</figcaption>
<div class="notes"><p>Only goods are counted.</p></div>
<details><summary>Numbers behind Figure 1</summary>
<table><caption>Numbers behind <span class="label">Figure 1</span></caption>
<thead><tr><th scope="col">Year</th><th scope="col">Trade</th></tr></thead>
<tbody><tr><th scope="row" id="c1">2023</th><td id="c2">41</td></tr></tbody></table></details></figure>
<h2 id="two">How far?</h2></main>"""
FAULTS = {
    "alternatives": [
        (ALT, ""),
        (ALT, "figure"),
        (ALT, "No description has been provided for this image"),
        (ALT, "growth_of_trade_between_china_and_kazakhstan.png"),
        (ALT, "Trade rises."),
        (ALT, "Only goods are counted. It doubled, as is seen at once."),
        ("<h2 id=", f"<svg role='img' aria-label='{ALT}'></svg><h2 id="),
        ("<h2 id=", "<svg role='img'></svg><h2 id="),
    ],
    "captions": [
        (" It doubled", ""),
        ('<caption>Numbers behind <span class="label">Figure 1</span></caption>', ""),
        ("It doubled", "Untitled"),
        ('Numbers behind <span class="label">Figure 1</span>', "It doubled"),
        ("<figcaption>", "<p>"),
    ],
    "tables": [
        (">Trade</th>", "></th>"),
        (' scope="row"', ""),
        (">Trade</th>", ">Year</th>"),
        ("<h2 id=", "<table><caption>Other</caption><tr><td>1</td></tr></table><h2 id="),
    ],
    "headings": [
        ('<h2 id="one"', '<h3 id="one"'),
        ("How far?", "How fast?"),
        ("How far?", ""),
        ("<h1>Trade</h1>", ""),
        ("</main>", "<h1>Another</h1></main>"),
    ],
    "links": [
        ("</main>", "<p>See <a href='#two'>here</a>.</p></main>"),
        ("</main>", "<p><a href='#two'>#</a></p></main>"),
        ("</main>", "<p><a href='#two'></a></p></main>"),
        ("</main>", "<p>See <a href='#one'>the chapter</a>, <a href='#two'>the chapter</a>.</p></main>"),
    ],
    "bare_links": [
        ("</main>", "<a href='#c1'>c001</a></main>"),
        ("</main>", "<p><a href='#c1'>7.3%</a></p></main>"),
        ("</main>", "<p><a href='#c1'>7.3%</a>, <a href='#c2'>billion 5</a></p></main>"),
    ],
    "ids": [('id="two"', 'id="one"'), ('id="two"', 'id="t wo"'), ('id="two"', 'id=""')],
    "references": [
        ('href="#one"', 'href="#nowhere"'),
        ("<h2 id=", "<p aria-describedby='nobody'>x</p><h2 id="),
        ("<h2 id=", "<label for='nothing'>x</label><h2 id="),
        ("<td id=", "<td headers='none' id="),
    ],
    "landmarks": [
        ("<main ", "<div "),
        ("</main>", "<nav>x</nav></main>"),
        ("</main>", "<div role='region' aria-label='A'></div><div role='region' aria-label='A'></div></main>"),
        ('lang="en"', ""),
        ("<title>T</title>", ""),
    ],
    "focus_order": [
        ('<a href="#main">Skip to the text</a>', ""),
        ("</main>", "<a href='#one' tabindex='2'>early</a></main>"),
        ("</main>", "<button autofocus>me first</button></main>"),
    ],
    "folds": [
        ("<summary>Numbers behind Figure 1</summary>", ""),
        ("Numbers behind Figure 1</summary>", "Details</summary>"),
        ("</main>", "<details><summary>Numbers behind Figure 1</summary></details></main>"),
    ],
}
PLANTED = [(check, *fault) for check, faults in FAULTS.items() for fault in faults]


@pytest.fixture(scope="module")
def published():
    return parsed(PUBLISHED.read_text("utf-8"))


def small(old: str = "", new: str = ""):
    page = f'<!doctype html><html lang="en"><head><title>T</title></head><body>{GOOD}</body></html>'
    assert old in page
    return parsed(page.replace(old, new, 1) if old else page)


@pytest.mark.parametrize("check", CHECKS)
def test_the_published_page_describes_everything_it_displays(check, published):
    found = CHECKS[check](published)
    assert found.problems == []
    assert found.count >= LEAST[check]


@pytest.mark.parametrize("check", CHECKS)
def test_a_small_page_without_a_fault_passes(check):
    assert CHECKS[check](small()).problems == []


@pytest.mark.parametrize(
    ("check", "old", "new"), PLANTED, ids=[f"{check}-{i}" for i, (check, *_) in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found(check, old, new):
    assert CHECKS[check](small(old, new)).problems


def test_every_check_has_planted_faults_and_a_minimum():
    assert set(CHECKS) == set(FAULTS) == set(LEAST)


def test_a_page_of_nothing_is_nothing_examined():
    empty = parsed("<!doctype html><html lang='en'><head><title>T</title></head><body></body></html>")
    counts = {name: check(empty) for name, check in CHECKS.items()}
    assert {name for name, found in counts.items() if found.count} == set()
    assert isinstance(counts["ids"], Examined)
