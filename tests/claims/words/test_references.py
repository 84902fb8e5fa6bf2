"""The notebooks cite every work of the list; the list is read strictly, and shown as a table."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from claims.content import phrases
from claims.content.tables import Table, walk
from claims.show import exhibits
from claims.show.book import Book
from claims.show.exhibits import Column
from claims.words import references
from claims.words.citations import cited_keys
from made_up import SMALL

NOTEBOOKS = sorted((Path(__file__).parents[3] / "notebooks").glob("[0-9][0-9]_*.ipynb"))
ITEM = {
    "id": "brown2017",
    "type": "article-journal",
    "author": [{"family": "Brown", "given": "Nicholas J. L."}, {"family": "Heathers", "given": "James A. J."}],
    "issued": {"date-parts": [[2017]]},
    "title": "The GRIM test",
    "container-title": "Social Psychological and Personality Science",
    "volume": "8",
    "issue": "4",
    "page": "363-369",
    "DOI": "10.1177/1948550616673876",
}


def sources() -> str:
    cells = [cell for path in NOTEBOOKS for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    return "\n".join("".join(cell["source"]) for cell in cells)


def written(tmp_path: Path, *items: dict) -> Path:
    path = tmp_path / "references.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(references.ReferencesError) as caught:
        references.load_references(path)
    return [str(problem) for problem in caught.value.problems]


def test_the_notebooks_cite_every_work_of_the_list_and_no_other():
    assert set(cited_keys(sources())) == set(references.load_references())


def test_no_citation_is_written_by_hand():
    assert re.findall(r"\(#ref-[^)]*\)", sources()) == []


def test_no_citation_is_written_without_a_link_to_its_work():
    assert re.findall(r"<cite>[^<]*\b(?:19|20)\d\d\b[^<]*</cite>", sources()) == []


def test_a_work_is_cited_by_up_to_two_authors_and_listed_with_all():
    works = references.load_references()
    assert works["un2011"].words == "United Nations, 2011"
    assert works["hirschman1964"].words == "Hirschman, 1964"
    assert works["fisman2004"].words == "Fisman and Wei, 2004"
    assert works["benhamou1999"].words == "Benhamou et al., 1999"
    assert works["steegen2016"].entry == (
        "Steegen, S., Tuerlinckx, F., Gelman, A. and Vanpaemel, W. (2016). Increasing transparency through a "
        "multiverse analysis. Perspectives on Psychological Science 11(5), 702–712."
    )
    assert works["gaulier2010"].entry.endswith("The 1994–2007 version. CEPII Working Paper, No. 2010-23.")
    assert works["hummels2006"].entry.count("?.") == 0


def test_the_list_is_in_the_order_of_the_authors_names():
    entries = [work.entry.lower() for work in references.load_references().values()]
    assert entries == sorted(entries)


def test_a_doi_is_a_link_and_an_address_is_called_by_its_host():
    works = references.load_references()
    assert works["fisman2004"].link == phrases.Link("doi:10.1086/381476", "https://doi.org/10.1086/381476")
    assert works["hirschman1964"].link.text == "jstor.org"
    assert works["morgenstern1963"].link is None


def test_the_table_anchors_every_work_and_marks_its_numbers():
    columns = {name: Column(name, kind="citation") for name in ("cited", "work")}
    works = references.works_table(references.load_references())
    bundle = Book(SMALL).table(works, id="tbl-r", title="Works", caption="All.", columns=columns).bundle
    rows = Table.from_json(bundle[exhibits.TABLE]).rows
    assert [next(walk(row[0])).id for row in rows] == [work.anchor for work in references.load_references().values()]
    assert {part.kind for row in rows for part in walk(*row) if part != " "} == {"citation"}
    assert '<span id="ref-un2011">United Nations, 2011</span>' in bundle["text/html"]
    assert '<a href="https://doi.org/10.1086/381476">doi:10.1086/381476</a>' in bundle["text/html"]


def test_a_list_without_faults_is_read(tmp_path):
    assert references.load_references(written(tmp_path, ITEM))["brown2017"].words == "Brown and Heathers, 2017"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "Brown 2017"}, "Brown 2017, id: 'Brown 2017' is not written as it should be; write it like"),
        ({"type": "article"}, "brown2017, type: 'article' is no type; did you mean 'article-journal'? One of: "),
        ({"title": ""}, "brown2017, title: '' is no text, or has spaces around it; write it in quotation marks"),
        ({"title": None}, "brown2017, title: 'None' is no text"),
        ({"volume": 8}, "brown2017, volume: '8' is no text"),
        ({"DIO": "10.1177/1"}, "brown2017, DIO: is not a field of this list; "),
        ({"DOI": "https://doi.org/10.1177/1"}, "brown2017, DOI: 'https://doi.org/10.1177/1' is not written as it sh"),
        ({"URL": "http://x.example"}, "brown2017, URL: 'http://x.example' is not written as it should be"),
        ({"author": []}, "brown2017, author: names nobody; write {"),
        ({"author": [{"given": "Nick"}]}, "brown2017, author: names nobody; write {"),
        ({"issued": {"date-parts": [["2017"]]}}, 'brown2017, issued: has no year; write {"date-parts": [[2017]]}'),
        ({"issued": {"raw": "2017"}}, "brown2017, issued: has no year"),
    ],
)
def test_a_fault_of_an_item_is_reported_with_its_remedy(tmp_path, change, message):
    [problem] = problems(written(tmp_path, {**ITEM, **change}))
    assert problem.startswith(message)


def test_all_faults_come_at_once(tmp_path):
    path = written(tmp_path, {"type": "book"}, {**ITEM, "type": "bok"})
    with pytest.raises(references.ReferencesError) as caught:
        references.load_references(path)
    assert str(caught.value) == (
        f"{path}: 5 problems\n"
        "  item 1, id: is missing; add it\n"
        "  item 1, title: is missing; add it\n"
        '  item 1, author: names nobody; write {"family": "Brown", "given": "Nicholas J. L."}, or '
        '{"literal": "United Nations"}\n'
        '  item 1, issued: has no year; write {"date-parts": [[2017]]}\n'
        "  brown2017, type: 'bok' is no type; did you mean 'book'? "
        "One of: article-journal, book, paper-conference, report, software, webpage"
    )


def test_an_id_and_the_words_of_a_citation_belong_to_one_work(tmp_path):
    assert problems(written(tmp_path, ITEM, {**ITEM, "title": "Another"})) == [
        "brown2017: is there twice; give one another id"
    ]
    assert problems(written(tmp_path, ITEM, {**ITEM, "id": "brown2017b"})) == [
        "brown2017b: is cited as 'Brown and Heathers, 2017', and so is brown2017; cite one of them"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [("[", "Expecting value"), ("{}", "is no list of works"), ("[1]", "is no list of works"), (None, "No such file")],
)
def test_a_file_that_is_no_list_is_reported(tmp_path, text, message):
    path = tmp_path / "references.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    [problem] = problems(path)
    assert message in problem
