"""What notebooks hand over becomes files; what is missing, or created twice, stops the build with both places."""

import base64
import json
import re

import pytest
from claims.ledger.rules import CAUSES
from conftest import as_notebook, code_cell

from report.proof import pins
from report.runs import extract
from report.stops import NotebookFailed

PNG = b"\x89PNG\r\n"


def figure(id="fig-growth", name="growth_rates", rows=(("2024", 7.3), ("2023", None)), **payload):
    exhibit = {
        "id": id,
        "name": name,
        "title": "t",
        "caption": "c",
        "alt": "a",
        "source": "s",
        "columns": [{"key": "year"}, {"key": "growth_pct"}],
        "rows": rows,
    }
    images = {"image/svg+xml": "<svg/>", "image/png": base64.b64encode(PNG).decode()}
    return shows({extract.FIGURE: {**exhibit, **payload}, **images})


def shows(data):
    return {"output_type": "display_data", "data": data, "metadata": {}}


def finding_output(id, **more):
    return shows(
        {
            extract.FINDINGS: {
                "findings": [{"id": id, "label": "l", "value": 1 / 3, "inputs": {"last": "c1", "first": "c2"}, **more}]
            }
        }
    )


def executed(**outputs):
    """Return notebooks of one cell by name, the cell's source and outputs as given."""
    return {name: as_notebook([code_cell("cell", source, outputs=shown)]) for name, (source, shown) in outputs.items()}


def test_a_figure_becomes_three_files():
    files = extract.figures(executed(a=("", [figure()])))
    assert files == {
        "growth_rates.csv": b"year,growth_pct\n2024,7.3\n2023,\n",
        "growth_rates.png": PNG,
        "growth_rates.svg": b"<svg/>\n",
    }


def test_the_csv_of_a_figure_has_the_ids_of_each_row_s_origins():
    columns = [{"key": "year"}, {"key": "text"}, {"key": "of", "label": "From", "origins": True}]
    links = [{"text": "c001", "href": "#c001"}, {"text": "growth_x", "href": "#f-growth-x"}]
    row = [{"text": "2024", "kind": "date"}, {"runs": ["5", {"text": "%", "href": "#c001"}]}, links]
    files = extract.figures(executed(a=("", [figure(columns=columns, rows=[row])])))
    assert files["growth_rates.csv"] == b"year,text,of\n2024,5%,c001 growth_x\n"


def test_words_on_two_lines_of_a_drawing_are_one_line_of_csv():
    shown = figure(columns=[{"key": "shown"}], rows=[["needed:\n11.0% a year"]])
    files = extract.figures(executed(a=("", [shown])))
    assert files["growth_rates.csv"] == b"shown\nneeded: 11.0% a year\n"


@pytest.mark.parametrize("source", ["growth.rates(book)\nbook.keep(x)", "%time 1\ngrowth.rates(book);"])
def test_an_exhibit_that_jupyter_does_not_show_is_refused(source):
    message = r"20_growth, cell cell: `growth\.rates\(book\)` shows nothing; make it the last line of a cell"
    with pytest.raises(NotebookFailed, match=message):
        extract.refuse_faulty(executed(**{"20_growth": (source, [])}))


@pytest.mark.parametrize(
    "source", ["x = growth.judge(book)\ngrowth.rates(book)", "book.keep(x)\nbook", "growth.rates(book"]
)
def test_a_cell_that_ends_with_its_exhibit_is_accepted(source):
    extract.refuse_faulty(executed(**{"20_growth": (source, [])}))


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            figure(),
            figure(name="other"),
            "the exhibit 'fig-growth' is created twice: in a, cell cell, and in b, cell cell",
        ),
        (
            figure(),
            figure(id="fig-other"),
            "the figure file 'growth_rates' is created twice: in a, cell cell, and in b, cell cell",
        ),
        (
            finding_output("x"),
            finding_output("x", value=2),
            "the finding 'x' is created twice: in a, cell cell, and in b, cell cell",
        ),
        (shows({extract.TABLE: {"id": "fig-growth"}}), figure(), "the exhibit 'fig-growth' is created twice"),
    ],
)
def test_an_id_used_in_two_notebooks_is_refused_with_both(first, second, message):
    with pytest.raises(NotebookFailed, match=message):
        extract.refuse_faulty(executed(a=("", [first]), b=("", [second])))


@pytest.mark.parametrize("name", ["../../etc/passwd", "Growth", "", "a b"])
def test_a_figure_whose_name_is_no_file_name_is_refused(name):
    with pytest.raises(NotebookFailed, match="is no file name"):
        extract.refuse_faulty(executed(a=("", [figure(name=name)])))


def test_findings_are_sorted_rounded_and_know_their_notebook():
    findings = extract.findings(
        executed(b=("", [finding_output("z"), finding_output("y", low=0.1 + 0.2)]), a=("", [finding_output("x")]))
    )
    assert [(each["id"], each["notebook"], each["value"]) for each in findings] == [
        ("x", "a", 0.333333333333),
        ("y", "b", 0.333333333333),
        ("z", "b", 0.333333333333),
    ]
    assert findings[1]["low"] == 0.3


