"""What is published is proved by running it again; a difference is named with its place, its cause and its remedy."""

import json
import shutil
from functools import partial

import pytest
from conftest import Clone, code_cell, finding, new_clone

from report.command import build, cli
from report.folders import Folders
from report.proof import status, targets, verify
from report.proof.verify import DIFFERENT, IDENTICAL, NOT_RUN, SAME_VALUES
from report.runs.extract import FIGURE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def original(quick_build, tmp_path_factory) -> Clone:
    clone = new_clone(tmp_path_factory.mktemp("original"))
    clone.write("10_one", "print(open('../data/sectors.csv').read())", finding("x"))
    (clone.root / "requirements.txt").write_text("pandas==1\n", encoding="utf-8")
    return quick_build(clone)


@pytest.fixture
def published(original, without_exporters, tmp_path) -> Clone:
    """Return a copy of a clone with a published report."""
    return original.copy(tmp_path / "a clone")


def verified(clone) -> verify.Verification:
    return verify.verify(clone.folders, partial(build.rebuild, build.Request(quiet=True, fresh=True)))


def test_a_report_just_built_is_identical(published):
    result = verified(published)
    assert str(result) == "identical: 8 files, 2 cells and 26 values compared"
    assert result.code == IDENTICAL
    assert json.loads(result.as_json())["compared"] == {"files": 8, "cells": 2, "values": 26}


def test_published_files_and_caches_are_neither_changed_nor_used(published):
    before = published.published()
    for path in (published.folders.build / "cache" / "notebooks").iterdir():
        path.write_text("damaged", encoding="utf-8")
    kept = sorted((path, path.stat().st_mtime_ns) for path in published.folders.build.rglob("*.json"))
    assert verified(published).code == IDENTICAL
    assert published.published() == before
    assert sorted((path, path.stat().st_mtime_ns) for path in published.folders.build.rglob("*.json")) == kept


def test_changed_data_are_named_with_the_first_different_cell(published):
    path = published.folders.own_data / "sectors.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Honey,", "Wax,"), encoding="utf-8")
    result = verified(published)
    assert result.code == DIFFERENT
    assert result.differences[0].file == "report/published/notebooks/10_one.ipynb"
    assert result.differences[0].where == "cell one, output 1"
    assert "  cause: 10_one: data/sectors.csv has changed (data)\n  fix: make report" in str(result)


def test_an_edited_output_is_called_hand_edited(published):
    path = published.folders.published / "findings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("a label", "another"), encoding="utf-8")
    result = verified(published)
    assert result.code == DIFFERENT
    assert [one.file for one in result.differences] == ["report/published/findings.csv"]
    assert "row 2, column label: value, 'another' → 'a label'" in str(result)
    assert [cause.kind for cause in result.causes] == ["hand-edited output"]


def test_a_random_notebook_is_called_not_reproducible(clone, without_exporters):
    clone.write("10_one", "import random\nprint(random.random())")
    build.build(build.Request(quiet=True), clone.folders)
    result = verified(clone)
    assert result.code == DIFFERENT
    assert [cause.kind for cause in result.causes] == ["not reproducible"]


def test_a_failing_notebook_is_named_and_the_report_stays(published):
    published.write("20_two", "1 / 0")
    before = published.published()
    result = verified(published)
    assert result.code == NOT_RUN
    assert "notebooks/20_two.ipynb stopped in cell one" in result.message
    assert "could not run" in str(result)
    assert published.published() == before


def test_wrong_input_means_could_not_run(published):
    (published.folders.notebooks / "10_one.ipynb").write_text("no notebook", encoding="utf-8")
    result = verified(published)
    assert result.code == NOT_RUN
    assert "10_one.ipynb is not a notebook of format 4" in str(result)


