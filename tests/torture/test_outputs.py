"""What a person has is never deleted or overwritten, whatever folder or file they name."""

import os
import shutil
from pathlib import Path

import pytest
from namespaces import read_only

from report import outputs, publish
from report.command import cli
from report.folders import Folders
from report.stops import WrongInput

FILES = {"report.html": b"<p>", "figures/growth.svg": b"<svg/>", "sweep.csv": b"a\n"}
# What a person may have under the very names that a build writes.
OWN = (
    "figures/holiday.png", "notebooks/thesis.ipynb", "report.pdf", "report.html", "findings.csv", "findings.json",
    "sweep.csv", "manifest.json", "ro-crate-metadata.json", "figures", "notebooks", outputs.RECORD,
)  # fmt: skip


def contents(folder):
    """Return every file of a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refuse_exchanges(monkeypatch):
    def refuse(*paths):
        raise OSError("not here")

    monkeypatch.setattr(publish, "_exchange", refuse)
    monkeypatch.setattr(os, "rename", refuse)


@pytest.fixture
def folders(tmp_path):
    """Return the folders of a clone that has nothing yet."""
    return Folders(tmp_path / "clone")


@pytest.mark.parametrize("name", OWN)
def test_a_persons_own_file_under_our_names_is_refused(folders, tmp_path, name):
    mine = tmp_path / "mine"
    path = mine / name
    path.parent.mkdir(parents=True)
    if name in ("figures", "notebooks"):
        path.symlink_to(tmp_path)
    else:
        path.write_bytes(b"years of work")
    (mine / "notes.txt").write_text("mine")
    before = contents(mine)
    for write in (
        lambda: outputs.check_folder(folders, mine),
        lambda: publish.write_output(folders, mine, FILES),
    ):
        with pytest.raises(WrongInput, match="the folder has other files .*name a new or an empty one"):
            write()
    assert contents(mine) == before
    assert not (folders.build / "staged").exists()


@pytest.mark.parametrize("exchange", [True, False])
def test_only_an_unchanged_output_of_ours_is_replaced(folders, tmp_path, monkeypatch, exchange):
    if not exchange:
        refuse_exchanges(monkeypatch)
    target = tmp_path / "out"
    publish.write_output(folders, target, FILES)
    publish.write_output(folders, target, {"report.html": b"2"})
    assert contents(target).keys() == {"report.html", outputs.RECORD}
    for change in ("report.html", "figures/added.svg"):
        copy = shutil.copytree(target, tmp_path / f"copy of {Path(change).name}")
        (copy / change).parent.mkdir(exist_ok=True)
        (copy / change).write_bytes(b"by hand")
        before = contents(copy)
        with pytest.raises(WrongInput, match=change):
            publish.write_output(folders, copy, FILES)
        assert contents(copy) == before
    (target / "figures").mkdir()
    with pytest.raises(WrongInput, match="figures/"):
        outputs.check_folder(folders, target)


def test_a_file_put_there_while_a_build_runs_stays(folders, tmp_path):
    target = tmp_path / "out"
    outputs.check_folder(folders, target)
    target.mkdir()
    (target / "report.html").write_text("mine")
    with pytest.raises(WrongInput, match=r"other files \(report.html\)"):
        publish.write_output(folders, target, FILES)
    assert contents(target) == {"report.html": b"mine"}


@pytest.mark.parametrize("moment", range(4))
def test_an_output_that_was_half_written_is_still_ours(folders, tmp_path, monkeypatch, moment):
    refuse_exchanges(monkeypatch)
    target, replace, done = tmp_path / "out", os.replace, []
    publish.write_output(folders, target, FILES)

    def killed(*paths):
        if len(done) == moment:
            raise SystemExit("killed")
        done.append(replace(*paths))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(SystemExit):
            publish.write_output(folders, target, {name: data + b"2" for name, data in FILES.items()})
    assert any(name.endswith(".new") for name in contents(target)), "the fault was not planted"
    outputs.check_folder(folders, target)
    publish.write_output(folders, target, {"report.html": b"3"})
    assert contents(target).keys() == {"report.html", outputs.RECORD}


def test_a_linked_folder_is_written_to_and_the_link_stays(folders, tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("real")
    publish.write_output(folders, tmp_path / "link", FILES)
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real/report.html").read_bytes() == b"<p>"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "folder", ["data/out", "notebooks/out", "figures/out", "report/published/out", "report/build/cache", "."]
)
def test_no_output_goes_into_a_folder_of_the_repository(folders, folder):
    with pytest.raises(WrongInput, match="the repository's own; name another, such as report/build/mine"):
        outputs.check_folder(folders, folders.root / folder)


@pytest.mark.parametrize(
    ("name", "reason"), [("n" * 300, "File name too long"), ("circle", "ymbolic link|ymlink"), ("file", "is a file")]
)
def test_a_folder_that_cannot_be_is_refused_in_a_sentence(folders, tmp_path, name, reason):
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "file").touch()
    with pytest.raises(WrongInput, match=reason) as refused:
        outputs.check_folder(folders, tmp_path / name)
    assert len(str(refused.value)) < 250


def test_the_command_refuses_such_a_folder_before_any_work(clone, tmp_path):
    clone.write("10_one", "None")
    (tmp_path / "report.pdf").write_text("mine")
    ran = clone.report("--output", str(tmp_path))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "the folder has other files" in ran.stderr and len(ran.stderr.splitlines()) == 1
    assert not clone.folders.build.exists()
    assert (tmp_path / "report.pdf").read_text() == "mine"


@pytest.mark.parametrize("option", ["--report", "--codecheck"])
def test_verify_replaces_only_a_file_that_it_wrote(tmp_path, capsys, option):
    own, theirs = tmp_path / "page", tmp_path / "claims.csv"
    outputs.write_file(option, own, "<p>\n")
    outputs.check_file(option, own)
    outputs.write_file(option, own, "<p>2")
    assert own.read_text().startswith("<p>2\n<!-- written by")
    own.write_text(own.read_text().replace("<p>", "<p>my note"))
    theirs.write_text("id\n")
    (tmp_path / "link").symlink_to(theirs)
    others = [tmp_path / name for name in ("link", "no/folder", "n" * 300)]
    for path in (own, theirs, tmp_path, Path(os.devnull), *others):
        before = contents(tmp_path)
        assert cli.main(["verify", option, str(path)]) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"{option} {path}: ") and len(said.splitlines()) == 1
        assert contents(tmp_path) == before
        with pytest.raises((WrongInput, OSError)):
            outputs.write_file(option, path, "<p>")
        assert contents(tmp_path) == before


def test_verify_replaces_an_empty_file_and_leaves_none(tmp_path):
    path = tmp_path / "page.html"
    outputs.check_file("--report", path)
    assert not path.exists()
    path.touch()
    outputs.check_file("--report", path)
    outputs.write_file("--report", path, "<p>")
    outputs.check_file("--report", path)
    assert os.listdir(tmp_path) == ["page.html"]


@pytest.mark.parametrize("folder", [".", "report/build"])
def test_a_clone_that_can_only_be_read_is_named(clone, tmp_path, folder):
    clone.write("10_one", "None")
    (clone.root / folder).mkdir(exist_ok=True)
    ran = read_only(clone.root / folder, clone.command("--output", str(tmp_path / "out")))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "report/build" in ran.stderr and "Read-only file system; make it writable" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()
