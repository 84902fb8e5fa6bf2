"""Every figure names its units, and nothing written on it covers anything else or falls off the page."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pandas as pd
import pytest
from claims.judging import judge_ledger
from claims.ledger import loading, official
from claims.ledger.intervals import Reading
from claims.ledger.model import Ledger
from claims.ledger.subject import HUES
from claims.questions import clashes, coverage, growth, growth_exhibits, list_exhibits, share_exhibits
from claims.show import charts, style, sweep_charts
from legible import collisions, contrast, outside, words_on
from made_up import SMALL
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

BOOK = loading.load_ledger()
LONG = "Growth of the freight that goes by rail between Kazakhstan and China, first quarter of 2024 (S1)"
LABELS = [LONG, "Trade, 2023 (S1)", "Trade, 2023 (S2)", "Farm exports, 2023 (S3)"]


def coverage_table(size: int) -> pd.DataFrame:
    counts = [[(row * 7 + text * 3) % 12 for text in range(5)] for row in range(size)]
    names = [f"Education, science and technology {row}" for row in range(size)]
    return pd.DataFrame(counts, index=names, columns=["S1", "S2", "S3", "S4", "S5"])


def rates_table(size: int) -> pd.DataFrame:
    rows = []
    for row in range(size):
        point = [7.3, 100.0, 32.0, -38.5][row % 4]
        kind = ("reported", "computed")[row % 2]
        ends = {"point": point, "low": point - 3, "high": point + 5}
        own = {"kind": kind, "source": f"S{1 + row % 5}", "shown": f"{point:g}%"}
        rows.append({"label": LABELS[row % 4] + f" {row}", **ends, **own})
    return pd.DataFrame(rows)


def clashes_table(size: int) -> pd.DataFrame:
    rows = []
    for group in range(size):
        for number in range(2 + group % 3):
            point = 100 - 4 * number
            rows.append(
                {
                    "group": f"Investment of Chinese companies in Kazakhstan {group}, 15 years",
                    "verdict": ("no value fits all", "no value fits all, as usually read")[group % 2],
                    "source": f"S{number + 1}",
                    "shown": "Astana Times essay: more than $41 billion (×2)",
                    "stands_for": "27.5 to 28.5 million tonnes",
                    "claims": f"c{group}{number}",
                    "point": point,
                    "low": point - 2,
                    "high": point + 2,
                }
            )
    return pd.DataFrame(rows)


def shares_table(size: int) -> pd.DataFrame:
    rows = []
    for row in range(size):
        texts = {f"S{text}": float((row * 13 + text * 7) % 40) for text in range(1, 6)}
        rows.append({"label": f"Construction and environment {row}", "share_pct": 40 / (row + 1), **texts})
    return pd.DataFrame(rows)


def status_table(size: int) -> pd.DataFrame:
    groups = ("signed_items", "planned_items", "under_way_items", "talk_items", "all_items")
    rows = [{name: (row * 5 + place * 3) % 19 / 2 for place, name in enumerate(groups)} for row in range(size)]
    return pd.DataFrame([{"label": f"Construction and environment {place}", **row} for place, row in enumerate(rows)])


def curve_table(size: int) -> pd.DataFrame:
    rows = []
    for row in range(size):
        changed = ", ".join(["rounding", "hedge width", "tolerance pct", "official"][: row % 5])
        ends = {"point": 5 + row / 4, "low": 3 + row / 4, "high": 8 + row / 4}
        own = {"reading": f"Kazakh statistics and windows {row}", "default": row == size // 2, "holds": row % 3 > 0}
        rows.append({**own, **ends, "changed": changed})
    return pd.DataFrame(rows)


def readings_table(size: int) -> pd.DataFrame:
    rows = []
    for row in range(size):
        states = {f"Kazakh statistics and windows {number}": (row + number) % 4 - 2 for number in range(25)}
        rows.append(
            {"label": f"Freight and insurance explain only a part of the gap in what China imports {row}", **states}
        )
    return pd.DataFrame(rows)


PARTS = {
    "Undrawn",
    "drawn",
    "each_row",
    "grid_across_values",
    "name_rows",
    "narrow_figure",
    "page_axes",
    "wrapped",
    "write_beside",
    "write_near",
}
MODULES = (charts, sweep_charts)
CHARTS = {
    "coverage": (lambda size: charts.coverage(coverage_table(size), BOOK), (1, 12, 16)),
    "growth_rates": (lambda size: charts.growth_rates(rates_table(size), BOOK), (1, 10, 16)),
    "clashes": (lambda size: charts.clashes(clashes_table(size), BOOK), (1, 4, 8)),
    "sector_shares": (lambda size: charts.sector_shares(shares_table(size), BOOK), (2, 12, 16)),
    "items_by_status": (lambda size: charts.items_by_status(status_table(size)), (2, 12, 16)),
    "specification_curve": (
        lambda size: sweep_charts.specification_curve(curve_table(size), "Growth (percent)", 0),
        (2, 14, 20),
    ),
    "readings_grid": (lambda size: sweep_charts.readings_grid(readings_table(size)), (2, 16)),
}
CASES = [(name, size) for name, (_, sizes) in CHARTS.items() for size in sizes]


def drawn(name: str, size: int) -> Axes:
    return CHARTS[name][0](size)


@pytest.mark.parametrize(("name", "size"), CASES)
def test_no_text_covers_another(name, size):
    assert collisions(drawn(name, size)) == []


@pytest.mark.parametrize(("name", "size"), CASES)
def test_no_text_falls_off_the_figure(name, size):
    assert outside(drawn(name, size)) == []


@pytest.mark.parametrize(("name", "size"), [(name, size) for name, size in CASES if size > 3])
def test_no_text_covers_another_or_falls_off_on_a_phone(name, size):
    figure = charts.narrow_figure(drawn(name, size).figure)
    assert figure.get_figwidth() == style.NARROW
    assert (collisions(figure.axes[0]), outside(figure.axes[0])) == ([], [])


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("coverage", ["figures printed"]),
        ("growth_rates", ["percent", "nominal"]),
        ("sector_shares", ["percent of items", "percent of its items"]),
        ("items_by_status", ["signed (items)", "all (items)"]),
        ("specification_curve", ["percent"]),
    ],
)
def test_every_chart_names_its_units_on_its_axes(name, units):
    axes = drawn(name, 2)
    labels = " ".join(label for one in axes.figure.axes for label in (one.get_xlabel(), one.get_ylabel()))
    assert [unit for unit in units if unit.lower() not in labels.lower()] == []


def test_every_chart_is_tested():
    assert {name for module in MODULES for name in module.__all__} - PARTS == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_the_width_of_the_page_and_returns_axes(name):
    axes = drawn(name, 2)
    assert isinstance(axes, Axes)
    assert axes.figure.get_figwidth() == style.WIDTH


def test_each_rate_is_drawn_on_its_interval_at_its_value():
    axes = charts.growth_rates(rates_table(2), BOOK)
    lines = [tuple(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2]
    assert {(4.3, 12.3), (97.0, 105.0)} <= set(lines)
    assert {7.3, 100.0} <= {line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 1}


def test_the_bars_of_the_signed_are_as_long_as_their_items():
    table = status_table(5)
    assert [bar.get_width() for bar in charts.items_by_status(table).patches] == table["signed_items"].tolist()


def test_a_column_of_few_items_stays_pale():
    table = pd.DataFrame({"label": ["A", "B"], "signed_items": [3, 1], "planned_items": [2, 0], "all_items": [30, 10]})
    _, grid = charts.items_by_status(table).figure.axes
    (planned, everything), _ = grid.collections[0].get_array().reshape(2, 2)
    assert planned < everything  # 2 of 2, read as 2 of 20; 30 of 40


def test_the_bars_are_as_long_as_the_shares():
    table = shares_table(5)
    assert [bar.get_width() for bar in charts.sector_shares(table, BOOK).patches] == table["share_pct"].tolist()


NAMES = ("visit report", "pledge report", "Astana Times essay", "GNP dispatch", "essay of 2025", "Kursiv article")


@pytest.mark.parametrize(("count", "angle"), [(5, 0), (6, 90), (9, 90)])
def test_heads_of_columns_stand_upright_where_they_would_touch(count, angle):
    names = [NAMES[n % len(NAMES)] for n in range(count)]
    sources = {f"S{n}": replace(SMALL.sources["S1"], id=f"S{n}", short_name=name) for n, name in enumerate(names, 1)}
    table = pd.DataFrame({"label": ["Trade and economy in general", "Energy"], "share_pct": [14.0, 12.0]})
    axes = charts.sector_shares(table.assign(**dict.fromkeys(sources, 12.5)), replace(SMALL, sources=sources))
    assert (collisions(axes), outside(axes)) == ([], [])
    grid = axes.figure.axes[1]
    assert {label.get_rotation() for label in grid.get_xticklabels()} == {angle}
    assert {label.get_text() for label in grid.texts} == {"13"}  # rounded as every other number of the report


def test_long_headlines_do_not_touch_the_next():
    label = (
        "Freight and insurance explain none of the goods that China counts as sold and Kazakhstan does not as bought"
    )
    table = pd.DataFrame({"label": [f"{n} {label}" for n in range(4)], "default": [1, 1, 1, 1]})
    axes = sweep_charts.readings_grid(table)
    boxes = sorted((box.y0, box.y1) for words, box in words_on(axes) if "Freight" in words)
    assert len(boxes) == 4
    assert all(low[1] < high[0] for low, high in pairwise(boxes))


def test_the_years_of_a_growth_rate_stay_on_one_line():
    assert charts.wrapped("Trade turnover, China and Kazakhstan, 2023 to 2024", 48).splitlines() == [
        "Trade turnover, China and Kazakhstan,",
        "2023\u00a0to\u00a02024",
    ]


PENS = style.pens(BOOK)


def with_texts(count: int) -> Ledger:
    """Return a ledger of no subject with so many texts."""
    return replace(SMALL, sources={f"S{n}": replace(SMALL.sources["S1"], id=f"S{n}") for n in range(1, count + 1)})


def test_a_text_has_one_colour_and_marker_in_every_figure():
    texts = [PENS[source] for source in BOOK.sources]
    assert len(texts) == len({pen.colour for pen in texts}) == len({pen.marker for pen in texts})


def test_another_text_has_a_colour_and_a_marker_of_its_own():
    another = replace(BOOK.sources["S1"], id="S99")
    pens = style.pens(replace(BOOK, sources=BOOK.sources | {"S99": another}))
    assert {id: pens[id] for id in PENS} == PENS
    assert pens["S99"].colour not in {style.MUTED, *(pen.colour for pen in PENS.values())}
    assert pens["S99"].marker not in {pen.marker for pen in PENS.values()}


@pytest.mark.parametrize("count", [1, 5, len(HUES)])
def test_texts_of_no_declared_subject_differ_in_colour_and_marker(count):
    pens = [pen for id, pen in style.pens(with_texts(count)).items() if id.startswith("S")]
    assert len({pen.colour for pen in pens}) == len({pen.marker for pen in pens}) == count
    assert style.MUTED not in {pen.colour for pen in pens}


def test_more_texts_than_colours_share_them():
    pens = style.pens(with_texts(2 * len(HUES)))
    assert {pen.colour for pen in pens.values()} == {style.LIGHT[f"hue-{hue}"] for hue in HUES}


def test_a_page_that_quotes_a_figure_is_drawn_in_grey():
    joined = official.join_official(BOOK, ["china_customs"])
    pages = [style.pens(joined)[id] for id in joined.sources if id in joined.official]
    assert pages
    assert set(pages) == {style.Pen(style.MUTED)}


def test_every_hue_a_subject_may_name_is_a_colour_of_the_style():
    assert {name.removeprefix("hue-") for name in style.LIGHT if name.startswith("hue-")} == set(HUES)


def test_only_texts_and_sides_have_their_colours():
    taken = {style.LIGHT[f"hue-{hue}"] for hue in HUES}
    assert taken & {style.PLAIN, style.INK, style.MUTED, *style.STEPS, *style.VERDICTS.values()} == set()
    axes = charts.growth_rates(rates_table(2), BOOK)
    assert {line.get_color() for line in axes.lines} == {PENS["S1"].colour, style.INK, style.MUTED}


def test_every_colour_has_another_for_the_dark_theme():
    assert list(style.LIGHT) == list(style.DARK)
    assert [name for name in style.LIGHT if style.LIGHT[name] == style.DARK[name]] == []


@pytest.mark.parametrize("theme", [style.LIGHT, style.DARK])
def test_words_and_marks_contrast_with_their_background(theme):
    words = ["ink", "soft", "accent", "focus", "warn", *(name for name in theme if name.startswith("code-"))]
    marks = [*(f"hue-{hue}" for hue in HUES), "slate", "inconsistent"]
    assert [name for name in words if min(contrast(theme[name], theme[on]) for on in ("paper", "wash")) < 4.5] == []
    assert [name for name in marks if contrast(theme[name], theme["paper"]) < 3] == []
    on_cells = [contrast(theme["paper" if step > 3 else "ink"], theme[f"step-{step}"]) for step in range(6)]
    assert min(on_cells) >= 4.5


@pytest.mark.parametrize("palette", [{hue: style.LIGHT[f"hue-{hue}"] for hue in HUES}, style.VERDICTS])
def test_colours_differ_visibly_in_lightness_or_hue(palette):
    for a, b in combinations(palette.values(), 2):
        assert sum(abs(x - y) for x, y in zip(to_rgb(a), to_rgb(b), strict=True)) > 0.25


def test_the_charts_of_this_ledger_are_legible():
    book, reading = BOOK, Reading()
    between = growth.between_levels(book, reading)
    rates = growth_exhibits.rates_chart(book, growth.reported_multiples(book, reading), between, reading)
    every_chart = [
        charts.coverage(coverage.coverage(book).drop(columns="from").set_index("sector"), book),
        charts.growth_rates(rates, book),
        charts.clashes(clashes.chart(clashes.clashes(book, judge_ledger(book, reading), reading)), book),
        charts.sector_shares(share_exhibits.chart(book, "fractional").drop(columns="from"), book),
        charts.items_by_status(list_exhibits.chart(book, "fractional").drop(columns="from")),
    ]
    every_chart += [charts.narrow_figure(axes.figure).axes[0] for axes in every_chart]
    assert [(collisions(axes), outside(axes)) for axes in every_chart] == [([], [])] * len(every_chart)


def test_a_phone_shows_the_interval_of_each_clashing_figure():
    axes = charts.narrow_figure(charts.clashes(clashes_table(2), BOOK).figure).axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["Astana Times essay: more than $41 billion (×2)\n27.5 to 28.5 million tonnes"] * 5


def test_without_figures_no_chart_function_draws(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    functions = {name: getattr(module, name) for module in MODULES for name in set(module.__all__) & set(CHARTS)}
    assert {name: function(None) for name, function in functions.items()} == dict.fromkeys(CHARTS)


@pytest.mark.parametrize("narrow", [False, True])
def test_a_chart_of_nothing_says_so(narrow):
    table = growth_exhibits.rates_chart(replace(BOOK, claims={}), [], [], Reading())
    assert len(table) == 0
    drawn = charts.growth_rates(table, BOOK).get_figure()
    figure = charts.narrow_figure(drawn) if narrow else drawn
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["The ledger has nothing to draw here."]
    assert growth_exhibits.rates_title(BOOK, table) == "No text prints a yearly rate"
