import copy
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import sample_document as sample
from claims.content.phrases import Anchor, CitedIn, Link, Phrase
from claims.content.tables import FIGURE, TABLE, Cell, Table, walk
from claims.ledger.intervals import Reading
from claims.ledger.subject import Subject
from claims.results import anchors
from conftest import as_notebook, code_cell
from made_up import book, count, figure, item, quoted

from report.pages import appendices, derivations
from report.pages.appendix_cells import APPENDICES
from report.pages.assemble import CHECK, assemble
from report.pages.registers import RUN_CARD, fill
from report.proof import evidence
from report.runs.selection import Notebook
from report.stops import NotebookFailed


def problems(notebooks, **options) -> list[str]:
    with pytest.raises(NotebookFailed) as caught:
        assemble(notebooks, sample.tables(5), sample.METADATA, **options)
    return str(caught.value).split("\n  ")[1:]


def changed(cell: str, text: str) -> dict:
    notebooks = sample.notebooks()
    next(c for c in notebooks["20_growth"]["cells"] if c["id"] == cell)["source"] = text
    return notebooks


def cells(table: Table) -> list[dict[str, Cell]]:
    """Return the rows of a table, each cell by the key of its column."""
    return [{column.key: cell for column, cell in zip(table.columns, row, strict=True)} for row in table.rows]


def parts(cell: Cell) -> list:
    return list(walk(cell))


def links(cell: Cell) -> list[str]:
    return [part.to for part in walk(cell) if isinstance(part, Link)]


def placed(document) -> list[tuple]:
    return [
        (numbered["kind"], str(numbered["number"]))
        for cell in document["cells"]
        for output in cell.get("outputs", ())
        if (numbered := output["metadata"].get("report"))
    ]


def test_the_document_is_a_valid_notebook_with_every_cell():
    document = sample.document()
    nbformat.validate(document)
    assert document["metadata"]["report"]["title"] == "Five texts & one ledger"
    assert document["metadata"]["report"]["language"] == "en"
    roles = [cell["metadata"]["report"]["role"] for cell in document["cells"]]
    assert (
        roles
        == (["prose", "parameters", "code", "code", "code", "prose", "code", "code", "prose"] * 2) + ["appendix"] * 9
    )


def test_exhibits_are_numbered_in_order_and_appendix_tables_by_letter():
    assert placed(sample.document()) == [
        ("Figure", "1"), ("Table", "1"), ("Figure", "2"), ("Table", "2"),
        ("Table", "A1"), ("Table", "B1"), ("Table", "C1"), ("Table", "D1"),
    ]  # fmt: skip


def test_the_report_ends_with_at_most_three_existing_commands():
    title, text = CHECK
    commands = re.findall(r"^make (\w+)", text, re.M)
    makefile = (Path(__file__).parents[3] / "Makefile").read_text(encoding="utf-8")
    assert sample.document()["cells"][-1]["source"].startswith(f"# {title}\n")
    assert 1 <= len(commands) <= 3
    assert [command for command in commands if f"\n{command}: " not in makefile] == []


def test_references_get_the_number_of_what_they_name():
    says = [c["outputs"][0]["data"]["text/markdown"] for c in sample.document()["cells"] if c["id"].endswith("--say")]
    assert "[Figure 1](#fig-shares) and [Table 1](#tbl-shares)" in says[0]
    assert "[Figure 2](#fig-growth) and [Table 2](#tbl-growth)" in says[1]


def test_a_parameter_that_only_a_chapter_left_out_has_is_not_in_the_run_card():
    empty = sample.display(**{TABLE: Table(id="tbl-lists", left_out=True).to_json()})
    cells = [sample.markdown("# Which lists?", "lists"), sample.code("lists()", "listed", empty)]
    users = {"rounding": ["growth", "lists"], "counting": ["lists"]}
    card = [
        {"name": Anchor(name, f"p-{name}"), "value": "1", "notebooks": [Link(user, user) for user in of_it]}
        for name, of_it in users.items()
    ]
    tables = sample.tables(5) | {"run_card": fill(RUN_CARD, card)}
    notebooks = sample.notebooks() | {"40_lists": {**sample.notebooks()["10_shares"], "cells": cells}}
    document = assemble(notebooks, tables, sample.METADATA)
    (shown,) = (cell for cell in document["cells"] if cell["id"] == "appendix-run-card-table")
    rows = Table.from_json(shown["outputs"][0]["data"][TABLE]).rows
    assert [[str(cell) for cell in row] for row in rows] == [["rounding", "1", "growth"]]