def test_findings_are_the_same_in_json_and_in_csv():
    findings = extract.findings(executed(a=("", [finding_output("x", label="a, b")])))
    assert json.loads(extract.findings_json(findings)) == {"findings": findings}
    row = extract.findings_csv(findings).decode().splitlines()[1]
    assert row.startswith('x,"a, b",,0.333333333333,') and row.endswith("last=c1; first=c2,a")


def test_a_finding_handed_over_again_unchanged_counts_once():
    again = executed(a=("", [finding_output("x"), finding_output("x")]))
    extract.refuse_faulty(again)
    assert len(extract.findings(again)) == 1


def test_a_finding_output_twice_belongs_to_the_first_notebook():
    twice = executed(a=("", [finding_output("x")]), b=("", [finding_output("x")]))
    extract.refuse_faulty(twice)
    assert [one["notebook"] for one in extract.findings(twice)] == ["a"]


def test_the_inputs_of_a_role_are_side_by_side_in_csv():
    made = extract.findings(executed(a=("", [finding_output("x", inputs={"of": ["c1", "c2"], "years": "4"})])))
    assert extract.findings_csv(made).decode().splitlines()[1].endswith(",of=c1 c2; years=4,a")


def test_a_finding_kept_again_with_another_value_stops_the_build():
    kept_again = executed(a=("", [finding_output("x"), finding_output("x", value=7)]))
    with pytest.raises(NotebookFailed, match="the finding 'x' is created twice: in a, cell cell, and in a, cell cell"):
        extract.refuse_faulty(kept_again)


class Pin:
    def __init__(self, group, verdict, *claims, causes=()):
        self.group, self.verdict, self.claims, self.causes = group, verdict, claims, causes


def verdict_of(group, verdict, *claims):
    pinned = verdict in ("inconsistent", "undecided")
    return {"id": group, "verdict": verdict, "claims": list(claims), "causes": {}, "pin": pinned}


def test_a_ledger_whose_disagreements_are_all_pinned_may_be_published():
    compared = pins.compare_with_pins(
        [verdict_of("a:2024", "inconsistent", "c1", "c2"), verdict_of("b:2024", "consistent", "c3")],
        [Pin("a:2024", "inconsistent", "c2", "c1")],
    )
    assert compared.agrees and compared.compared == 2
    assert pins.pin_stops(compared, "data/x.csv") == []


def test_a_verdict_is_pinned_by_its_id_if_it_needs_a_pin():
    rows = [{**verdict_of("r05", "undecided", "c1"), "pin": pin} for pin in (False, True)]
    assert pins.compare_with_pins(rows[:1], []).agrees
    assert not pins.compare_with_pins(rows[1:], []).agrees
    assert pins.compare_with_pins(rows[1:], [Pin("r05", "undecided", "c1")]).agrees


def test_a_pin_with_a_cause_that_the_ledger_excludes_is_refused():
    verdict = {
        **verdict_of("a:2024", "inconsistent", "c1", "c2"),
        "causes": {"supported": ["window"], "excluded": ["revision"]},
    }
    pin = Pin("a:2024", "inconsistent", "c1", "c2", causes=("window", "revision"))
    compared = pins.compare_with_pins([verdict], [pin])
    (stop,) = pins.pin_stops(compared, "data/x.csv")
    assert "\n  data/x.csv, row 2 (a:2024), causes: 'revision' is excluded by reference_date in sources.csv" in str(
        stop
    )


def test_every_cause_names_the_columns_that_exclude_it():
    for cause in (*CAUSES, "renewals"):
        verdict = {**verdict_of("a:2024", "inconsistent", "c1"), "causes": {"excluded": [cause]}}
        compared = pins.compare_with_pins([verdict], [Pin("a:2024", "inconsistent", "c1", causes=(cause,))])
        assert ("causes.py of the subject" in compared.contradicted[0]) == (cause == "renewals")


def test_a_new_disagreement_is_refused_with_the_row_to_paste():
    compared = pins.compare_with_pins([verdict_of("a:2024", "undecided", "c1", "c2")], [])
    (stop,) = pins.pin_stops(compared, "data/x.csv")
    assert re.search("not explained in data/x.csv.*\n  a:2024,undecided,c1;c2,,,20", str(stop))
    assert stop.exit_code == 3


@pytest.mark.parametrize(
    "verdicts",
    [[], [verdict_of("a:2024", "undecided", "c1", "c2")], [verdict_of("a:2024", "inconsistent", "c1", "c3")]],
)
def test_a_pin_whose_disagreement_went_away_or_changed_is_refused(verdicts):
    compared = pins.compare_with_pins(verdicts, [Pin("a:2024", "inconsistent", "c1", "c2")])
    (stop,) = pins.pin_stops(compared, "data/x.csv")
    assert "no longer found; delete:\n  a:2024,inconsistent,c1;c2" in str(stop)
