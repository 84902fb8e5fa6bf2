"""Every number of a report leads to its source and line; each fault is planted once, and seen."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
import sample_document as sample
from claims.content.phrases import Link
from claims.content.tables import FIGURE, TABLE, as_cell
from lxml import etree
from made_up import book, quoted
from nbformat import from_dict, v4

from report.command import build
from report.folders import Folders
from report.pages import appendices, derivations
from report.pages.assemble import assemble
from report.pages.exporters import ReportHTMLExporter, TypstPDFExporter
from report.pages.registers import VERDICTS, fill
from report.proof import chain, evidence
from report.proof.pdf_links import PdfLinks
from report.proof.tally import WITHIN, Tally, Unresolved
from report.stops import Unchained, WrongInput

GROWTH = "Trade grew [7.3%](#f-growth) after [32%](#c001), says [S1](#S1)."


def document(*cells, found=None, rows=None):
    cells = [{**cell, "id": f"cell-{count}"} for count, cell in enumerate(cells)]
    notebook = v4.new_notebook(cells=[sample.markdown("# How fast did it grow?", "title"), *cells])
    tables, about = {**sample.tables(5, found), **(rows or {})}, {**sample.METADATA, "title": "A ledger"}
    return from_dict(assemble({"20_growth": notebook}, tables, about, strict=False))


def tally_of(*cells, **more) -> Tally:
    return chain.tally_page(ReportHTMLExporter().from_notebook_node(document(*cells, **more))[0])


def sentence(text: str):
    return sample.code("say(…)", "say", sample.display(text__markdown=text, text__plain=text))


def output_cell(output):
    return sample.code("show", "show", output)


def table(**more):
    columns = [{"key": "a", "label": "What"}, {"key": "b", "label": "Share", **more.pop("column", {})}]
    payload = {"id": "tbl-x", "title": "Shares", "columns": columns, "rows": [["Trade", "none"]], **more}
    return output_cell(v4.new_output("display_data", {TABLE: payload, "text/plain": "a table"}))


def figure(**more):
    payload = {"id": "fig-x", "name": "x", "title": "T", "alt": "A line.", "columns": [{"key": "y"}], "rows": [["–"]]}
    bundle = {FIGURE: {**payload, **more}, "image/svg+xml": sample.SVG, "text/plain": "a figure"}
    return output_cell(v4.new_output("display_data", bundle))


def only(tally: Tally) -> Unresolved:
    [one] = tally.unresolved
    return one


def test_numbers_linked_to_evidence_are_resolved():
    tally = tally_of(sentence(GROWTH))
    assert tally.unresolved == ()
    assert {kind: tally.resolved[kind] for kind in ("derivation", "claim", "source")} == {
        "derivation": 1,
        "claim": 1,
        "source": 1,
    }
    assert tally.cited == {"f-growth", "c001", "S1"}
    assert tally.complete


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It grew by 7.3 percent.", "7.3"),
        ("It has doubled since.", "doubled"),
        ("Two-[thirds](#c001) of it.", "Two"),
        ("About ⅓ of it.", "⅓"),
        ("It is the second.", "second"),
        ("S1 prints it.", "S1"),
        ("[Seven](https://x.example) of them.", "Seven"),
        ("[5 rows](#growth)", "5"),
        ("- a list\n- of 5", "5"),
        ("> quoted 5", "5"),
        ("note[^1]\n\n[^1]: In 5 words.", "5"),
        ("| a |\n|---|\n| 5 |", "5"),
        ("#### After 5 years", "5"),
        ("<time>of 5", "5"),
    ],
)
def test_a_number_in_prose_without_a_link_is_unresolved(text, number):
    assert only(tally_of(sentence(GROWTH), sentence(text))).number == number


def test_marked_dates_citations_and_formulas_are_exempt():
    text = "In <time>2–4 July 1992</time>, <cite>Brown, 2017</cite> took <data>half</data> of $x_1 + 2$ and `c[3]`."
    tally = tally_of(sentence(GROWTH), sentence(text))
    assert tally.unresolved == ()
    assert {kind: tally.exempt[kind] for kind in ("citation", "parameter", "formula")} == {
        "citation": 1,
        "parameter": 1,
        "formula": 2,
    }
    assert tally.exempt["date"] == 3 + 2  # with the title page's


def test_numbers_of_exhibits_and_sections_are_exempt():
    tally = tally_of(sentence(GROWTH), table(), sentence("See [Table](#tbl-x).\n\n## Why"))
    assert (tally.unresolved, tally.exempt["exhibit"]) == ((), 2 + 4)  # with the four appendices' tables
    assert tally.exempt["section"] == 2


def test_a_link_to_an_exhibit_with_another_number_is_unresolved():
    assert only(tally_of(sentence(GROWTH), table(), sentence("Of [12 sectors](#tbl-x)."))).number == "12"


LISTED = table(
    rows=[[{"text": "Brown and Heathers, 2017", "id": "ref-brown2017", "kind": "citation"}, "The GRIM test"]]
)


@pytest.mark.parametrize("cited", ["Brown and Heathers, 2017", "Brown and Heathers (2017)"])
def test_a_link_with_the_words_of_a_cited_work_is_exempt(cited):
    tally = tally_of(sentence(GROWTH), sentence(f"See [{cited}](#ref-brown2017)."), LISTED)
    assert (tally.unresolved, tally.exempt["citation"]) == ((), 2)


@pytest.mark.parametrize("locator", ["p. 365", "pp. 365–367", "chap. 2"])
def test_a_citation_may_name_a_page_or_a_chapter(locator):
    cited = f"See [Brown and Heathers, 2017, {locator}](#ref-brown2017)."
    assert tally_of(sentence(GROWTH), sentence(cited), LISTED).unresolved == ()


@pytest.mark.parametrize(
    "cited",
    ["Brown and Heathers, 2016", "Brown, 2017", "2017", "36 of 71 articles", "Brown and Heathers, 2017, 36 articles"],
)
def test_a_link_to_a_cited_work_by_other_words_is_unresolved(cited):
    tally = tally_of(sentence(GROWTH), sentence(f"See [{cited}](#ref-brown2017)."), LISTED)
    assert {one.reason for one in tally.unresolved} == {"'ref-brown2017' is cited as “Brown and Heathers, 2017”"}


@pytest.mark.parametrize(
    ("cell", "number", "place"),
    [
        (table(title="Of 5 texts"), "5", "Table 1, title"),
        (table(caption="Of 5 texts"), "5", "Table 1, caption"),
        (table(source="5 texts"), "5", "Table 1, caption"),
        (table(rows=[["Trade", "5"]]), "5", "Table 1, column “Share”"),
        (table(rows=[["Half", "none"]]), "Half", "Table 1, column “What”"),
        (table(column={"label": "Share of 5"}), "5", "Table 1, column “Share of 5”"),
        (table(column={"unit": "per 5"}), "5", "Table 1, column “Share per 5”"),
        (table(rows=[["Trade", {"runs": [{"text": "7%", "href": "#f-growth"}, " of 5"]}]]), "5", "column “Share”"),
        (figure(title="It doubled"), "doubled", "Figure 1, title"),
        (figure(alt="A line up to 5."), "5", "Figure 1, alt text"),
        (figure(rows=[["5"]]), "5", "Figure 1, column “y”"),
        (output_cell(v4.new_output("stream", name="stdout", text="5 rows")), "5", "printed output"),
        (output_cell(sample.display(text__html="<table><tr><td>5</td></tr></table>")), "5", "printed output"),
        (output_cell(sample.display(text__plain="Frame(5)")), "5", "printed output"),
    ],
)
def test_a_bare_number_in_an_output_is_unresolved_with_its_place(cell, number, place):
    one = only(tally_of(sentence(GROWTH), cell))
    assert one.number == number
    assert one.place.startswith("1 How fast did it grow?, ")
    assert place in one.place


@pytest.mark.parametrize("markup", ["<!-- 5 -->", "<style>p {margin: 5}</style><script>var x = 5</script>", ""])
def test_html_without_text_adds_no_number(markup):
    assert tally_of(sentence(GROWTH), output_cell(sample.display(text__html=markup))).unresolved == ()


def test_html_with_an_xml_declaration_is_read():
    markup = '<?xml version="1.0" encoding="utf-8"?><p>5</p>'
    assert only(tally_of(sentence(GROWTH), output_cell(sample.display(text__html=markup)))).number == "5"


def test_linked_or_marked_heads_cells_and_alt_texts_are_resolved():
    linked, dated = {"text": "7.3%", "href": "#f-growth"}, {"text": "2019–2023", "kind": "date"}
    head = {"label": {"text": "S1", "href": "#S1"}}
    one = table(column=head, rows=[[linked, {"runs": ["from ", {"text": "5", "href": "#c001"}, ", ", dated]}]])
    two = figure(alt={"runs": ["Up to ", linked, " in ", {"text": "2030", "kind": "parameter"}, "."]})
    assert tally_of(sentence(GROWTH), one, two).unresolved == ()


def test_an_alt_text_s_chain_covers_only_its_own_words():
    alt = figure(alt={"runs": ["15 or ", {"text": "5", "href": "#f-growth"}, "."]})
    assert only(tally_of(sentence(GROWTH), alt)).number == "15"


def origins(*links):
    columns = [{"key": "year"}, {"key": "pct"}, {"key": "of", "label": "From", "origins": True}]
    row = [{"text": "2023", "kind": "date"}, "7.3", [{"text": link, "href": f"#{link}"} for link in links]]
    return figure(columns=columns, rows=[row])


def test_a_row_of_figure_data_is_resolved_by_its_origins():
    assert tally_of(sentence(GROWTH), origins("c001", "f-growth")).resolved["data row"] == 1
    assert "names no origin" in only(tally_of(sentence(GROWTH), origins())).reason
    assert [one.number for one in tally_of(sentence(GROWTH), origins("c001", "growth")).unresolved] == ["7.3"]


def broken(tables=None, found=None, text=GROWTH) -> list[str]:
    tally = tally_of(sentence(text), rows=tables, found=found)
    assert not tally.complete
    return [one.reason for one in tally.unresolved]


def ledger(change) -> dict:
    """Return the appendix of the ledger, the second cell of every row changed."""
    table = sample.tables(5)["ledger"]
    rows = tuple((row[0], as_cell(change(row[1])), *row[2:]) for row in table.rows)
    return {"ledger": replace(table, rows=rows)}


def test_a_derivation_without_inputs_breaks_every_chain():
    reasons = broken(found=[{**sample.findings()[0], "inputs": {}}])
    assert set(reasons) == {"its derivation 'f-growth' names no input; give it its inputs"}


def test_a_constant_needs_no_input():
    found = [{**sample.findings()[0], "inputs": {"last": "2"}}]
    assert tally_of(sentence(GROWTH), found=found).unresolved == ()


def test_a_derivation_from_itself_breaks_the_chain():
    assert set(broken(found=[{**sample.findings()[0], "inputs": {"last": "growth"}}])) == {
        "its derivation 'f-growth' names no input; give it its inputs"
    }
    two = [{**sample.findings()[0], "id": id, "inputs": {"last": of}} for id, of in (("growth", "b"), ("b", "growth"))]
    assert any("is derived from itself" in reason for reason in broken(found=two))


def test_links_to_what_uses_a_row_are_not_links_to_its_inputs():
    found = [{**sample.findings()[0], "id": id, "inputs": {"of": of}} for id, of in (("a", "c001"), ("growth", "a"))]
    tally = tally_of(sentence(GROWTH), found=found)
    assert tally.unresolved == ()


def test_a_ledger_row_without_a_line_or_a_source_breaks_the_chain():
    assert "the row 'c001' names no line" in broken(ledger(lambda cell: Link("S1", "S1")))
    assert "the row 'c001' names no source" in broken(ledger(lambda cell: "S1, line 3"))


def official_tally(text: str = "Quoted are [31](#o001) and [41](#o002).", **page) -> Tally:
    """Return the tally of a page with two official figures, both quoted on the same page."""
    ledger = book(official=[quoted("o001", "31", **page), quoted("o002", "41", **page)])
    table = appendices.official_table(ledger)
    return tally_of(sentence(GROWTH), sentence(text), rows={"official": table})


def test_an_official_figure_with_publisher_and_address_resolves():
    tally = official_tally()
    assert tally.unresolved == ()
    assert tally.resolved["official"] == 2
    assert {"o001", "o002"} <= tally.cited


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "example.org/trade", "https://"])
def test_an_official_figure_without_an_address_breaks_the_chain(address):
    tally = official_tally(url=address)
    assert {one.reason for one in tally.unresolved} == {"the row 'o001' names no address"}
    assert {"31", "41"} <= {one.number for one in tally.unresolved}
    assert "official" not in tally.resolved


def test_an_official_figure_without_a_publisher_breaks_the_chain():
    reasons = {one.reason for one in official_tally(publisher="", publisher_print="").unresolved}
    assert reasons == {"the row 'o001' names no publisher", "the row 'o002' names no publisher"}


def test_an_official_row_that_does_not_exist_is_unresolved():
    assert only(official_tally("Quoted are [31](#o001) and [24](#o009).")).number == "24"


def test_a_verdict_on_rows_left_out_rests_on_their_table(monkeypatch):
    monkeypatch.setattr("report.pages.assemble.rows_of_each", lambda counts: 1)
    word = {"label": "Trade", "verdict": "inconsistent", "relations": [], "explanation": "apart", "causes": {}}
    verdict = {**word, "id": "trade:2023", "anchor": "v-trade-2023", "claims": ["c003", "c004"]}
    rows = {"verdicts": derivations.verdicts_table(book(), [verdict])}
    tally = tally_of(sentence("They are [1](#v-trade-2023) set of [32%](#c001)."), rows=rows)
    assert tally.unresolved == ()
    assert tally.resolved["verdict"] == 1


def test_findings_and_verdicts_may_use_official_figures_alone():
    found = [{**sample.findings()[0], "inputs": {"last": "o001", "first": "o002"}}]
    ledger = book(official=[quoted("o001", "31"), quoted("o002", "41")])
    verdict = {
        "id": "trade:2023", "anchor": "v-trade-2023", "label": "Trade", "verdict": "inconsistent", "relations": [],
        "claims": ["o001", "o002"], "explanation": "", "revisions": [], "causes": {}, "story": "",
    }  # fmt: skip
    tables = {
        "official": appendices.official_table(ledger),
        "verdicts": derivations.verdicts_table(ledger, [verdict]),
    }
    tally = tally_of(sentence("Trade grew [7.3%](#f-growth), of [2](#v-trade-2023)."), found=found, rows=tables)
    assert tally.unresolved == ()
    assert (tally.resolved["derivation"], tally.resolved["verdict"]) == (1, 1)


def test_a_link_to_a_row_that_does_not_exist_is_unresolved():
    page = ReportHTMLExporter().from_notebook_node(document(sentence(GROWTH)))[0]
    gone = page.replace('href="#f-growth"', 'href="#f-grown"', 1)
    assert only(chain.tally_page(gone)).reason == "it links to 'f-grown', which is not on the page"
    elsewhere = page.replace('href="#f-growth"', 'href="#growth"', 1)
    assert only(chain.tally_page(elsewhere)).reason == "it links to 'growth', which is not evidence"


def test_numbers_in_an_evidence_row_are_resolved_by_its_chain():
    tally = tally_of(sentence(GROWTH))
    assert tally.resolved[WITHIN] > 20


def test_a_page_without_numbers_fails():
    for page in ("", "<p>report", "<main><p>No number at all.</p></main>"):
        tally = chain.check(page)
        assert not tally.complete
        assert "no number that leads to evidence" in tally.problems[0]


def test_a_problem_names_chapter_section_context_and_remedy():
    tally = tally_of(sentence(GROWTH), sentence("## Why\n\nBetween 1992 and 2023 it grew."))
    assert tally.problems == [
        "1 How fast did it grow?, 1.1 Why: 2 numbers (“1992”, “2023”), the first in “Between 1992 and 2023 it grew.”; "
        "quote a finding or claim, {eval}`book.…`, or mark it <time>, <cite>, <data> or <var>"
    ]
    [stop] = chain.chain_stops(tally)
    assert isinstance(stop, Unchained) and stop.exit_code == 1
    assert str(stop).startswith("chain: 1 problem\n  1 How fast")


def test_the_tally_prints_counts_by_class():
    tally = Tally({"claim": 1200, "source": 3}, {"date": 2}, (), links=PdfLinks(1255, ()))
    assert str(tally) == (
        "chain: 1,203 numbers resolved (claim 1,200, source 3), 2 exempt (date 2), 0 unresolved; "
        "1,255 links of the PDF resolved"
    )
    dangling = Tally({"claim": 1}, {}, (), links=PdfLinks(10, ("x",), dangling_total=2))
    assert str(dangling) == (
        "chain: 1 numbers resolved (claim 1), 0 exempt, 0 unresolved; 8 links of the PDF resolved, 2 dangling"
    )


# ---- the PDF ----


@pytest.fixture(scope="module")
def both() -> tuple[str, bytes]:
    made = document(sentence(GROWTH))
    return ReportHTMLExporter().from_notebook_node(made)[0], TypstPDFExporter().from_notebook_node(made)[0]


def changed(pdf: bytes, change) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            page.Annots = pikepdf.Array([note for note in page.get("/Annots", ()) if change(note, opened)])
        out = BytesIO()
        opened.save(out)
    return out.getvalue()


def test_the_pdf_has_the_same_links_as_the_page(both):
    tally = chain.check(*both)
    assert tally.complete
    assert tally.links and tally.links.total > 20
    assert tally.links.cited and tally.links.cited >= tally.cited
    assert len(tally.cited) == 3


def test_a_link_within_an_appendix_is_not_a_chapter_s():
    ledger = book(official=[quoted("o001", "31"), quoted("o002", "41")])
    table = appendices.official_table(ledger)
    made = document(sentence(GROWTH), sentence("Quoted is [31](#o001)."), rows={"official": table})
    html, pdf = ReportHTMLExporter().from_notebook_node(made)[0], TypstPDFExporter().from_notebook_node(made)[0]
    assert '<p><a href="#tbl-official">1</a> more, to which nothing here leads' in html
    tally = chain.check(html, pdf)
    assert tally.cited == {"f-growth", "c001", "S1", "o001"}
    assert tally.complete


def test_a_dangling_link_of_the_pdf_is_named(both):
    def to_nowhere(note, pdf):
        if "/Dest" in note:
            note.A = pikepdf.Dictionary(S=pikepdf.Name("/GoTo"), D=pikepdf.String("nowhere"))
            del note["/Dest"]
        return True

    def to_no_page(note, pdf):
        nothing = pdf.make_indirect(pikepdf.Dictionary())
        note.Dest = pikepdf.Array([nothing, pikepdf.Name.XYZ, 0, 0, 0])
        return True

    named = chain.check(both[0], changed(both[1], to_nowhere))
    assert "report.pdf: a link leads to 'nowhere', which does not exist" in named.problems
    lost = chain.check(both[0], changed(both[1], to_no_page))
    assert any(re.search(r"'a place on no page, from page \d+'", problem) for problem in lost.problems)


def test_a_link_missing_from_the_pdf_is_a_problem(both):
    fewer = chain.check(both[0], changed(both[1], lambda note, pdf: str(note.Dest) != "f-growth"))
    assert fewer.problems == [
        "chapters of report.html link to f-growth, those of report.pdf do not: the exporters differ"
    ]


@pytest.mark.parametrize("pdf", [b"%PDF", b""])
def test_a_pdf_without_links_fails(both, pdf):
    assert "report.pdf cannot be read, or has no link" in chain.check(both[0], pdf).problems[0]


# ---- the command ----


def test_the_command_checks_a_report_and_the_pdf_beside_it(both, tmp_path, capsys):
    from report.command.cli import main

    (tmp_path / "report.html").write_text(both[0], encoding="utf-8")
    (tmp_path / "report.pdf").write_bytes(both[1])
    assert main(["check", "--report", str(tmp_path / "report.html")]) == 0
    assert re.search(r"chain: \d+ numbers resolved \(.*\), .* links of the PDF resolved\n$", capsys.readouterr().out)
    (tmp_path / "report.html").write_text(both[0].replace("says <a", "5 says <a"), encoding="utf-8")
    assert main(["check", "--report", str(tmp_path / "report.html")]) == 1
    assert "1 How fast did it grow?: “5” in “Trade grew 7.3% after 32%, 5 says S1.”" in capsys.readouterr().err


def test_a_check_without_a_published_report_passes_with_a_note(tmp_path, capsys):
    from report.command.cli import check_chain

    assert check_chain(tmp_path / "report.html", required=False) == 0
    assert capsys.readouterr().out == "chain: no report is published yet; make report builds it\n"


def test_a_check_after_a_preview_says_why_nothing_is_published(tmp_path, capsys):
    from report.command.cli import check_chain

    preview = tmp_path / "report" / "build" / "preview" / "report.html"
    preview.parent.mkdir(parents=True)
    preview.touch()
    assert check_chain(tmp_path / "report" / "published" / "report.html", required=False) == 0
    assert "the last build is a preview, and make report names what keeps it from being" in capsys.readouterr().out


# ---- the build ----

UNCHAINED = Tally({"claim": 1}, {}, (Unresolved("5", "1 What is it?", "prose", "in 5 years"),))


@pytest.fixture
def unchained(clone, shared_kernels, monkeypatch):
    made = {"report.html": b"<p>report", "report.pdf": b"%PDF"}
    monkeypatch.setattr(build, "export_pages", lambda document, progress, runs, files, *_: (made, UNCHAINED))
    clone.write("10_one", "None")
    return clone


@pytest.mark.slow
def test_an_unresolved_number_keeps_a_build_from_being_published(unchained):
    message = r"(?s)1 What is it\?: “5” in “in 5 years”; quote a finding .*report/build/preview"
    with pytest.raises(Unchained, match=message) as stop:
        build.build(build.Request(quiet=True), unchained.folders)
    assert stop.value.exit_code == 1
    assert unchained.published() == {}
    assert (unchained.folders.build / "preview" / "report.html").exists()


@pytest.mark.slow
def test_a_build_that_does_not_publish_only_prints_the_tally(unchained, tmp_path, capsys):
    build.build(build.Request(output=tmp_path / "out"), unchained.folders)
    assert "chain: 1 numbers resolved (claim 1), 0 exempt, 1 unresolved\n" in capsys.readouterr().out


def test_every_number_of_the_published_report_has_its_evidence():
    tally = chain.check_file(Folders().published / "report.html")
    assert tally.problems == []
    assert sum(tally.resolved.values()) > 1000


def test_a_missing_report_is_wrong_input(tmp_path):
    with pytest.raises(WrongInput, match="give the HTML file of a report"):
        chain.check_file(tmp_path / "none.html")


def test_a_link_to_the_number_of_a_row_is_one_to_the_row():
    row = '<tr id="f-growth"><th><a id="F1" href="#F1">F1</a></th><td><a href="#c001">c001</a></td></tr>'
    root = etree.HTML(f'<table>{row}</table><p><a href="#F1">7%</a></p>')
    evidence.follow_row_numbers(root)
    assert [link.get("href") for link in root.iter("a")] == ["#f-growth", "#c001", "#f-growth"]


def test_the_title_of_a_report_needs_no_evidence_and_a_heading_does():
    page = ReportHTMLExporter().from_notebook_node(document(sentence(GROWTH)))[0]
    titled = page.replace("<h1>A ledger</h1>", "<h1>A ledger of 7 towns</h1>")
    assert titled != page
    tally = chain.tally_page(titled)
    assert (tally.unresolved, tally.exempt["title"]) == ((), 1)
    below = titled.replace("<h1>A ledger of 7 towns</h1>", "<h1>A ledger</h1><p>Of 7 towns</p>")
    assert only(chain.tally_page(below)).number == "7"


def test_a_count_of_none_leads_to_a_table_that_the_page_says_is_empty():
    none = fill(VERDICTS, [])
    page = ReportHTMLExporter().from_notebook_node(
        document(sentence(f"{GROWTH} Clashes: [0](#tbl-verdicts)."), rows={"verdicts": none})
    )[0]
    assert chain.tally_page(page).unresolved == ()
    lost = page.replace(" data-empty", "")
    assert lost != page
    assert only(chain.tally_page(lost)).reason == "'tbl-verdicts' has no row"