def test_references_in_captions_are_resolved_too():
    notebooks = sample.notebooks()
    notebooks["10_shares"]["cells"][6]["outputs"][0]["data"][FIGURE]["caption"] = "Compare [Table](#tbl-growth)."
    document = assemble(notebooks, sample.tables(5), sample.METADATA)
    assert document["cells"][6]["outputs"][0]["data"][FIGURE]["caption"] == "Compare [Table 2](#tbl-growth)."


def test_a_link_to_another_notebook_becomes_a_link_to_its_chapter():
    assert "[the other](#growth)" in sample.document()["cells"][8]["source"]


def test_an_unknown_reference_is_an_error_with_place_and_suggestion():
    [problem] = problems(changed("how", "See [Figure](#fig-growht)."))
    assert problem.startswith("20_growth, cell how: [Figure](#fig-growht): there is no figure 'fig-growht'")
    assert problem.endswith("did you mean 'fig-growth'?")


def test_wrong_kinds_unknown_notebooks_and_dead_links_are_all_listed():
    found = problems(changed("how", "[Figure](#tbl-growth), [x](21_growth.ipynb), [9 %](#c999)."))
    assert [("is a table" in p, "not part of this report" in p, "'#c999'" in p) for p in found] == [
        (True, False, False), (False, True, False), (False, False, True),
    ]  # fmt: skip


def test_without_strict_a_dead_claim_link_is_left_to_the_exporters():
    notebooks = changed("how", "[9 %](#c999)")
    assert "'#c999'" in problems(notebooks)[0]
    assemble(notebooks, sample.tables(5), sample.METADATA, strict=False)


def test_a_dead_link_in_a_table_cell_is_an_error():
    notebooks = sample.notebooks()
    notebooks["20_growth"]["cells"][7]["outputs"][0]["data"][TABLE]["rows"][0][0] = {"text": "c777", "href": "#c777"}
    assert "'#c777'" in problems(notebooks)[0]


def test_an_exhibit_id_used_twice_is_an_error():
    notebooks = {"10_shares": sample.chapter("shares", "A?"), "20_growth": sample.chapter("shares", "B?")}
    assert any("'fig-shares' is the id of an earlier figure too" in p for p in problems(notebooks))


def test_the_notebooks_are_not_changed():
    notebooks = sample.notebooks()
    before = copy.deepcopy(notebooks)
    assemble(notebooks, sample.tables(5), sample.METADATA)
    assert notebooks == before


def test_a_ledger_row_has_an_anchor_and_links_to_source_and_findings():
    ledger = book(*(figure(f"c{i:03}", "41") for i in range(1, 131)))
    table = appendices.claims_table(ledger, [{**sample.findings()[0], "inputs": {"last": "c013"}}])
    assert len(table.rows) == 130
    row = cells(table)[12]
    assert parts(row["id"]) == [Anchor("c013", "c013")]
    assert parts(row["source"]) == [Link("S1, line 1", "S1")]
    assert parts(row["used_by"])[0] == Link("growth", "f-growth")


def test_the_ledger_names_findings_by_their_number_in_the_derivations():
    [ledger] = [c for c in sample.document(5)["cells"] if c["id"] == "appendix-ledger-table"]
    assert ledger["outputs"][0]["data"][TABLE]["rows"][0][-1][0] == {"text": "F1", "href": "#f-growth"}


