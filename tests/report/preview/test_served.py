"""The page as it is served: the report's own, with a script that its policy allows there only, and edits of it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from report.folders import REPOSITORY
from report.preview.rendering import Chapter
from report.preview.served import NOTHING, ServedPage

PAGE = (REPOSITORY / "report" / "published" / "report.html").read_text(encoding="utf-8")
BLOCKS = ('<h2 id="growth">Growth</h2>', "<p>one</p>", '<h2 id="shares">Shares</h2>', "<p>two</p>")
SMALL = ServedPage("<head><style>\na\n</style></head><main>\n", BLOCKS, "</main>\n</div>\n<script></script>")


def policy(page: str) -> dict[str, str]:
    (content,) = re.findall(r'<meta http-equiv="?Content-Security-Policy"? content="([^"]*)">', page)
    directives = content.replace("&#39;", "'").split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


def test_the_served_copy_allows_the_script_and_its_requests():
    own, served = policy(PAGE), policy(ServedPage(PAGE).html(3))
    assert served.pop("connect-src") == "'self'"
    assert served.pop("script-src") == f"'self' {own.pop('script-src')}"
    assert served == own


def test_the_script_stands_before_that_of_the_page():
    served = ServedPage(PAGE).html(3)
    assert served.count("preview.js") == 1 and 'data-version="3"' in served
    assert served.index("</main>") < served.index("preview.js") < served.rindex("<script>")


def test_no_published_file_has_the_script():
    published = [
        path for path in (REPOSITORY / "report" / "published").rglob("*") if path.suffix in (".html", ".ipynb")
    ]
    assert published
    for path in published:
        assert b"preview.js" not in path.read_bytes() and b"connect-src" not in path.read_bytes()


def test_a_page_to_wait_at_has_the_script_too():
    assert "preview.js" in NOTHING.html(0)


def test_one_changed_block_is_one_edit():
    after = replace(SMALL, blocks=(*BLOCKS[:3], "<p>three</p>"))
    assert after.changes(SMALL) == {"edits": [(3, 4, ("<p>three</p>",))], "rules": ""}


def test_a_changed_frame_means_loading_the_page_again():
    assert replace(SMALL, after="other").changes(SMALL) is None
    assert SMALL.changes(ServedPage(PAGE)) is None


def test_another_style_is_passed_on_without_loading_again():
    after = replace(SMALL, before=SMALL.before.replace("\na\n", "\nb\n"))
    assert after.changes(SMALL) == {"edits": [], "rules": "", "style": "b"}


def test_a_chapter_takes_the_place_of_its_earlier_version():
    chapter = Chapter("growth", ('<h2 id="growth">Growth</h2>', "<p>new</p>", "<p>more</p>"), ".t1{}")
    page = SMALL.with_chapter(chapter)
    assert page and page.blocks == (*chapter.blocks, *BLOCKS[2:])
    assert page.style == ".t1{}"
    assert SMALL.with_chapter(replace(chapter, anchor="unknown")) is None


@pytest.mark.parametrize("name", ["preview.js"])
def test_the_script_is_not_among_the_templates_of_the_page(name):
    assert not (Path(REPOSITORY) / "report" / "pages" / "templates" / name).exists()
