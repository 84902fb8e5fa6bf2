"""Every figure names its units, and nothing written on it covers anything else or falls off the page."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from claims.judging import judge_ledger
from claims.ledger import loading
from claims.ledger.intervals import Reading
from claims.questions import coverage, discrepancies, growth, shares
from claims.show import charts, style
from matplotlib.axes import Axes
from matplotlib.axis import Tick
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

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


def paths_table(size: int) -> pd.DataFrame:
    rows = []
    for rate in [5, 7.5, 10, 15, 20, 30, 40][:size]:
        for step in range(21):
            years = 6.5 * 10 / rate * step / 20
            rows.append({"rate_pct": rate, "year": 2024 + years, "trade_usd": 44e9 * (82 / 44) ** (step / 20)})
    return pd.DataFrame(rows)


def verdicts_table(size: int) -> pd.DataFrame:
    rows, words = [], list(style.VERDICTS)
    for group in range(size):
        for number in range(2 + group % 3):
            point = 100 - 4 * number
            rows.append(
                {
                    "group": f"Investment of Chinese companies in Kazakhstan {group}, 2009-07 to 2024-07",
                    "verdict": words[group % len(words)],
                    "source": f"S{number + 1}",
                    "shown": "more than $41 billion (×2)",
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


def trade_table(size: int) -> pd.DataFrame:
    rows = []
    for side, label, level in (
        ("china_customs", "Chinese customs", 20e9),
        ("kz_statistics", "Kazakh statistics", 15e9),
    ):
        for year in [1992, *range(2013, 2013 + size)]:
            point = level * (0.02 if year == 1992 else 1 + 0.15 * (year - 2013))
            rows.append({"side": side, "source": "", "label": label, "year": year, "point": point})
    for text in range(min(size + 1, 5)):
        rows.append(
            {"side": "", "source": f"S{text + 1}", "label": "", "year": 2012 + size, "point": rows[size]["point"]}
        )
    rows.append({"side": "", "source": "S3", "label": "", "year": 1992, "point": 0.4e9})
    return pd.DataFrame([{**row, "low": 0.98 * row["point"], "high": 1.02 * row["point"]} for row in rows])


def gaps_table(size: int) -> pd.DataFrame:
    rows = []
    for row in range(size):
        side, word, point = [("kz_statistics", "explains in part", -6), ("china_customs", "wrong direction", 21)][
            row % 2
        ]
        ends = {"point": point, "low": point - 1, "high": point + 1}
        rows.append({"label": f"China to Kazakhstan, {2010 + row}", "side": side, "word": word, **ends})
    return pd.DataFrame(rows)


def goods_table(size: int) -> pd.DataFrame:
    rows = [
        {"label": f"Other ores (iron, zinc, precious metals) {row}", "share_pct": 30 / (row + 1)} for row in range(size)
    ]
    return pd.DataFrame([{**row, "low": row["share_pct"] - 0.5, "high": row["share_pct"] + 0.5} for row in rows])


def curve_table(size: int) -> pd.DataFrame:
    rows = []
    for row in range(size):
        changed = ", ".join(["rounding", "hedge width", "tolerance pct", "official"][: row % 5])
        ends = {"point": 5 + row / 4, "low": 3 + row / 4, "high": 8 + row / 4}
        said = {"reading": f"Kazakh statistics and windows {row}", "default": row == size // 2, "holds": row % 3 > 0}
        rows.append({**said, **ends, "changed": changed})
    return pd.DataFrame(rows)


def readings_table(size: int) -> pd.DataFrame:
    rows = []
    for row in range(size):
        held = {f"Kazakh statistics and windows {number}": (row + number) % 4 - 2 for number in range(25)}
        rows.append(
            {"label": f"Freight and insurance explain only a part of the gap in what China imports {row}", **held}
        )
    return pd.DataFrame(rows)


BAND = (82.0, 81.0, 83.0)
CHARTS = {
    "coverage": (lambda size: charts.coverage(coverage_table(size)), (1, 12, 16)),
    "growth_rates": (lambda size: charts.growth_rates(rates_table(size)), (1, 10, 16)),
    "doubling_paths": (lambda size: charts.doubling_paths(paths_table(size), BAND), (1, 4)),
    "discrepancies": (lambda size: charts.discrepancies(verdicts_table(size)), (1, 5, 12)),
    "sector_shares": (lambda size: charts.sector_shares(shares_table(size)), (2, 12, 16)),
    "trade_over_time": (lambda size: charts.trade_over_time(trade_table(size)), (2, 5, 7)),
    "mirror_gap": (lambda size: charts.mirror_gap(gaps_table(size), (-4.8, 0.0)), (2, 8, 12)),
    "commodities": (lambda size: charts.commodities(goods_table(size)), (2, 6, 10)),
    "specification_curve": (
        lambda size: charts.specification_curve(curve_table(size), "Growth (percent)", 0),
        (2, 14, 20),
    ),
    "readings_grid": (lambda size: charts.readings_grid(readings_table(size)), (2, 16)),
}
CASES = [(name, size) for name, (_, sizes) in CHARTS.items() for size in sizes]


def drawn(name: str, size: int) -> Axes:
    return CHARTS[name][0](size)


def words_on(axes: Axes) -> list[tuple[str, Bbox]]:
    """Return every visible text of the figure of `axes` with the box it covers, after drawing it."""
    figure = axes.figure
    with style.house():
        figure.set_dpi(200)
        figure.draw_without_rendering()
        renderer = FigureCanvasAgg(figure).get_renderer()
        texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
        unseen = _labels_of_ticks_out_of_sight(figure)
        return [(text.get_text(), text.get_window_extent(renderer)) for text in texts if text not in unseen]


def _labels_of_ticks_out_of_sight(figure: Figure) -> set[Text]:
    """Return the labels of ticks that are kept but not drawn: beyond their axis, or left over from another scale."""
    seen, kept = set(), set()
    for tick in figure.findobj(Tick):
        kept |= {tick.label1, tick.label2}
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        near = 1e-9 * (high - low)
        drawn = [tick for tick in axis.get_major_ticks() if low - near <= tick.get_loc() <= high + near]
        seen |= {label for tick in drawn for label in (tick.label1, tick.label2)}
    return kept - seen


def collisions(axes: Axes) -> list[tuple[str, str]]:
    """Return the pairs of texts whose boxes overlap by more than a hair."""
    boxes = words_on(axes)
    assert boxes, "nothing is written on the figure"
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]


def outside(axes: Axes) -> list[str]:
    """Return the texts that reach over the edge of the figure."""
    box = axes.figure.bbox
    return [
        words
        for words, at in words_on(axes)
        if at.x0 < box.x0 - 1 or at.y0 < box.y0 - 1 or at.x1 > box.x1 + 1 or at.y1 > box.y1 + 1
    ]


@pytest.mark.parametrize(("name", "size"), CASES)
def test_no_text_covers_another(name, size):
    assert collisions(drawn(name, size)) == []


@pytest.mark.parametrize(("name", "size"), CASES)
def test_no_text_falls_off_the_figure(name, size):
    assert outside(drawn(name, size)) == []


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("coverage", ["figures printed"]),
        ("growth_rates", ["percent", "nominal"]),
        ("doubling_paths", ["year", "billion US dollars, nominal"]),
        ("discrepancies", ["percent of the largest figure"]),
        ("sector_shares", ["percent of items", "percent of its items"]),
        ("trade_over_time", ["billion US dollars, nominal"]),
        ("mirror_gap", ["percent"]),
        ("commodities", ["percent of the value"]),
        ("specification_curve", ["percent"]),
    ],
)
def test_every_chart_says_its_units_on_its_axes(name, units):
    axes = drawn(name, 2)
    labels = " ".join(label for one in axes.figure.axes for label in (one.get_xlabel(), one.get_ylabel()))
    assert [unit for unit in units if unit.lower() not in labels.lower()] == []


def test_every_chart_is_tested():
    public = {name for name, made in vars(charts).items() if callable(made) and made.__module__ == charts.__name__}
    assert {name for name in public if not name.startswith("_")} - {"drawn"} == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_the_width_of_the_page_and_returns_axes(name):
    axes = drawn(name, 2)
    assert isinstance(axes, Axes)
    assert axes.figure.get_figwidth() == style.WIDTH


def test_the_two_sides_of_trade_are_told_apart_without_colour():
    shown = set()
    for panel in charts.trade_over_time(trade_table(5)).figure.axes:
        for line in panel.lines:
            for side, colour in style.SIDES.items():
                if line.get_marker() == "o" and line.get_color() == colour:
                    shown.add((side, line.get_markerfacecolor() == style.PAPER))
    assert shown == {("china_customs", False), ("kz_statistics", True)}


def test_each_rate_stands_on_its_interval_at_its_value():
    axes = charts.growth_rates(rates_table(2))
    lines = [tuple(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2]
    assert {(4.3, 12.3), (97.0, 105.0)} <= set(lines)
    assert {7.3, 100.0} <= {line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 1}


def test_the_bars_are_as_long_as_the_shares():
    table = shares_table(5)
    assert [bar.get_width() for bar in charts.sector_shares(table).patches] == table["share_pct"].tolist()


def test_a_text_has_one_colour_and_marker_in_every_figure():
    assert len(set(style.SOURCES.values())) == len(style.SOURCES) == len(set(style.MARKERS.values()))
    assert style.source_colour("S9") == style.MUTED


def test_what_is_no_text_and_no_side_never_has_the_colour_of_one():
    taken = {*style.SOURCES.values(), *style.SIDES.values()}
    assert taken & {style.PLAIN, style.INK, style.MUTED, *style.STEPS, *style.VERDICTS.values()} == set()
    made = charts.growth_rates(rates_table(2))
    assert {line.get_color() for line in made.lines} == {style.SOURCES["S1"], style.INK, style.MUTED}


def test_every_colour_has_one_for_the_dark_that_is_another():
    assert list(style.LIGHT) == list(style.DARK)
    assert [name for name in style.LIGHT if style.LIGHT[name] == style.DARK[name]] == []


def lightness(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2.2 defines it."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((lightness(one), lightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [style.LIGHT, style.DARK])
def test_words_and_marks_stand_out_from_what_they_are_drawn_on(theme):
    words = ["ink", "soft", "accent", "focus", "warn", *(name for name in theme if name.startswith("code-"))]
    marks = [*style.SOURCES, "china-customs", "kz-statistics", "slate", "inconsistent"]
    assert [name for name in words if min(contrast(theme[name], theme[on]) for on in ("paper", "wash")) < 4.5] == []
    assert [name for name in marks if contrast(theme[name], theme["paper"]) < 3] == []
    on_cells = [contrast(theme["paper" if step > 3 else "ink"], theme[f"step-{step}"]) for step in range(6)]
    assert min(on_cells) >= 4.5


@pytest.mark.parametrize("palette", [style.SOURCES | style.SIDES, style.VERDICTS])
def test_colours_differ_in_lightness_or_hue_by_more_than_a_hair(palette):
    for a, b in combinations(palette.values(), 2):
        assert sum(abs(x - y) for x, y in zip(to_rgb(a), to_rgb(b), strict=True)) > 0.25


def test_the_charts_of_this_ledger_are_legible():
    book, reading = loading.load_ledger(), Reading()
    between = growth.between_levels(book, reading)
    rates = growth.rates_chart(book, growth.reported_multiples(book, reading), between, reading)
    base, level, wish = growth.doubling_claims(book, 2023, reading)
    band = growth.target_band(growth.target(book, reading, base, wish))
    doubled = growth.doubling(book, reading, base, level, wish, [5, 7.5, 10, 15])
    made = [
        charts.coverage(coverage.coverage(book).drop(columns="from").set_index("sector")),
        charts.growth_rates(rates),
        charts.doubling_paths(growth.paths(doubled, level), band),
        charts.discrepancies(discrepancies.chart(book, judge_ledger(book, reading).groups, reading)),
        charts.sector_shares(shares.table(book, "fractional").drop(columns="from")),
    ]
    assert [(collisions(axes), outside(axes)) for axes in made] == [([], [])] * len(made)


def test_where_no_figures_are_wanted_no_chart_function_draws(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    assert {name: getattr(charts, name)(None) for name in CHARTS} == dict.fromkeys(CHARTS)