def test_a_figure_s_data_names_findings_by_their_number_too():
    notebooks = sample.notebooks()
    payload = notebooks["20_growth"]["cells"][6]["outputs"][0]["data"][FIGURE]
    payload["columns"].append({"key": "of", "label": "From", "origins": True})
    links = [{"text": "growth", "href": "#f-growth"}, {"text": "c001", "href": "#c001"}]
    payload["rows"] = [[*row, links] for row in payload["rows"]]
    document = assemble(notebooks, sample.tables(5), sample.METADATA)
    [chart] = [c for c in document["cells"] if c["id"] == "20_growth--chart"]
    assert chart["outputs"][0]["data"][FIGURE]["rows"][0][-1] == [{"text": "F1", "href": "#f-growth"}, links[1]]
    assert payload["rows"][0][-1] == links


def test_a_column_nobody_fills_is_left_out():
    keys = [column.key for column in appendices.claims_table(book(figure("c001", "41"))).columns]
    assert "note" not in keys
    assert "indicator" in keys


def test_a_derivation_links_its_inputs_and_states_its_formula():
    ledger = book(figure("c001", "41"), figure("c002", "24"))
    [row] = cells(derivations.findings_table(ledger, sample.findings()))
    assert parts(row["number"]) == [Anchor("F1", "f-growth")]
    assert row["inputs"].phrases == (
        Phrase(("last: ", Link("c001", "c001"))),
        Phrase(("first: ", Link("c002", "c002"))),
    )
    assert parts(row["expression"]) == [
        "last ÷ first", "\n= ", Link("$41 billion", "c001"), " ÷ ", Link("$24 billion", "c002"), " = 7.3 %",
    ]  # fmt: skip


def test_a_derivation_lists_every_row_or_the_table_of_all():
    finding = {
        "id": "n",
        "label": "N",
        "text": "3",
        "expression": "rows",
        "inputs": {"of": ["c001", "c002"], "in": "claims.csv"},
    }
    [row] = cells(derivations.findings_table(book(figure("c001", "5")), [finding]))
    assert str(row["expression"]) == "rows"
    assert row["inputs"].phrases == (
        Phrase((Link("c001", "c001"),)),
        Phrase((Link("c002", "c002"),)),
        Phrase(("in: ", Link("claims.csv", "tbl-ledger"))),
    )


@pytest.mark.parametrize("given", ["c999", "growht", "r99", "nowhere:2023"])
def test_an_input_that_nothing_has_is_an_error(given):
    found = [{**sample.findings()[0], "inputs": {"last": "c001", "first": given}}]
    with pytest.raises(NotebookFailed, match="derivations, cell derivations: a link leads to '#.*', which is not here"):
        assemble(sample.notebooks(), sample.tables(5, found), sample.METADATA)


def test_a_citation_of_a_work_that_is_not_listed_is_an_error():
    listed = {"columns": [{"key": "a"}], "rows": [[{"text": "Brown, 2017", "id": "ref-brown2017", "kind": "citation"}]]}
    exhibit = nbformat.v4.new_output("display_data", {TABLE: {"id": "tbl-works", "title": "Works", **listed}})
    notebooks = changed("how", "See [Brown, 2017](#ref-brown2017) and [Brown, 2071](#ref-brown2071).")
    notebooks["20_growth"]["cells"].append(sample.code("works", "works", exhibit))
    [found] = problems(notebooks)
    assert found.endswith("a link leads to '#ref-brown2071', which is not here; did you mean 'ref-brown2017'?")


def works_exhibit() -> dict:
    listed = {"columns": [{"key": "a"}], "rows": [[{"text": "Jung, 2024", "id": "ref-jung2024", "kind": "citation"}]]}
    about = {"id": "tbl-works", "title": "Works", "caption": "As @jung2024 lists them."}
    exhibit = nbformat.v4.new_output("display_data", {TABLE: {**about, **listed}})
    said = nbformat.v4.new_output("display_data", {"text/markdown": "Displayed [@jung2024]."})
    return {**sample.code("works", "works", exhibit), "outputs": [exhibit, said]}


