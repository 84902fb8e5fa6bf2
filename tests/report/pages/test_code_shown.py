"""The code of a step is behind “Code” at every width of the window, and takes little room there."""

from __future__ import annotations

import pytest
from browser import PUBLISHED, opened

FOLDS = "main .code.aside > details"


@pytest.mark.parametrize("width", [1440, 1280, 1120, 800, 390])
def test_each_code_can_be_opened_at_every_width(browser, width):
    with opened(browser, PUBLISHED, width=width) as watched:
        page = watched.page
        marks = page.eval_on_selector_all(
            f"{FOLDS} > summary",
            "marks => marks.map(mark => { const box = mark.getBoundingClientRect();"
            " return [box.left, box.right, box.width, box.height] })",
        )
        assert len(marks) > 50
        assert all(0 <= left < right <= width for left, right, _, _ in marks)
        assert all(wide >= 24 and high >= 24 for _, _, wide, high in marks)
        fold = page.locator(FOLDS).nth(8)
        fold.locator("summary").click()
        assert fold.locator("pre").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 800, 390])
def test_no_code_lies_on_words(browser, width):
    with opened(browser, PUBLISHED, width=width) as watched:
        covered = watched.page.evaluate(
            """folds => [...document.querySelectorAll(folds)].filter((fold) => {
              const mark = fold.querySelector("summary").getBoundingClientRect(), range = document.createRange();
              const block = fold.parentElement, around = [block.previousElementSibling, block.nextElementSibling];
              return around.filter(Boolean).some((element) => {
                const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
                while (words.nextNode()) {
                  if (!words.currentNode.parentElement.checkVisibility({ contentVisibilityAuto: true })) continue;
                  range.selectNode(words.currentNode);
                  if ([...range.getClientRects()].some((box) => box.left < mark.right - 2 && box.right > mark.left + 2
                    && box.top < mark.bottom - 9 && box.bottom > mark.top + 9)) return true;
                }
              });
            }).map((fold) => fold.textContent.slice(0, 60))""",  # its letters are the middle of its box
            FOLDS,
        )
    assert covered == []


def test_closed_code_makes_a_phone_s_page_no_longer(browser):
    with opened(browser, PUBLISHED, width=390, height=800) as watched:
        high, without = watched.page.evaluate(
            """folds => {
              const high = document.documentElement.scrollHeight, all = [...document.querySelectorAll(folds)];
              all.forEach((fold) => { fold.parentElement.style.display = "none" });
              return [high, document.documentElement.scrollHeight];
            }""",
            FOLDS,
        )
    assert 0 <= high - without < 0.001 * high


def test_on_a_phone_no_code_is_pressed_instead_of_a_link(browser):
    with opened(browser, PUBLISHED, width=390, height=800, touch=True) as watched:
        covered = watched.page.evaluate(
            """() => [...document.querySelectorAll("main .prose a")].filter((link) => {
              link.scrollIntoView({ block: "center" });
              const box = link.getClientRects()[0];
              const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
              return there?.closest(".code");
            }).map((link) => link.textContent)"""
        )
    assert covered == []
