"""Sections and chapters with nothing to show are left out of the report, with what refers to them."""

from dataclasses import replace

from claims.content.phrases import Anchor, Link, Phrase
from claims.content.tables import TABLE, Cell, Column, Table

from report.pages.left_out import without_empty, without_uncounted, without_unused
from report.pages.registers import RUN_CARD, fill


def prose(notebook: str, source: str) -> dict:
    return {"cell_type": "markdown", "source": source, "metadata": {"report": {"notebook": notebook}}}


def shown(notebook: str, id: str, left_out: bool = True) -> dict:
    table = Table(id=id, left_out=left_out).to_json()
    output = {"output_type": "display_data", "data": {TABLE: table}, "metadata": {}}
    return {"cell_type": "code", "source": "", "outputs": [output], "metadata": {"report": {"notebook": notebook}}}


def sources(cells: list[dict]) -> list[str]:
    return [cell["source"] for cell in without_empty(cells) if cell["cell_type"] == "markdown"]


GROWTH = [
    prose("20", "# How fast?\n\nSee below."),
    prose("20", "## Rates\n\nThe rates are in [Table](#tbl-rates). [Table](#tbl-times) has the multiples."),
    shown("20", "tbl-rates", left_out=False),
    prose("20", "## Multiples\n\nSee [Table](#tbl-times)."),
    shown("20", "tbl-times"),
    prose("20", "## Limits\n\nNo rate is corrected for prices."),
]
LISTS = [prose("40", "# Lists?"), shown("40", "tbl-lists"), prose("40", "## Limits\n\nAn item is no amount.")]


def test_a_section_whose_tables_are_all_empty_is_left_out():
    kept = sources(GROWTH)
    assert [source.partition("\n")[0] for source in kept] == ["# How fast?", "## Rates", "## Limits"]
    assert kept[1] == "## Rates\n\nThe rates are in [Table](#tbl-rates)."  # without the sentence on the other table


def test_a_section_with_something_to_show_keeps_its_empty_table():
    both = [prose("30", "## Both"), shown("30", "tbl-a"), shown("30", "tbl-b", left_out=False)]
    assert without_empty(both) == both


def test_a_chapter_without_any_section_left_goes_with_what_links_to_it():
    overview = prose(
        "00",
        "# All\n\n- **Lists.** [The chapter](40.ipynb) counts\n  them. They are short.\n"
        "- **Growth.** [This](20.ipynb) has it.\n\n"
        "Lists are [counted](./40.ipynb#how). Nothing else is.\n\n```\n[x](40.ipynb). y\n```",
    )
    method = prose("90", "## Shares\n\nA share is a part.")
    method["metadata"]["tags"] = ["with-40"]
    assert sources([method, *GROWTH])[0].startswith("## Shares")
    kept = sources([overview, *GROWTH, *LISTS, method])
    assert kept[0] == (
        "# All\n\n- **Growth.** [This](20.ipynb) has it.\n\nNothing else is.\n\n```\n[x](40.ipynb). y\n```"
    )
    assert len(kept) == 4


def test_nothing_is_changed_where_all_is_shown():
    cells = [*GROWTH[:3], GROWTH[-1]]
    assert without_empty(cells) == cells


def test_an_appendix_without_rows_goes_with_the_results_that_only_count_it():
    def row(anchor: str, to: str) -> tuple[Cell, Cell]:
        return Cell((Phrase((Anchor("F1", anchor),)),)), Cell((Phrase((Link("rows", to),)),))

    columns = Column("name", Phrase(("Result",))), Column("from", Phrase(("From",)))
    results = Table(id="tbl-findings", columns=columns, rows=(row("f-items", "tbl-items"), row("f-sum", "c001")))
    appendices = {"derivations": results, "agreements": Table(id="tbl-items", columns=columns, left_out=True)}
    left = without_uncounted(appendices, {"f-sum"})
    assert [*left] == ["derivations"]
    assert left["derivations"].rows == results.rows[1:]
    full = appendices | {"agreements": replace(appendices["agreements"], rows=(row("a001", "S1"),))}
    assert without_uncounted(full, {"f-sum"}) == left  # the chapter that counts them was deleted
    for quoted in ("f-items", "tbl-items", "a001"):
        assert without_uncounted(full, {quoted}) == full
    counted = full | {"agreements": replace(full["agreements"], left_out=False)}
    assert without_uncounted(counted, set()) == counted


def test_the_run_card_has_no_parameters_of_chapters_that_are_left_out():
    def row(name: str, *users: str) -> dict:
        return {"name": Anchor(name, f"p-{name}"), "value": "1", "notebooks": [Link(user[:2], user) for user in users]}

    card = fill(RUN_CARD, [row("counting", "40-lists"), row("rounding", "20-rates", "40-lists"), row("digits", "10")])
    left = without_unused(card, {"20-rates", "10"})
    assert [[str(cell) for cell in row] for row in left.rows] == [["rounding", "1", "20"], ["digits", "1", "10"]]
    assert without_unused(card, {"20-rates", "40-lists", "10"}).rows == card.rows
    unused = fill(RUN_CARD, [{"name": Anchor("digits", "p-digits"), "value": "1"}])
    assert without_unused(unused, {"10"}) == unused