def test_citations_become_links_in_prose_captions_and_outputs():
    notebooks = changed("how", "A test [of *sums*, @jung2024].")
    notebooks["20_growth"]["cells"].append(works_exhibit())
    document = assemble(notebooks, sample.tables(5), sample.METADATA)
    cited = "[Jung, 2024](#ref-jung2024)"
    by_id = {cell["metadata"]["report"]["cell"]: cell for cell in document["cells"]}
    exhibit, said = by_id["works"]["outputs"]
    assert by_id["how"]["source"] == f"A test (of *sums*, {cited})."
    assert exhibit["data"][TABLE]["caption"] == f"As {cited} lists them."
    assert said["data"]["text/markdown"] == f"Displayed ({cited})."


def test_an_unlisted_citation_stops_with_its_cell_and_the_nearest():
    [problem] = problems(changed("how", "As in [@jung2025]."))
    assert problem == (
        "20_growth, cell how: @jung2025 is not in data/references.json; "
        "did you mean 'jung2024'? Else add the work first"
    )


VERDICT = {
    "id": "r05", "anchor": "v-r05", "kind": "relation", "label": "Growth against its levels", "verdict": "inconsistent",
    "claims": ["c001", "c002"], "relations": ["r05", "r06", "r07"], "independent": 2,
    "explanation": {"runs": [{"text": "5", "href": "#c001"}, " is more"]}, "revisions": ["5 → 4"], "story": "the sign",
    "causes": {"supported": ["loose_wording"], "not excluded": ["window"], "excluded": ["revision"]}, "pin": True,
}  # fmt: skip


def test_each_verdict_has_a_row_with_figures_causes_and_relations():
    verdicts = [VERDICT, {**VERDICT, "id": "r06", "anchor": "v-r06"}]
    row = cells(derivations.verdicts_table(book(figure("c001", "41")), verdicts))[0]
    assert parts(row["number"]) == [Anchor("V1", "v-r05")]
    assert parts(row["claims"]) == [Link("c001 ($41 billion)", "c001"), Link("c002", "c002")]
    assert parts(row["relations"]) == ["r05", Link("r06", "v-r06"), "r07"]
    assert parts(row["explanation"]) == [
        *(Link("5", "c001"), " is more"),
        *("\nCauses: ", "supported: loose wording; not excluded: years counted; others excluded"),
        *("\nSmallest revision: ", "5 → 4"),
        *("\nChanges the story: ", "the sign"),
    ]


def test_every_file_of_the_ledger_links_to_an_existing_appendix():
    ids = {anchors.appendix(name) for name in APPENDICES}
    assert ids == set(evidence.ROWS)
    assert {anchors.anchor(file) for file in anchors.APPENDIX_OF} <= ids


def made_up_rows(verdicts=(), reading=None):
    ledger = book(figure("c1", "41"), figure("c2", "24", repeats="c1"), count("c3", "4"))
    table = appendices.claims_table(ledger, (), verdicts, reading or Reading())
    return {str(row["id"]): row for row in cells(table)}


def test_a_ledger_row_has_the_interval_of_the_runs_reading():
    assert str(made_up_rows()["c1"]["stands_for"]) == "$40.5 to 41.5 billion"
    assert str(made_up_rows(reading=Reading("truncation"))["c1"]["stands_for"]) == "$41 to 42 billion"


def test_the_reading_is_that_of_the_parameters_else_of_the_notebooks():
    notebook = Notebook(Path("10_a.ipynb"), as_notebook([code_cell("p", "rounding = 'half_even'", ["parameters"])]))
    values = {"rounding": "truncation", "hedge_width": 2.0}
    assert appendices.run_reading([notebook], {}) == Reading("half_even")
    assert appendices.run_reading([notebook], values) == Reading("truncation", 2)
    assert appendices.run_reading([], {}) == Reading()


def reason(row) -> str:
    [places] = [part for part in parts(row["used_by"]) if isinstance(part, CitedIn)]
    return str(places.otherwise[0])


