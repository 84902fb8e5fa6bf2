"""The store of results: what a notebook keeps and borrows, the lookup by name, and the findings of other notebooks."""

from __future__ import annotations

import json

import pytest
from claims.ledger.intervals import Interval
from claims.ledger.model import UnknownId
from claims.results.finding import computed, counted, derive
from claims.results.store import Results, load_findings
from claims.words.values import finding_json
from made_up import QUOTED, RATE, SMALL, TRADE

BASE = derive(SMALL, "base_2022", "The level of 2022", "implied_base", last="c003", growth=RATE)


def test_a_name_finds_a_finding_a_claim_or_an_official_figure():
    results = Results(SMALL)
    assert results.keep(BASE) == [BASE]
    assert [results[name] for name in ("base_2022", "c001", "o001")] == [BASE, TRADE, QUOTED]
    assert results.names == (
        "base_2022", "trade_2023_kz_statistics", "trade_2023_text1", "trade_growth_2023_text1", "trade_2023_text1_2",
    )  # fmt: skip
    assert [results[name] for name in ("trade_2023_text1", "trade_2023_kz_statistics")] == [TRADE, QUOTED]


def test_an_unknown_name_is_refused_with_the_nearest():
    results = Results(SMALL)
    results.keep(BASE)
    with pytest.raises(UnknownId, match="'base_2202'; did you mean 'base_2022'"):
        results["base_2202"]
    with pytest.raises(UnknownId, match=r"official figure 'xyzzy'; book\.find"):
        results["xyzzy"]
    assert results.get("xyzzy") is None


def test_a_finding_kept_again_replaces_the_first():
    results = Results(SMALL)
    results.keep(BASE)
    again = computed("base_2022", "The level of 2022", 7, "USD", "typed")  # a cell is run again
    results.keep([again])
    assert results["base_2022"] == again


def test_two_stores_share_nothing():
    first, second = Results(SMALL), Results(SMALL)
    first.keep(BASE)
    assert second.findings == {}


def test_findings_are_read_back_as_they_were_written(tmp_path):
    texts = counted("texts", "Texts", 5, "rows", inputs=["S1", "S2"])
    kept = [BASE, texts, computed("open", "O", 1, "percent", "e", Interval(None, 2))]
    payload = {"findings": [finding_json(finding) for finding in kept]}
    (tmp_path / "findings.json").write_text(json.dumps(payload), encoding="utf-8")
    read, origin = load_findings(tmp_path)
    assert [finding_json(finding) for finding in read.values()] == payload["findings"]
    assert str(tmp_path) in origin


def test_findings_are_read_from_the_folder_the_environment_names(tmp_path, monkeypatch):
    (tmp_path / "findings.json").write_text(json.dumps({"findings": [finding_json(BASE)]}), encoding="utf-8")
    monkeypatch.setenv("REPORT_FINDINGS", str(tmp_path))
    read, origin = load_findings()
    assert (list(read), origin) == (["base_2022"], "the findings of this run")


def test_a_folder_without_findings_is_an_error_with_a_remedy(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"findings\.json is missing: run `make report` once"):
        load_findings(tmp_path)
