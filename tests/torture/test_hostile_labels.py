"""Labels in letters that no font has, or longer than their figure: drawn as far as possible, named, kept in full."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from claims.content.tables import FIGURE, NARROW
from claims.ledger.loading import load_ledger
from claims.show import charts, exhibits, letters
from invented import copied
from matplotlib.text import Text

from report.proof.letters import notes_on_letters

CHINESE, EMOJI, MARKS = "蜂蜜收成", "🐝👩‍🌾", "e\u0301\u202e\u200b\ufeff"
LONG, WORD = "the honey harvest of all the hills and hollows " * 12, "honey" * 60
LABELS = [CHINESE, EMOJI, MARKS, LONG, WORD, "ไทย हिन्दी বাংলা", "\ufffe\U0010ffff", "$\\frac{1}{2}$ <b>&amp;"]
IDS = ["cjk", "emoji", "marks", "long", "word", "south", "none", "tex"]
LATER = {"emoji", "marks", "word", "south", "none", "tex"}  # they fare as the others do
each_label = pytest.mark.parametrize(
    "label",
    [
        pytest.param(label, id=name, marks=[pytest.mark.torture] if name in LATER else [])
        for name, label in zip(IDS, LABELS, strict=True)
    ],
)


class Plain:
    """Sentences without numbers, as `exhibits.figure` asks for them."""

    results = None

    def text(self, text: str) -> str:
        return text

    def pieces(self, text: str):
        from claims.content.phrases import Phrase

        return Phrase((text,))


@pytest.fixture
def relabelled(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a label into every name of a ledger that figures show."""

    def write(label: str) -> Path:
        ledger = copied(tmp_path)
        for name, column in (("sources", "short_name"), ("indicators", "label"), ("sectors", "label")):
            path = ledger / f"{name}.csv"
            header, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
            for number, row in enumerate(rows):
                row[header.index(column)] = f"{label.strip()} {number}"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *rows])
        return ledger

    return write


def shown(axes, data: pd.DataFrame) -> dict:
    """Return the bundle of a figure; any warning of matplotlib's is an error in tests."""
    about = {"title": "T", "caption": "C.", "alt": " ".join(map(str, data.iloc[:, 0]))}
    return exhibits.figure(axes, Plain(), id="fig-x", name="x", data=data, **about).bundle


@each_label
def test_a_chart_of_bars_is_drawn_with_any_label(relabelled, label, monkeypatch):
    monkeypatch.setattr("claims.show.markup.figure_html", lambda *_: "")
    ledger = load_ledger(relabelled(label))
    data = pd.DataFrame({"label": [one.label for one in ledger.sectors.values()], "share_pct": [50.0, 30.0, 20.0]})
    data = data.assign(**dict.fromkeys(ledger.sources, 10.0))
    bundle = shown(charts.sector_shares(data, ledger), data)
    for kind in ("image/svg+xml", NARROW):
        assert not set(CHINESE + "🐝👩🌾") & set(str(bundle[kind]))
    content = bundle[FIGURE]
    assert [row[0] for row in content["rows"]] == list(data["label"])  # in full
    note = letters.CUT if label in (LONG, WORD) else letters.SQUARES if label in (*LABELS[:2], *LABELS[5:7]) else ""
    assert note in content["caption"]
    assert json.dumps(content["alt"], ensure_ascii=False).count(label.strip()[:20]) or "\\" in label


@each_label
def test_a_grid_of_texts_is_drawn_with_any_label(relabelled, label, monkeypatch):
    monkeypatch.setattr("claims.show.markup.figure_html", lambda *_: "")
    ledger = load_ledger(relabelled(label))
    names = [one.label for one in ledger.sectors.values()]
    data = pd.DataFrame({"sector": names} | {id: [3, 2, 0] for id in ledger.sources})
    assert FIGURE in shown(charts.coverage(data.set_index("sector"), ledger), data)


def test_what_the_font_has_is_drawn_as_it_is():
    assert letters.drawable("Kazakhstan’s ₸5, Қазақстан, −1 to 2 – 3") == "Kazakhstan’s ₸5, Қазақстан, −1 to 2 – 3"
    figure = charts.page_axes(2).figure
    figure.axes[0].set_title("a title")
    assert letters.make_drawable(figure) == []
    assert letters.lay_out(figure) == []
    assert [text.get_text() for text in figure.findobj(Text) if text.get_text() == "a title"]


def test_the_check_names_row_and_letter_and_what_to_do(relabelled):
    folder = relabelled(CHINESE)
    notes = notes_on_letters(load_ledger(folder), folder)
    assert notes[0] == (
        f"{folder}/sources.csv, row 2 (S1), short_name: figures show a square for 蜂 (U+8702), 蜜 (U+871C), "
        "收 (U+6536) and 1 more; write it in letters that every font has"
    )
    assert notes[-1] == "and 28 more rows with such letters"


def test_the_published_ledger_has_no_such_letter():
    folder = Path(__file__).parents[2] / "data"
    assert notes_on_letters(load_ledger(folder), folder) == []


@pytest.mark.torture
@pytest.mark.parametrize("label", [CHINESE, WORD, LONG], ids=["cjk", "word", "long"])
def test_a_whole_report_is_built_with_any_label(relabelled, label, tmp_path):
    import subprocess
    import sys

    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "report", "--data", str(relabelled(label)), "--output", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=580, check=False)
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "report.pdf").exists(), done.stderr
    if label == CHINESE:
        assert "row 2 (S1), short_name: figures show a square for 蜂 (U+8702)" in done.stdout
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert label.strip()[:20] in page