def test_without_verdicts_no_reason_is_given_for_an_unused_figure():
    unjudged = made_up_rows()
    assert reason(unjudged["c3"]) == "not judged in this run"
    assert reason(unjudged["c2"]) == "restates c1"
    assert reason(made_up_rows([VERDICT])["c3"]).startswith("no other figure on its quantity")


def test_verdicts_follow_derivations_and_links_to_them_are_numbers():
    judged = derivations.verdicts_table(book(), [VERDICT])
    tables = sample.tables(5, [{**sample.findings()[0], "inputs": {"of": "r05"}}])
    document = assemble(sample.notebooks(), {**tables, "verdicts": judged}, sample.METADATA)
    assert placed(document)[-2:] == [("Table", "D1"), ("Table", "E1")]
    rows = next(c for c in document["cells"] if c["id"] == "appendix-derivations-table")["outputs"][0]["data"][TABLE][
        "rows"
    ]
    assert {"text": "V1", "href": "#v-r05"} in rows[0]


QUOTED = replace(
    book(
        official=[
            quoted("o001", "31.2", "about"),
            quoted("o002", "41", note="of goods", doubtful=True),
            quoted("o003", "24", url="https://www.example.org/24/", title="", date_published=""),
        ]
    ),
    subject=Subject(authority_words={"kz": "Kazakh"}),
)


def with_official(text: str, ledger=QUOTED, found=None) -> dict:
    tables = {**sample.tables(5, found), "official": appendices.official_table(ledger)}
    return assemble(changed("how", text), tables, sample.METADATA)


def shown_official(document) -> dict[str, dict]:
    [cell] = [cell for cell in document["cells"] if cell["id"] == "appendix-official-table"]
    table = cell["outputs"][0]["data"][TABLE]
    keys = [column["key"] for column in table["columns"]]
    return {row[0]["id"]: dict(zip(keys, row, strict=True)) for row in table["rows"]} | {None: table}


def test_an_official_figure_names_its_page_and_links_its_address():
    shown = shown_official(with_official("Quoted are [31](#o001), [41](#o002), and [24](#o003)."))
    assert shown["o001"]["indicator"] == "Trade, 2023\ntrade_2023_kz_statistics"
    assert shown["o001"]["stands_for"] == "$31.1 to 31.3 billion"
    assert shown["o001"]["reporter"] == "Larkmouth (town hall)\nauthority: Kazakh statistics"
    cited = {"text": "New Energy, citing others", "kind": "citation"}
    address = {"text": "example.org/trade", "href": "https://example.org/trade"}
    assert shown["o001"]["page"]["runs"] == [cited, ": Trade, 2024-01\n", address]
    assert shown["o002"]["quoted"] == "$41 billion\n(doubtful; of goods)"
    assert shown["o003"]["page"]["runs"][1:] == [
        "\n",
        {"text": "example.org/24", "href": "https://www.example.org/24/"},
    ]


def test_a_page_is_described_once_and_later_rows_link_to_it():
    shown = shown_official(with_official("Quoted are [31](#o001) and [41](#o002)."))
    assert shown["o002"]["page"]["runs"][1:] == [": the page of ", {"text": "o001", "href": "#o001"}]
    alone = shown_official(with_official("Quoted is [41](#o002)."))
    assert alone["o002"]["page"]["runs"][-1]["href"] == "https://example.org/trade"


def test_linked_official_figures_are_listed_and_others_counted():
    shown = shown_official(with_official("Quoted is [24](#o003)."))
    assert set(shown) == {"o003", None}
    assert shown[None]["caption"].startswith("[2](#tbl-official) more, to which nothing here leads, are not shown; ")
    everyone = shown_official(with_official("[31](#o001), [41](#o002), [24](#o003)"))[None]
    assert everyone["caption"] == "official.csv, with all of them, is attached to the PDF."


@pytest.mark.parametrize(("given", "kept"), [("o002", {"o002"}), ("official.csv", {"o001", "o002", "o003"})])
def test_official_figures_that_a_finding_uses_are_listed(given, kept):
    found = [{**sample.findings()[0], "inputs": {"last": "c001", "first": given}}]
    assert set(shown_official(with_official("No link.", found=found))) == kept | {None}