def test_an_error_of_the_system_means_could_not_run(published, monkeypatch):
    def refuse(*given, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(verify, "TemporaryDirectory", refuse)
    result = verified(published)
    assert (result.code, "No space left" in result.message) == (NOT_RUN, True)


def test_a_report_never_built_differs_in_every_file(published):
    shutil.rmtree(published.folders.published)
    result = verified(published)
    assert result.code == DIFFERENT
    assert len(result.differences) == 8
    assert [cause.kind for cause in result.causes] == ["never run"]


def test_a_faulty_ledger_is_reported_with_its_own_file_name(published):
    path = published.folders.own_data / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("none", "nonne", 1), encoding="utf-8")
    result = verified(published)
    assert result.code == NOT_RUN
    assert result.message.startswith("data/claims.csv: 1 problem")


def test_an_unexplained_disagreement_makes_it_different(published):
    from conftest import verdict

    published.write("20_two", verdict("trade:2023", "inconsistent"))
    result = verified(published)
    assert result.code == DIFFERENT
    assert "not explained in data/known_disagreements.csv" in result.message


# ---- the comparison itself, of files made up here ----

CSV = "figures/a.csv"
FOUND = status.Status((), 1, 1, 1, {})
OTHER = status.Status((status.Reason("the report", "packages", "pandas 1 → 2"),), 1, 1, 1, {})
MANIFEST = "report/published/manifest.json"


def compared(was, now, found=FOUND):
    published, rebuilt = (
        {CSV: b"a,b\n1,%s\n" % value, MANIFEST: b'{"environment": "%s", "counts": 1}' % value} for value in (was, now)
    )
    return verify.compare(published, rebuilt, found)


def test_other_bytes_pass_only_with_other_packages_or_platform():
    assert compared(b"0.3", b"0.30000000000001", OTHER).code == SAME_VALUES
    assert compared(b"0.3", b"0.30000000000001").code == DIFFERENT
    assert compared(b"0.3", b"0.31", OTHER).code == DIFFERENT
    assert compared(b"0.3", b"0.3", OTHER).code == IDENTICAL
    assert "note: the report: pandas 1 → 2 (packages)" in str(compared(b"0.3", b"0.3", OTHER))
    assert str(compared(b"0.3", b"0.30000000000001", OTHER)).startswith("same values, other bytes: ")


@pytest.mark.parametrize(("called", "code"), [("a", SAME_VALUES), ("b", DIFFERENT)])
def test_a_crate_may_differ_in_hashes_of_excused_files_only(called, code):
    name = "report/published/ro-crate-metadata.json"
    was, now = (
        {"figures/a.svg": drawing, name: json.dumps({"@graph": [{"@id": "a", **entries}]}).encode()}
        for drawing, entries in (
            (b"<svg>1", {"sha256": "1", "contentSize": "2", "name": "a"}),
            (b"<svg>2", {"sha256": "2", "contentSize": "3", "name": called}),
        )
    )
    assert verify.compare(was, now, OTHER).code == code
    assert verify.compare(was, now, FOUND).code == DIFFERENT


def test_another_package_excuses_nothing_if_an_input_changed():
    both = status.Status((*OTHER.reasons, status.Reason("10_one", "data", "data/claims.csv has changed")), 1, 1, 1, {})
    assert compared(b"0.3", b"0.30000000000001", both).code == DIFFERENT


def test_the_page_of_a_result_lists_files_and_escapes_markup():
    page = verify.compare({CSV: b"a\n<b>\n"}, {CSV: b"a\n<i>\n"}, FOUND).as_page()
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert page.count('<th scope="row">') == 1


