"""The benchmark's ratios are ratios of medians, and its edits are what they are called."""

import json

import bench
import bench_page
import bench_scale

from report.runs import inputs, selection


def test_ratios_are_of_medians_with_their_range():
    lines = {line for pair in bench.RATIOS for line in pair[:2]}
    rounds = [dict.fromkeys(lines, 1.0) | {"cold": cold, "floor and pages": 10.0} for cold in (10.0, 12.0, 20.0)]
    text = bench.format_rounds(rounds)
    assert "  cold / floor and pages: 1.20 (1.00 to 2.00); at most 1.6" in text
    assert "  cold                    12.00" in text


def test_an_edit_of_prose_leaves_the_code_unchanged(tmp_path):
    path = tmp_path / "20_growth_rates.ipynb"
    for change, same in ((bench.edit_prose, True), (bench.edit_code, False)):
        path.write_bytes((bench.ROOT / "notebooks" / path.name).read_bytes())
        before = selection.read(path)
        bench.edit_notebook(path, change)
        after = selection.read(path)
        assert json.dumps(before.source) != json.dumps(after.source)
        assert (inputs.executed_code(before) == inputs.executed_code(after)) is same


def test_large_ledgers_are_measured_against_their_bars():
    stage = "groups, with load"
    took = {10_000: {stage: [0.2, 0.1, 200.0]}, 1_000_000: {stage: [12.0, 20.0, 1536.0]}}
    text = bench_scale.format_sizes("columns", took)
    assert text.endswith("exponent 1.15 of 1.1, MISSED  1.20 of 10 s, MISSED  0.50 of 3,072 MiB, met")


def test_a_page_without_scripts_has_neither_them_nor_their_data():
    page = bench_page.PUBLISHED.read_text("utf-8")
    bare = bench_page.without_scripts(page)
    assert "<script" not in bare
    assert "</main>" in bare
    assert len(page) - len(bare) > 200_000