def test_official_figures_in_a_figure_s_data_are_shown():
    notebooks = sample.notebooks()
    payload = notebooks["20_growth"]["cells"][6]["outputs"][0]["data"][FIGURE]
    payload["columns"].append({"key": "of", "label": "From", "origins": True})
    payload["rows"] = [[*row, [{"text": "o003", "href": "#o003"}]] for row in payload["rows"]]
    tables = {**sample.tables(5), "official": appendices.official_table(QUOTED)}
    document = assemble(notebooks, tables, sample.METADATA)
    assert set(shown_official(document)) == {"o003", None}


def test_unused_official_figures_do_not_change_the_report():
    assert with_official("No link.") == with_official("No link.", ledger=book())
    assert "official" not in {cell["metadata"]["report"]["cell"] for cell in with_official("No link.")["cells"]}


def test_an_official_figure_that_is_not_there_is_an_error():
    with pytest.raises(NotebookFailed, match="cell how: a link leads to '#o009', which is not here"):
        with_official("As [31](#o009) and [24](#o003) say.")


def test_derivations_and_verdicts_print_official_figures_like_claims():
    found = [{**sample.findings()[0], "inputs": {"last": "o001", "first": "c001"}}]
    ledger = book(figure("c001", "41"), official=[quoted("o001", "31.2", "about")])
    verdict = {**VERDICT, "claims": ["c001", "o001"]}
    tables = appendices.appendix_tables(ledger, found, [verdict])
    [derived], [judged] = cells(tables["derivations"]), cells(tables["verdicts"])
    assert Link("about $31.2 billion", "o001") in parts(derived["expression"])
    assert Link("o001 (about $31.2 billion)", "o001") in parts(judged["claims"])
    assert links(cells(tables["official"])[0]["used_by"]) == ["f-growth", "v-r05"]
    apart = appendices.official_table(ledger, [], [{**verdict, "verdict": "not comparable"}])
    assert links(cells(apart)[0]["used_by"]) == []


def test_listed_items_have_an_appendix_only_where_there_are_any_or_their_count_is_none():
    ledger, found = book(figure("c001", "41")), sample.findings()[0]
    assert "agreements" not in appendices.appendix_tables(ledger, [found])
    counted = {**found, "inputs": {"items": ["agreements.csv"]}}
    assert "agreements" in appendices.appendix_tables(ledger, [counted])


@pytest.mark.parametrize(("ids", "is_left_out"), [("agreements.csv", True), (["a001", "a002"], False), ("a002", False)])
def test_listed_items_are_left_out_unless_a_result_comes_from_one(ids, is_left_out):
    ledger = book(figure("c001", "41"), items=[item("a001"), item("a002")])
    table = appendices.agreements_table(ledger, [{**sample.findings()[0], "inputs": {"items": ids}}])
    assert (len(table.rows), table.left_out) == (2, is_left_out)


@pytest.mark.parametrize(("text", "is_there"), [("See [Table](#tbl-agreements).", True), ("See above.", False)])
def test_listed_items_that_nothing_counts_stay_where_a_sentence_refers_to_them(text, is_there):
    tables = sample.tables(5) | {"agreements": appendices.agreements_table(book(items=[item("a001")]))}
    document = assemble(changed("how", text), tables, sample.METADATA)
    assert ("agreements" in {cell["metadata"]["report"]["cell"] for cell in document["cells"]}) == is_there


def test_an_official_row_has_the_interval_of_the_runs_reading():
    ledger = book(official=[quoted("o001", "41")])
    [row] = cells(appendices.official_table(ledger, reading=Reading("truncation")))
    assert str(row["stands_for"]) == "$41 to 42 billion"


def test_an_unknown_appendix_is_an_error():
    with pytest.raises(NotebookFailed, match="unknown appendix 'legder'"):
        assemble(sample.notebooks(), {"legder": Table(id="x")}, sample.METADATA)
