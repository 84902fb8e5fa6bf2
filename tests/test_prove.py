"""The proof by variation counts nothing that was not varied, and no difference goes unseen."""

import subprocess
import sys

import prove
import pytest
from prove import NotThere, Place, Tally, Variation

from report.runs import inputs


@pytest.fixture
def fast(monkeypatch):
    """Leave out copying and building; a build gives the files of the list's last entry."""
    given = [{"figures/a.svg": "1", "published/b.csv": "2"}]
    monkeypatch.setattr(inputs, "copied", lambda folders, to: to)
    monkeypatch.setattr(prove, "built", lambda place, arguments: given[-1])
    return given


def test_an_equal_build_counts_as_identical(fast, tmp_path):
    tally = Tally(fast[0])
    assert tally.note(Variation("same"), tmp_path) == "identical, 2 files"
    assert (tally.identical, tally.different, tally.absent) == (["same"], {}, {})


@pytest.mark.parametrize(
    "found",
    [
        {"figures/a.svg": "1", "published/b.csv": "3"},
        {"figures/a.svg": "1"},
        {"figures/a.svg": "1", "published/b.csv": "2", "c": "1"},
    ],
)
def test_a_file_that_differs_is_missing_or_new_is_named(fast, tmp_path, found):
    tally = Tally(fast[0])
    fast.append(found)
    said = tally.note(Variation("other"), tmp_path)
    assert said.startswith("DIFFERENT: ")
    assert said.partition(": ")[2] in ("published/b.csv", "c")
    assert tally.identical == []


def test_what_is_not_really_varied_fails_and_what_is_not_here_does_not_count(fast, tmp_path):
    def absent(scratch):
        raise NotThere("no such thing")

    tally = Tally(fast[0])
    assert "would prove nothing" in tally.note(Variation("unproved", probe=lambda place: False), tmp_path)
    assert tally.note(Variation("absent", absent), tmp_path) == "not here: no such thing"
    assert list(tally.different) == ["unproved"]
    assert tally.absent == {"absent": "no such thing"}
    assert tally.identical == []


def test_probes_tell_a_varied_environment_from_a_plain_one(tmp_path):
    odd = tmp_path / "провер ка"
    odd.mkdir()
    usual = Place(tmp_path, tmp_path, prove.plain(tmp_path))
    varied = Place(odd, tmp_path, {**prove.plain(tmp_path), "PYTHONHASHSEED": "5", "HOME": "/nowhere"}, umask=0o077)
    for probe in (prove.folder_is_odd, prove.hash_seed_is_another, prove.umask_is, prove.home_is_not_there):
        assert probe(varied), probe.__name__
        (tmp_path / "new").unlink(missing_ok=True)
        assert not probe(usual), probe.__name__


@pytest.mark.slow
def test_a_hostile_home_is_hostile_to_the_tools_themselves(tmp_path):
    environment = {**prove.plain(tmp_path), **prove.hostile_home(tmp_path)}
    assert prove.home_is_hostile(Place(tmp_path, tmp_path, environment))
    with pytest.raises((AssertionError, NotThere)):
        prove.home_is_hostile(Place(tmp_path, tmp_path, prove.plain(tmp_path)))


def test_every_variation_has_a_name_of_its_own_and_an_unknown_one_is_refused():
    names = [one.name for one in prove.VARIATIONS]
    assert len(set(names)) == len(names) >= 14
    assert [one.name for one in prove.chosen(["clock", "umask"])] == ["umask", "clock"]
    ran = subprocess.run(
        [sys.executable, prove.__file__, "--only", "clok"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "invalid choice: 'clok'" in ran.stderr
