"""The proof by variation counts nothing that was not varied, and no difference goes unseen."""

import subprocess
import sys

import prove
import pytest
from prove import Outcomes, Trial, Unavailable, Variation

from report.runs import inputs


@pytest.fixture
def fast(monkeypatch):
    """Leave out copying and building; a build gives the files of the list's last entry."""
    given = [{"figures/a.svg": "1", "published/b.csv": "2"}]
    monkeypatch.setattr(inputs, "copy_inputs", lambda folders, to: to)
    monkeypatch.setattr(prove, "build_hashes", lambda trial, arguments: given[-1])
    return given


def test_an_equal_build_counts_as_identical(fast, tmp_path):
    outcomes = Outcomes(fast[0])
    assert outcomes.record(Variation("same"), tmp_path) == "identical, 2 files"
    assert (outcomes.identical, outcomes.different, outcomes.unavailable) == (["same"], {}, {})


def test_the_files_published_here_can_be_what_is_compared_with(fast, monkeypatch, capsys):
    monkeypatch.setattr(prove, "plain_hashes", lambda scratch: pytest.fail("the plain build was run"))
    monkeypatch.setattr(prove, "published_hashes", lambda folders: fast[0])
    monkeypatch.setattr(sys, "argv", ["prove", "--published", "--only", "four-workers"])
    assert prove.main() == 0
    fast.append({"figures/a.svg": "2"})
    assert prove.main() == 1
    assert "1 of 1 environments identical" in capsys.readouterr().out


def test_everything_names_what_it_cannot_vary_here(monkeypatch, tmp_path, capsys):
    def absent(scratch):
        raise Unavailable("no such clock")

    monkeypatch.setattr(prove, "far_clock", absent)
    assert "FAKETIME" not in prove.everything(tmp_path)
    assert "without one of them: no such clock" in capsys.readouterr().out


@pytest.mark.parametrize(
    "found",
    [
        {"figures/a.svg": "1", "published/b.csv": "3"},
        {"figures/a.svg": "1"},
        {"figures/a.svg": "1", "published/b.csv": "2", "c": "1"},
    ],
)
def test_a_file_that_differs_is_missing_or_new_is_named(fast, tmp_path, found):
    outcomes = Outcomes(fast[0])
    fast.append(found)
    text = outcomes.record(Variation("other"), tmp_path)
    assert text.startswith("DIFFERENT: ")
    assert text.partition(": ")[2] in ("published/b.csv", "c")
    assert outcomes.identical == []


def test_a_failed_probe_fails_and_an_unavailable_one_does_not(fast, tmp_path):
    def absent(scratch):
        raise Unavailable("no such thing")

    outcomes = Outcomes(fast[0])
    assert "would prove nothing" in outcomes.record(Variation("unproved", probe=lambda trial: False), tmp_path)
    assert outcomes.record(Variation("absent", absent), tmp_path) == "not here: no such thing"
    assert list(outcomes.different) == ["unproved"]
    assert outcomes.unavailable == {"absent": "no such thing"}
    assert outcomes.identical == []


def test_probes_distinguish_varied_and_plain_environments(tmp_path):
    odd = tmp_path / "провер ка"
    odd.mkdir()
    usual = Trial(tmp_path, tmp_path, prove.plain(tmp_path))
    varied = Trial(odd, tmp_path, {**prove.plain(tmp_path), "PYTHONHASHSEED": "5", "HOME": "/nowhere"}, umask=0o077)
    for probe in (prove.folder_is_odd, prove.hash_seed_is_another, prove.umask_is, prove.home_is_not_there):
        assert probe(varied), probe.__name__
        (tmp_path / "new").unlink(missing_ok=True)
        assert not probe(usual), probe.__name__


@pytest.mark.slow
def test_a_hostile_home_changes_the_tools_themselves(tmp_path):
    environment = {**prove.plain(tmp_path), **prove.hostile_home(tmp_path)}
    assert prove.home_is_hostile(Trial(tmp_path, tmp_path, environment))
    with pytest.raises((AssertionError, Unavailable)):
        prove.home_is_hostile(Trial(tmp_path, tmp_path, prove.plain(tmp_path)))


def test_variations_have_unique_names_and_others_are_refused():
    names = [one.name for one in prove.VARIATIONS]
    assert len(set(names)) == len(names) >= 14
    assert [one.name for one in prove.select_variations(["clock", "umask"])] == ["umask", "clock"]
    ran = subprocess.run(
        [sys.executable, prove.__file__, "--only", "clok"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "invalid choice: 'clok'" in ran.stderr
