"""A sweep runs each notebook once under each set of values, with the same results as alone."""

import csv
import io
import json

import pytest
from conftest import REPOSITORY, finding, verdict

from report import progress
from report.command import build
from report.command import plan as plans
from report.command import sweep as command
from report.folders import Folders
from report.kernels.private import ENGINES
from report.runs import execute, extract, inputs, parameters, reuse, selection, sweep
from report.stops import NotebookFailed, WrongInput

DECLARED = """
pace: {type: number, low: 0, high: 10, meaning: how fast}
counting: {type: choice, choices: [full, half, none], meaning: how to count}
colour: {type: choice, choices: [red, blue], meaning: only for looks}
"""
READINGS = """
choices:
  pace: {values: [2, 3], why: Nobody says how fast.}
  counting: {values: [half], why: One may count so.}
joint:
  both:
    set: {pace: 2, counting: half}
    why: They go together.
"""
ALONE_TOO = {("20", "rounding=half_even"), ("30", "narrow"), ("40", "counting=full")}
ROWS = [
    ("default", "20_two", "finding", "twice", "2", ""),
    ("default", "30_three", "finding", "thrice", "3", ""),
    ("default", "30_three", "verdict", "trade:2023", "", "full"),
    ("pace=2", "20_two", "finding", "twice", "4", ""),
    ("pace=2", "30_three", "finding", "thrice", "6", ""),
    ("pace=2", "30_three", "verdict", "trade:2023", "", "full"),
    ("pace=3", "20_two", "finding", "twice", "6", ""),
    ("pace=3", "30_three", "finding", "thrice", "9", ""),
    ("pace=3", "30_three", "verdict", "trade:2023", "", "full"),
    ("counting=half", "30_three", "finding", "thrice", "3", ""),
    ("counting=half", "30_three", "verdict", "trade:2023", "", "half"),
    ("both", "20_two", "finding", "twice", "4", ""),
    ("both", "30_three", "finding", "thrice", "6", ""),
    ("both", "30_three", "verdict", "trade:2023", "", "half"),
]


@pytest.fixture
def swept(clone, shared_kernels):
    """Return a clone with two notebooks that are swept, one that is not, and readings."""
    clone.declare(DECLARED)
    counted = verdict("trade:2023", "COUNTING").replace("'COUNTING'", "counting")
    clone.write("20_two", finding("twice", "pace * 2"), parameters="pace = 1.0", sweep=True)
    both = "pace = 1.0\ncounting = 'full'"
    clone.write("30_three", counted, finding("thrice", "pace * 3"), parameters=both, sweep=True)
    clone.write("90_method", finding("apart"), parameters="pace = 1.0\ncolour = 'red'")
    declare(clone, READINGS)
    return clone


@pytest.fixture
def ran(monkeypatch):
    """Return which notebooks were executed with which values, in a list that a test may clear."""
    noted, really = [], execute._run_task

    def note(task, *more):
        noted.append((task.notebook.name, parameters.notebook_values(task.notebook, task.values)))
        return really(task, *more)

    monkeypatch.setattr(execute, "_run_task", note)
    return noted


def declare(clone, readings):
    (clone.folders.notebooks / "readings.yaml").write_text(readings, encoding="utf-8")


def grid(clone, full=False):
    declared = parameters.load_parameters(clone.folders.notebooks / "parameters.yaml")
    notebooks = selection.read_all(clone.folders.notebooks)
    return sweep.build_grid(clone.folders.notebooks / "readings.yaml", declared, notebooks, full)


def sweep_csv(clone, **request):
    """Run the sweep and return sweep.csv."""
    command.run_sweep(command.SweepRequest(quiet=True, **request), clone.folders)
    return ((request.get("output") or clone.folders.build / "sweep") / "sweep.csv").read_bytes()


