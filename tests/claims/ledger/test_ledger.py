"""The ledger as objects."""

import csv
import dataclasses
import doctest
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import large_ledger
import pytest
from claims.ledger import model, records
from claims.ledger.intervals import Reading
from claims.ledger.loading import load_ledger
from claims.ledger.model import TABLES, Ledger, LedgerError, Period, independent
from claims.tables import locations as places
from invented import LEDGER, copied, plant

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def bees() -> Ledger:
    return load_ledger(LEDGER)


def test_the_examples_in_the_docstrings_hold():
    for module in (records, places):
        failed, attempted = doctest.testmod(module)
        assert attempted > 0
        assert failed == 0


def test_the_project_s_own_ledger_is_valid():
    ledger = load_ledger(REPOSITORY / "data")
    assert len(ledger.sources) >= 5
    assert len(ledger.claims) > 100
    assert all(claim.unit == ledger.indicators[claim.indicator].unit for claim in ledger.claims.values())


def cells(name: str) -> list[list[str]]:
    return list(csv.reader((LEDGER / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


def test_every_row_of_every_file_becomes_an_object(bees):
    for name in TABLES:
        _, *rows = cells(name)
        held = bees.known if name == "known_disagreements" else getattr(bees, name)
        assert list(held) == [row[0] for row in rows]


def test_an_interval_is_computed_once_for_each_row_and_reading(monkeypatch):
    known, asked = load_ledger(LEDGER), []
    ledger = dataclasses.replace(known, indicators=dict(known.indicators))
    really = model.claim_interval
    monkeypatch.setattr(model, "claim_interval", lambda *given: asked.append(given) or really(*given))
    claim = ledger.claim("c001")
    wide, changed = Reading(hedge_width=2), dataclasses.replace(claim, hedge="about", precision=Fraction(5))
    rows = [(claim, None), (claim, wide), (changed, None), (changed, wide)]
    first = [ledger.interval(*row) for row in rows]
    assert first == [ledger.interval(row, reading and Reading(hedge_width=2)) for row, reading in rows]
    assert first == [really(row, ledger.indicators[row.indicator], reading) for row, reading in rows]
    assert len(asked) == 4
    ledger.indicators[claim.indicator] = dataclasses.replace(ledger.indicators[claim.indicator])
    assert ledger.interval(claim) == first[0]
    assert len(asked) == 5


def test_a_claim_keeps_its_value_exact_and_as_printed(bees):
    third = bees.claim("c003")
    assert (third.value, third.text, third.point) == (Fraction(1, 3), "1/3", Fraction(100, 3))
    assert bees.claim("c008").point == 900
    assert bees.claim("c015").precision is None
    assert bees.claim("c006").precision_wide == Fraction(1, 2)
    assert bees.claim("c010").period == Period("1900-01-01", "1900-12-31", "year", "stated")


def test_an_official_figure_is_read_like_a_claim(bees):
    book = bees.official["o001"]
    assert (book.point, book.text, book.doubtful) == (4150, "4.15", False)
    assert book.precision_wide is None


def test_lists_and_operands_are_taken_apart(bees):
    assert bees.agreements["a005"].sectors == ("honey", "letters")
    assert bees.indicators["honey_harvest"].authority == ("parish_book", "miller")
    assert bees.relations["r01"].operands == {"growth": ("c001",), "last": ("c002",), "first": ("c005",)}
    assert bees.known["honey_harvest:1900"].claims == ("c002", "c010")
    assert bees.sectors["letters"].isic == ()


def test_nothing_in_a_ledger_can_be_changed(bees):
    with pytest.raises(dataclasses.FrozenInstanceError):
        bees.claim("c001").value = Fraction(0)


def test_an_unknown_id_suggests_one(bees):
    with pytest.raises(KeyError) as caught:
        bees.claim("C013")
    assert str(caught.value) == "the ledger has no claim 'C013'; did you mean 'c013'?"
    with pytest.raises(KeyError, match="did you mean 'honey_harvest'"):
        bees.of("honey_harvst")
    with pytest.raises(KeyError, match="did you mean 'claims'"):
        bees.frame("claim")


def test_claims_of_one_indicator_are_found(bees):
    assert [claim.id for claim in bees.of("clover_share")] == ["c003", "c014"]


def test_claims_on_one_indicator_and_period_form_a_group(bees):
    ids = {key: [claim.id for claim in claims] for key, claims in bees.groups.items() if len(claims) > 1}
    assert ids == {
        "honey_harvest:1900": ["c002", "c010"],
        "clover_share:1900": ["c003", "c014"],
        "hive_count:1901-04-30": ["c015", "c016"],
    }
    assert sum(len(claims) for claims in bees.groups.values()) == len(bees.claims)


def test_a_restatement_is_no_statement_of_its_own(bees):
    assert [claim.id for claim in independent(bees.of("hive_count"))] == ["c004", "c009", "c015"]
    assert [claim.id for claim in independent([bees.claim("c016")])] == ["c016"]


def test_periods_of_other_dates_or_kind_have_other_keys():
    periods = [
        Period("2024-01-01", "2024-12-31", "year", ""),
        Period("2024-01-01", "2024-12-31", "window", ""),
        Period("2024-01-01", "2024-12-31", "horizon", ""),
        Period("", "2024-12-31", "horizon", ""),
        Period("", "2024-12-31", "moment", ""),
        Period("", "2024-12-31", "window", ""),
        Period("2024-12-31", "", "window", ""),
        Period("2024-10-01", "2024-12-31", "quarter", ""),
        Period("", "", "undated", ""),
    ]
    assert [period.key for period in periods] == [
        "2024",
        "2024-01-01/2024-12-31",
        "2024-01-01/by-2024-12-31",
        "by-2024-12-31",
        "2024-12-31",
        "until-2024-12-31",
        "since-2024-12-31",
        "2024-Q4",
        "undated",
    ]


@pytest.mark.parametrize("name", TABLES)
def test_a_frame_has_the_columns_and_rows_of_its_file(bees, name):
    rows = cells(name)
    frame = bees.frame(name)
    extra = ["text", "point"] if name in ("claims", "official") else []
    assert list(frame.columns) == rows[0] + extra
    assert len(frame) == len(rows) - 1


def test_a_frame_holds_numbers_as_floats(bees):
    claims = bees.frame("claims").set_index("id")
    assert claims.loc["c003", "point"] == pytest.approx(100 / 3)
    assert claims.loc["c008", "value"] == 0.9
    assert bees.frame("relations").operands[0] == "growth=c001; last=c002; first=c005"


def test_an_empty_table_still_has_its_columns(tmp_path):
    folder = copied(tmp_path)
    header = (folder / "official.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "official.csv").write_text(header + "\n", encoding="utf-8")
    assert list(load_ledger(folder).frame("official").columns) == [*header.split(","), "text", "point"]


def test_loading_imports_no_pandas():
    code = (
        "import sys; from claims.ledger import loading as l; l.load_ledger(sys.argv[1]); print('pandas' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(LEDGER)], cwd=REPOSITORY / "notebooks", capture_output=True, text=True
    )
    assert (ran.stdout, ran.stderr) == ("False\n", "")


def test_a_figure_with_an_empty_interval_is_refused(tmp_path):
    folder = copied(tmp_path)
    plant(
        folder, "claims.csv", "hive_count,40,1,count,10,default,,more_than", "hive_count,0,1,count,1,default,,less_than"
    )
    with pytest.raises(LedgerError) as caught:
        load_ledger(folder)
    said = "row 5 (c004), value: '0' with the hedge 'less_than' leaves no value in the domain of hive_count; "
    assert [str(problem) for problem in caught.value.problems] == [
        said + "fix the hedge, or the domain in indicators.csv"
    ]


def test_the_folder_of_the_data_can_be_given_by_environment(monkeypatch):
    monkeypatch.setenv("REPORT_DATA", str(LEDGER))
    assert "honey_harvest" in load_ledger().indicators
    monkeypatch.delenv("REPORT_DATA")
    assert places.data_folder() == REPOSITORY / "data"


def test_the_folder_of_findings_is_named_in_words(monkeypatch, tmp_path):
    monkeypatch.delenv("REPORT_FINDINGS", raising=False)
    assert places.findings_folder() == (REPOSITORY / "report" / "published", "the published findings")
    monkeypatch.setenv("REPORT_FINDINGS", str(tmp_path))
    assert places.findings_folder() == (tmp_path, "the findings of this run")


def test_the_ledger_carries_the_description_of_its_package(bees):
    assert bees.package == json.loads((LEDGER / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (Period("2024-01-01", "2024-12-31", "year", ""), "2024"),
        (Period("2024-04-01", "2024-06-30", "quarter", ""), "2024 Q2"),
        (Period("2024-10-01", "2024-12-31", "quarter", ""), "2024 Q4"),
        (Period("", "", "undated", ""), "undated"),
        (Period("", "2024-07-02", "moment", ""), "2024-07-02"),
        (Period("2024-07-01", "2024-07-02", "moment", ""), "2024-07-02"),
        (Period("", "2030-12-31", "horizon", ""), "by 2030"),
        (Period("2024-07-02", "2030-12-31", "horizon", ""), "by 2030"),
        (Period("2027-01-01", "", "horizon", ""), "from 2027"),
        (Period("2005-01-01", "2023-12-31", "window", ""), "2005–2023"),
        (Period("2009-07-03", "2024-07-03", "window", ""), "15 years to 2024-07"),
        (Period("1992-01-01", "2024-07-02", "window", ""), "1992-01 to 2024-07"),
        (Period("1992-01-03", "", "window", ""), "since 1992-01"),
        (Period("", "2024-07-02", "window", ""), "until 2024-07"),
    ],
)
def test_a_period_is_written_as_a_reader_would(period, label):
    assert period.label == label


def test_only_a_year_or_a_quarter_has_one_a_year_before():
    assert Period("2024-01-01", "2024-03-31", "quarter", "stated").year_before.key == "2023-Q1"
    assert Period("2024-01-01", "2024-12-31", "year", "stated").year_before.key == "2023"
    assert Period("2024-01-01", "2024-12-31", "window", "stated").year_before is None


def test_a_ledger_is_read_again_only_when_a_file_of_it_has_changed(tmp_path):
    folder = copied(tmp_path)
    first = load_ledger(folder)
    assert load_ledger(folder) is first
    path = folder / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("c010,", "c910,"), encoding="utf-8")
    with pytest.raises(LedgerError):
        load_ledger(folder)  # a relation still names c010


def test_equal_cells_of_a_column_are_one_value(tmp_path):
    claims = [*load_ledger(large_ledger.write_ledger(tmp_path, 300)).claims.values()]
    for name in ("source", "indicator", "hedge", "multiplier", "precision", "period"):
        values = [getattr(claim, name) for claim in claims]
        assert len({id(value) for value in values}) == len({*values}) < len(values), name