def test_the_command_prints_json_and_writes_a_page(published, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("report.folders.REPOSITORY", published.root)
    monkeypatch.setattr(Folders, "__init__", lambda self, root=published.root, data=None: _set(self, root, data))
    page = tmp_path / "result.html"
    assert cli.main(["verify", "--json", "--report", str(page)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["result"] == "identical"
    assert told["findings"] == {"published": 1, "changes": [], "unknown": {}}
    assert {item["name"]: item["ok"] for item in told["review"]} == {
        "licence": False, "README": False, "environment": False, "outputs": True, "run time": True,
        "no absolute paths": True,
    }  # fmt: skip
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    (published.folders.published / "findings.csv").unlink()
    certificate = tmp_path / "codecheck.yml"
    assert cli.main(["verify", "--quiet", "--codecheck", str(certificate)]) == 1
    text = capsys.readouterr().out
    assert "findings.csv: is not published" in text
    assert "for a reviewer (CODECHECK):\n  NO  licence: there is none; add a file LICENSE" in text
    assert certificate.read_text(encoding="utf-8").startswith("---\nversion: https://codecheck.org.uk/")
    for wrong in (tmp_path / "none" / "x.html", tmp_path):
        assert cli.main(["verify", "--report", str(wrong)]) == 2
    assert cli.main(["verify", "--only", "99"]) == 2


def test_a_result_as_markdown_has_findings_differences_and_fix():
    was, now = (
        {"report/published/findings.json": json.dumps({"findings": [finding_row(text)]}).encode()}
        for text in ("1|2", "3")
    )
    text = verify.compare(was, now, FOUND, "a *message*", {"README.md": "1<!-- x -->"}).as_markdown()
    assert text.startswith("### The report, run again and compared with what is published: different\n\n1 files, ")
    assert "| A label | 1\\|2 | 3 | `README.md`, `10_one` |" in text
    assert "First difference: report/published/findings.json, x, text: value, '1\\|2' → '3'" in text
    assert "a \\*message\\*" in text
    assert text.endswith("Fix: `make report`\n")
    failed = verify.Verification(NOT_RUN, verify.Compared({}, {}), message="it failed", fix="fix the problems")
    assert failed.as_markdown().endswith("could not run\n\nit failed  \n\nFix: fix the problems\n")


def finding_row(text):
    return {"id": "x", "label": "A label", "text": text, "notebook": "10_one"}


def _set(folders, root, data):
    object.__setattr__(folders, "root", root)
    object.__setattr__(folders, "data", data)


def test_the_manifest_may_differ_in_versions_only():
    here, there, wrong = (
        {MANIFEST: json.dumps({"environment": place, "counts": {"claims": count}}).encode()}
        for place, count in (("a", 1), ("b", 1), ("b", 2))
    )
    assert verify.compare(here, there, OTHER).code == IDENTICAL
    assert verify.compare(here, there, FOUND).code == DIFFERENT
    assert verify.compare(here, wrong, OTHER).code == DIFFERENT


def test_one_notebook_is_compared_with_its_figures_alone():
    figure = {"id": "fig-a", "name": "a", "title": "A", "caption": "", "alt": "", "columns": [], "rows": []}
    data = {FIGURE: figure, "image/svg+xml": "<svg/>", "image/png": "iVBORw0KGgo="}
    cell = code_cell("one", "", outputs=[{"output_type": "display_data", "data": data, "metadata": {}}])
    folder = "report/published/notebooks"
    was = {
        f"{folder}/10_one.ipynb": json.dumps({"cells": [cell]}).encode(),
        f"{folder}/20_two.ipynb": json.dumps({"cells": []}).encode(),
        "figures/a.svg": b"<svg>1",
        "figures/b.svg": b"<svg>1",
        "report/published/report.html": b"1",
    }
    now = {name: data.replace(b"1", b"2") if name.endswith((".svg", ".html")) else data for name, data in was.items()}
    result = verify.compare(was, now, FOUND, names=["10_one"])
    assert result.compared.files == ["figures/a.svg", f"{folder}/10_one.ipynb"]
    assert [difference.file for difference in result.differences] == ["figures/a.svg"]
    assert verify.compare(was, now, FOUND, names=["20_two"]).code == IDENTICAL


def test_a_status_of_one_notebook_keeps_reasons_about_the_whole_report():
    kinds = (
        ("the report", "program"),
        ("10_one", "data"),
        ("20_two", "data"),
        ("report/published/report.pdf", "missing"),
    )
    reasons = tuple(status.Reason(what, kind, "it changed") for what, kind in kinds)
    part = targets.limit_status(status.Status(reasons, 1, 1, 1, {}), ["10_one"], {})
    assert [reason.what for reason in part.reasons] == ["the report", "10_one"]