def row_values(data):
    """Return the columns of each row of sweep.csv that differ here."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8")))
    return [tuple(row[name] for name in ("reading", "notebook", "kind", "id", "value", "word")) for row in rows]


# ---- what is run ----


def test_a_reading_runs_only_affected_notebooks_and_equal_runs_once(swept):
    found = grid(swept)
    assert [(task.reading, task.notebook.name) for task in found.tasks] == list(dict.fromkeys(row[:2] for row in ROWS))
    assert list(found.runs) == [
        ("20_two", "{}"),
        ("30_three", "{}"),
        ("20_two", '{"pace": 2.0}'),
        ("30_three", '{"pace": 2.0}'),
        ("20_two", '{"pace": 3.0}'),
        ("30_three", '{"pace": 3.0}'),
        ("30_three", '{"counting": "half"}'),
        ("30_three", '{"counting": "half", "pace": 2.0}'),
    ]
    assert found.runs["20_two", '{"pace": 2.0}'].reading == "pace=2, both"


def test_a_full_grid_runs_every_combination_of_a_notebook_once(swept):
    found = grid(swept, full=True)
    assert [reading.name for reading in found.readings[5:]] == ["pace=3 counting=half"]
    assert [task.notebook.name for task in found.tasks if task.reading == "pace=3 counting=half"] == ["30_three"]
    by_loops = {("20_two", pace, None) for pace in (1, 2, 3)}
    by_loops |= {("30_three", pace, counting) for pace in (1, 2, 3) for counting in ("full", "half")}
    ran = {
        (task.notebook.name, in_force["pace"], in_force.get("counting"))
        for task in found.runs.values()
        for in_force in [parameters.effective_values(task.notebook, task.values)]
    }
    assert (ran, len(found.runs)) == (by_loops, len(by_loops))


def test_a_grid_with_too_many_runs_is_refused_with_their_number(swept):
    declare(swept, f"choices:\n  pace: {{values: {[place / 100 for place in range(40)]}, why: So many.}}")
    with pytest.raises(WrongInput, match=r"readings\.yaml: 82 runs .* at most 80 .*--full"):
        grid(swept)
    assert len(grid(swept, full=True).runs) == 82


def test_every_problem_of_the_readings_is_listed_before_any_run(swept, monkeypatch):
    for module in (build, command):
        monkeypatch.setattr(module, "KernelSource", lambda *options: pytest.fail("a kernel was about to start"))
    declare(
        swept,
        "choices:\n"
        "  pase: {values: [2], why: Misspelt.}\n"
        "  pace: {values: [fast, 12, 1, 2, 2.0], why: Wrong.}\n"
        "  counting: {values: [hlaf]}\n"
        "  colour: {values: [blue], why: Not swept.}\n",
    )
    with pytest.raises(WrongInput) as stop:
        sweep_csv(swept)
    with pytest.raises(WrongInput):
        build.build(build.Request(quiet=True), swept.folders)
    assert str(stop.value).splitlines()[1:] == [
        "  line 2, pase: there is no parameter 'pase'; did you mean 'pace'? One of: colour, counting, pace",
        "  line 3, pace: 'fast' is not a number",
        "  line 3, pace: '12' is out of range; from 0 to 10",
        "  line 3, pace: '1' is the default, which is run anyway; leave it out",
        "  line 4, counting: give the reason in a sentence (why: …)",
        "  line 4, counting: 'hlaf' is not one of: full, half, none; did you mean 'half'?",
        "  line 5, colour: no notebook of the sweep has 'colour'; leave it out",
        "  'pace=2.0' is the reading 'pace=2' again; leave one of them out",
        "where pace=1 is a new default, the old one may be a reading",
        "only to try it, keep the default and run: python -m report -p pace=1",
    ]


def test_without_notebooks_to_sweep_the_message_explains_the_metadata(clone):
    clone.write("10_one", "1")
    with pytest.raises(WrongInput, match='metadata "report": {"sweep": true}'):
        sweep_csv(clone)


# ---- what comes of it ----


@pytest.mark.slow
def test_each_row_is_a_finding_or_verdict_under_a_reading(swept, ran):
    assert row_values(sweep_csv(swept)) == ROWS
    assert len(ran) == 8
    assert sweep_csv(swept, output=swept.root / "there") == sweep_csv(swept)


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"workers": 1}, {"workers": 4}, *({"engine": kind} for kind in ENGINES)])
def test_workers_and_engines_change_no_byte(swept, options):
    assert row_values(sweep_csv(swept, fresh=True, **options)) == ROWS


@pytest.mark.slow
def test_nothing_is_run_twice_unless_fresh(swept, ran):
    first = sweep_csv(swept)
    ran.clear()
    assert sweep_csv(swept) == first
    assert ran == []
    declare(swept, READINGS.replace("[2, 3]", "[2, 4]"))
    sweep_csv(swept)
    assert sorted(ran) == [("20_two", {"pace": 4.0}), ("30_three", {"pace": 4.0})]
    ran.clear()
    sweep_csv(swept, fresh=True)
    assert len(ran) == 8


@pytest.mark.slow
def test_every_failure_names_its_reading_and_other_runs_are_kept(swept, ran):
    fails = "assert pace != 3, 'too fast'"
    swept.write("20_two", fails, finding("twice", "pace * 2"), parameters="pace = 1.0", sweep=True)
    swept.write(
        "30_three", f"{fails}\nassert counting != 'half'", parameters="pace = 1.0\ncounting = 'full'", sweep=True
    )
    with pytest.raises(NotebookFailed) as stop:
        sweep_csv(swept, workers=1)
    said = str(stop.value).split("\n\n")
    assert [
        line for failure in said for line in failure.splitlines() if "reading:" in line or "parameters:" in line
    ] == [
        *("  reading: pace=3", "  parameters: pace=3.0"),
        *("  reading: pace=3", "  parameters: pace=3.0, counting='full'"),
        *("  reading: counting=half", "  parameters: pace=1.0, counting='half'"),
        *("  reading: both", "  parameters: pace=2.0, counting='half'"),
    ]
    assert "20_two.ipynb stopped in cell one (3 of 4), line 1\n  AssertionError: too fast" in said[0]
    assert (swept.folders.build / "failed" / "20_two+pace-3.ipynb").exists()
    assert not (swept.folders.build / "sweep").exists()
    assert len({str(run) for run in ran}) == 8  # those that fail in a copy run once more in a kernel
    ran.clear()
    with pytest.raises(NotebookFailed):
        sweep_csv(swept)
    assert len({str(run) for run in ran}) == 4


@pytest.mark.slow
def test_an_interrupted_sweep_continues_where_it_was(swept, ran, monkeypatch):
    kept, really = [], reuse.SweptRuns.add

    def add_three(*given):
        if len(kept) == 3:
            raise KeyboardInterrupt
        kept.append(really(*given))
        return kept[-1]

    monkeypatch.setattr(reuse.SweptRuns, "add", add_three)
    with pytest.raises(KeyboardInterrupt):
        sweep_csv(swept, workers=1)
    monkeypatch.setattr(reuse.SweptRuns, "add", really)
    ran.clear()
    assert row_values(sweep_csv(swept)) == ROWS
    assert len(ran) == 8 - 3


@pytest.mark.slow
def test_runs_of_a_sweep_are_all_kept_with_their_results_only(swept, monkeypatch):
    monkeypatch.setattr(reuse, "KEPT", 1)
    monkeypatch.setattr(reuse, "KEPT_OF_SWEEPS", 1)
    swept.write("20_two", "print('said')", finding("twice", "pace * 2"), parameters="pace = 1.0", sweep=True)
    sweep_csv(swept)
    lying = sorted((swept.folders.build / "cache" / "sweep").glob("*.json"))
    assert len(lying) == 8
    assert [path.name for path in lying if "said" in path.read_text(encoding="utf-8")] == []


@pytest.mark.slow
def test_a_sweep_draws_no_figures_and_a_build_always_does(swept, without_exporters, monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    wanted = "from claims.tables import locations as places"
    swept.write("20_two", wanted, finding("drawn", "int(places.figures_wanted())"), sweep=True)
    assert [row[4] for row in row_values(sweep_csv(swept)) if row[3] == "drawn"] == ["0"]
    build.build(build.Request(quiet=True, only=("20",)), swept.folders)
    found = json.loads((swept.folders.build / "only-20_two" / "findings.json").read_text(encoding="utf-8"))
    assert [one["value"] for one in found["findings"]] == [1]


# ---- in a build ----

TOLD = "from claims.ledger import readings\nfound, origin = readings.load_sweep()\nprint(len(found), origin)"


@pytest.fixture
def reading(swept, without_exporters):
    """Return the clone with a notebook that reads the sweep."""
    swept.write("60_robustness", TOLD, reads_findings=True)
    return swept


def built(clone, **request):
    build.build(build.Request(quiet=True, **request), clone.folders)


def in_published(clone):
    return (clone.folders.published / "sweep.csv").read_bytes()


def printed(folder):
    cells = json.loads((folder / "notebooks" / "60_robustness.ipynb").read_text(encoding="utf-8"))["cells"]
    return cells[-1]["outputs"][0]["text"][0].strip()


@pytest.mark.slow
def test_a_build_publishes_its_sweep_and_repeats_no_run(reading, ran):
    built(reading)
    assert row_values(in_published(reading)) == ROWS
    assert printed(reading.folders.published) == f"{len(ROWS)} the findings of this run"
    assert len(ran) == 8 + len(["90_method", "60_robustness"])
    said = json.loads((reading.folders.published / "manifest.json").read_text(encoding="utf-8"))
    assert said["outputs"]["report/published/sweep.csv"]
    assert (said["counts"]["readings"], said["counts"]["runs_swept"]) == (5, 8)
    ran.clear()
    assert sweep_csv(reading) == in_published(reading)
    assert ran == []


@pytest.fixture
def shown(reading, monkeypatch):
    """Return the clone, whose builds also run what the page shows of other readings."""
    monkeypatch.setattr(plans.Plan, "shows_readings", True)
    return reading


@pytest.mark.slow
def test_a_page_shows_all_notebooks_under_each_reading(shown, ran):
    built(shown)
    unswept = [values.get("pace") for name, values in ran if name == "90_method"]
    assert unswept[0] is None and sorted(unswept[1:]) == [2.0, 2.0, 3.0]


@pytest.mark.slow
def test_runs_that_a_page_shows_are_not_repeated(shown, ran):
    built(shown)
    ran.clear()
    built(shown)
    assert ran == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_every_cell_that_a_page_shows_is_whole_with_any_engine(shown, engine):
    built(shown, engine=engine)
    [notebook] = [one for one in selection.read_all(shown.folders.notebooks) if one.name == "90_method"]
    [*kept] = (shown.folders.build / "cache" / "sweep").glob("90_method-*-shown.json")
    runs = [json.loads(path.read_text("utf-8").partition("\n")[2])["executed"] for path in kept]
    assert len(runs) == 2
    assert all("metadata" in cell for run in runs for cell in reuse.fill_cells(notebook, run)["cells"])


@pytest.mark.slow
def test_of_runs_that_a_page_shows_only_the_last_are_kept(shown, monkeypatch):
    monkeypatch.setattr(reuse, "KEPT", 2)
    built(shown)
    shown.write("90_method", finding("apart", "pace"), parameters="pace = 1.0\ncolour = 'red'")
    built(shown)
    assert len([*(shown.folders.build / "cache" / "sweep").glob("90_method-*-shown.json")]) == 4


@pytest.mark.slow
def test_values_of_a_build_do_not_alter_its_sweep(reading, ran):
    built(reading, options=("pace=2",))
    assert row_values((reading.folders.build / "pace-2" / "sweep.csv").read_bytes()) == ROWS
    assert len(ran) == 8 + len(["90_method", "60_robustness"])


@pytest.mark.slow
def test_a_build_without_readers_of_findings_has_no_sweep(reading, ran):
    built(reading, only=("20", "30"))
    assert len(ran) == 2
    assert not (reading.folders.build / "only-20_two-30_three" / "sweep.csv").exists()


@pytest.mark.slow
def test_notebooks_that_a_build_leaves_out_keep_their_published_sweep(reading, ran):
    built(reading)
    declare(reading, READINGS.replace("[2, 3]", "[2]"))
    reading.write("20_two", finding("twice", "pace * 20"), parameters="pace = 1.0", sweep=True)
    ran.clear()
    built(reading, only=("20", "60"), output=reading.root / "there")
    assert [row for row in ran if row[0] != "60_robustness"] == [("20_two", {}), ("20_two", {"pace": 2.0})]
    expected = [(*row[:4], row[4] + "0" * (row[1] == "20_two"), row[5]) for row in ROWS if row[0] != "pace=3"]
    assert row_values((reading.root / "there" / "sweep.csv").read_bytes()) == expected
    built(reading, only=("60",), output=reading.root / "there")
    assert printed(reading.root / "there") == f"{len(ROWS)} the published findings"
    assert not (reading.root / "there" / "sweep.csv").exists()


@pytest.mark.slow
def test_a_failing_reading_of_another_ledger_is_reported_and_left_out(reading, capsys):
    fails = "assert pace != 3, 'too fast'"
    reading.write("20_two", fails, finding("twice", "pace * 2"), parameters="pace = 1.0", sweep=True)
    with pytest.raises(NotebookFailed, match="(?s)AssertionError: too fast.*reading: pace=3"):
        built(reading)
    assert reading.published() == {}
    other = reading.folders.own_data.rename(reading.root / "other")
    built(reading, data=other, output=reading.root / "there")
    assert row_values((reading.root / "there" / "sweep.csv").read_bytes()) == [
        row for row in ROWS if row[0] != "pace=3"
    ]
    said = "sweep: the reading pace=3 is left out: 20_two stopped in cell one: AssertionError: too fast\n"
    assert capsys.readouterr().err == said


@pytest.mark.slow
def test_a_run_in_the_sweep_has_the_same_bytes_as_the_run_alone(tmp_path):
    place = inputs.copy_inputs(Folders(REPOSITORY), tmp_path / "copy")
    folders, notebooks = Folders(place), selection.read_all(place / "notebooks")
    declared = parameters.load_parameters(folders.notebooks / "parameters.yaml")
    found = sweep.build_grid(folders.notebooks / "readings.yaml", declared, notebooks)
    tasks = [task for task in found.runs.values() if (task.notebook.name[:2], task.reading) in ALONE_TOO]
    assert len(tasks) == len(ALONE_TOO)
    some = sweep.Grid(found.readings, tuple(tasks))
    with execute.KernelSource(None, folders) as kernels:
        result = sweep.run_grid(
            some, reuse.SweptRuns(folders), progress.Progress(), sweep.run_here(folders, kernels, 2)
        )
        result.refuse_failures()
        for task in tasks:
            alone = execute.execute([task.notebook], task.values, folders, progress.Progress(), kernels)
            assert list(extract.outputs_of(alone, extract.FIGURE))
            of_sweep = result.cache.load(result.paths[sweep.run_key(task.notebook, task.values)])
            assert payloads(of_sweep) == payloads(alone[task.notebook.name])


def payloads(executed):
    """Return the findings and verdicts of a run, as bytes."""
    shown = [
        output["data"][mime]
        for cell in executed["cells"]
        for output in cell.get("outputs", ())
        for mime in (extract.FINDINGS, extract.VERDICTS)
        if mime in output.get("data", ())
    ]
    assert shown
    return json.dumps(shown, sort_keys=True).encode()
