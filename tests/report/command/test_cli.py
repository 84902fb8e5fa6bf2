"""`python -m report` as a person meets it: in a clone that is not installed, from the command to what is published."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import pytest
from conftest import finding, processes_with, verdict
from heavy_imports import ASK_WHAT_IS_IMPORTED, HEAVY

from report.command import build, cli
from report.kernels.private import ENGINES
from report.runs import selection
from report.runs.extract import TABLE
from report.stops import NotebookFailed, Unpinned, WrongInput

SLEEPING = "import time\nprint('asleep', flush=True)\ntime.sleep(300)"


def built(clone, **request):
    """Build in this process and return nothing; raises what stops the build."""
    build.build(build.Request(quiet=True, **request), clone.folders)


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["sweep", "--help"], ["check"]])
def test_help_and_check_import_nothing_heavy(arguments):
    ran = subprocess.run(
        [sys.executable, "-c", ASK_WHAT_IS_IMPORTED, *arguments], capture_output=True, text=True, check=True
    )
    imported = set(ran.stdout.splitlines()[-1].split())
    assert "report.command.cli" in imported
    subject = {"yaml"} if arguments == ["check"] else set()  # the ledger's subject is declared in YAML
    assert imported.isdisjoint({*HEAVY} - subject)
    assert len(ran.stdout.splitlines()) > 5


def test_help_lists_every_option_and_every_exit_code(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    said = capsys.readouterr().out
    for part in (
        "--only",
        "-p ",
        "--parameters",
        "--data",
        "--output",
        "--workers",
        "--engine",
        "--quiet",
        "check",
        "sweep",
        "  0 ",
        "  1 ",
        "  2 ",
        "  3 ",
        "  130 ",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sweep", "--ful"], "did you mean '--full'?"),
        (["--onyl", "20"], "did you mean '--only'?"),
        (["chek"], "did you mean 'check'?"),
        (["20"], "did you mean '--only 20'?"),
        (["notebooks/20_growth_rates.ipynb"], "did you mean '--only notebooks/20_growth_rates.ipynb'?"),
        (["rounding=half_even"], "did you mean '-p rounding=half_even'?"),
        (["sweep", "20"], "unrecognized arguments: 20\n"),
        (["set-default", "rounding"], "the following arguments are required: VALUE"),
        (["--workers", "0"], "'0' is not a whole number of at least 1"),
        (["--engine", "fast"], "invalid choice: 'fast' (choose from"),
        (["check", "--source", "x"], "did you mean '--sources'?"),
    ],
)
def test_a_wrong_option_exits_with_2_and_suggests_another(arguments, said, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("20", "20_growth_rates"),
        ("growth", "20_growth_rates"),
        ("notebooks/20_growth_rates.ipynb", "20_growth_rates"),
        ("9", "90_method"),
    ],
)
def test_a_notebook_is_selected_by_number_beginning_or_file(clone, pattern, name):
    for each in ("20_growth_rates", "21_gaps", "90_method"):
        clone.write(each, "1")
    found = selection.read_all(clone.folders.notebooks)
    assert [notebook.name for notebook in selection.select(found, [pattern])] == [name]


def test_a_name_that_matches_no_notebook_or_several_is_refused(clone):
    clone.write("20_growth_rates", "1")
    clone.write("20_gaps", "1")
    with pytest.raises(
        WrongInput, match=r"(?s)2 problems\n  '20' matches 20_gaps, 20_growth_rates;.*'growht' is no notebook"
    ) as stop:
        selection.select(selection.read_all(clone.folders.notebooks), ["20", "growht"])
    assert stop.value.exit_code == 2


def test_the_copy_of_a_run_is_refused_before_any_kernel_starts(clone):
    path = clone.write("10_one", "print(1)", "print(2)")
    source = path.read_text()
    path.write_text(
        source.replace('"id": "two", "metadata": {}', '"id": "two", "metadata": {"tags": ["injected-parameters"]}')
    )
    with pytest.raises(WrongInput) as stop:
        built(clone)
    assert "10_one.ipynb, cell two: has injected parameters, so it is the copy of a run; delete the cell" in str(
        stop.value
    )


def test_a_ledger_with_errors_builds_nothing_and_lists_every_problem(clone):
    clone.write("10_one", "print(1)")
    claims = clone.folders.own_data / "claims.csv"
    claims.write_text(claims.read_text().replace("more_than", "more_then").replace("about", "abuot"))
    ran = clone.report()
    assert ran.returncode == 2
    assert "more_then" in ran.stderr and "abuot" in ran.stderr and "did you mean" in ran.stderr
    assert "Traceback" not in ran.stderr and clone.published() == {}
    assert {path.name for path in clone.folders.build.glob("*")} <= {"cache"}


@pytest.mark.slow
def test_a_clone_builds_without_installation_and_repeatably(clone):
    clone.write("10_one", finding("x"))
    first = clone.report()
    assert (first.returncode, first.stderr) == (0, "")
    said = first.stdout.splitlines()[-1]
    assert said.startswith("published: report/published/report.html and report.pdf (notebooks: 1, figures: 0,")
    before = clone.published()
    assert sorted(before) == [
        f"report/published/{name}"
        for name in (
            *("findings.csv", "findings.json", "manifest.json"),
            *("notebooks/10_one.ipynb", "report.html", "report.md", "report.pdf", "ro-crate-metadata.json"),
        )
    ]
    machine = {
        "TZ": "Asia/Almaty",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "HOME": "/nonexistent",
        "SOURCE_DATE_EPOCH": "1",
    }
    again = clone.report("--workers", "1", environment=machine)
    assert "nothing changed" in again.stdout, again.stderr
    assert clone.published() == before
    assert b"a clone" not in b"".join(before.values())


@pytest.mark.slow
def test_an_installed_program_runs_from_another_folder(clone, tmp_path):
    clone.write("10_one", "None")
    clone.declare("")
    command = clone.command("--quiet", environment={"PYTHONPATH": str(clone.root)}) | {"cwd": tmp_path}
    ran = subprocess.run(**command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert "report/published/report.html" in clone.published()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("request_", "place"),
    [
        ({"only": ("20",)}, "report/build/only-20_two"),
        ({"options": ("pace=2",)}, "report/build/pace-2"),
        ({"only": ("10",), "options": ("pace=2",)}, "report/build/only-10_one+pace-2"),
    ],
)
def test_a_partial_or_changed_build_does_not_touch_what_is_published(clone, without_exporters, request_, place):
    clone.declare("pace: {type: number, low: 0, high: 9, meaning: how fast}")
    clone.write("10_one", "print(pace)", parameters="pace = 1.0")
    clone.write("20_two", finding("x"))
    built(clone)
    before = clone.published()
    built(clone, **request_)
    assert clone.published() == before
    assert (clone.root / place / "report.html").exists() and (clone.root / place / "notebooks").is_dir()


@pytest.mark.slow
def test_another_ledger_or_another_place_is_never_published(clone, without_exporters, tmp_path):
    clone.write("10_one", "import os\nprint(os.path.basename(os.environ['REPORT_DATA']))")
    other = tmp_path / "other"
    clone.folders.own_data.rename(other)
    built(clone, data=other, output=tmp_path / "out")
    assert clone.published() == {}
    assert '"other\\n"' in (tmp_path / "out" / "notebooks" / "10_one.ipynb").read_text()


@pytest.mark.slow
def test_a_failing_notebook_exits_with_1_and_publishes_nothing(clone, without_exporters):
    clone.write("10_one", "None")
    built(clone)
    before = clone.published()
    clone.write("10_one", "1 / 0")
    ran = clone.report()
    assert ran.returncode == 1
    assert ran.stderr.startswith("notebooks/10_one.ipynb stopped in cell one (2 of 2), line 1\n  ZeroDivisionError")
    assert clone.published() == before


@pytest.mark.slow
def test_a_build_of_one_notebook_keeps_what_others_left_half_run(clone, without_exporters):
    clone.write("10_one", finding("x"))
    clone.write("20_two", "1 / 0")
    with pytest.raises(NotebookFailed):
        built(clone)
    built(clone, only=("10",))
    assert (clone.folders.build / "failed" / "20_two.ipynb").exists()


@pytest.mark.slow
def test_findings_of_this_run_reach_the_notebook_that_reads_them(clone, without_exporters):
    clone.write(
        "00_overview",
        "from claims.results import store\nfound, origin = store.load_findings()\nprint(sorted(found), origin)",
        reads_findings=True,
    )
    clone.write("10_one", finding("x"))
    clone.write("20_two", finding("y"))
    built(clone)
    assert (
        "['x', 'y'] the findings of this run"
        in clone.published()["report/published/notebooks/00_overview.ipynb"].decode()
    )
    clone.write("10_one", finding("z"))
    built(clone, only=("00", "10"))
    text = next(clone.folders.build.rglob("00_overview.ipynb")).read_text()
    assert "['y', 'z']" in text


def test_the_ledger_appendix_uses_the_parameters_of_the_run(clone):
    clone.write("10_one", "None", parameters="rounding = 'half_up'")
    clone.declare("rounding:\n  type: choice\n  choices: [half_up, truncation]\n  meaning: how\n")
    told = []
    for options in ((), ("rounding=truncation",)):
        document = build.assemble_document(build.plan_build(build.Request(options=options), clone.folders), {}, [])
        (register,) = (cell for cell in document["cells"] if cell["id"] == "appendix-ledger-table")
        table = register["outputs"][0]["data"][TABLE]
        told.append(table["rows"][0][[column["key"] for column in table["columns"]].index("stands_for")])
    assert told == ["31.5% to 32.5%", "32% to 33%"]


@pytest.mark.slow
def test_an_unexplained_disagreement_builds_only_a_preview(clone, without_exporters, capsys):
    clone.write("10_one", verdict("trade_turnover:2024", "inconsistent"))
    with pytest.raises(Unpinned) as stop:
        built(clone)
    row = next(line.strip() for line in str(stop.value).splitlines() if "trade_turnover:2024" in line)
    assert clone.published() == {}
    assert (clone.folders.build / "preview" / "report.html").exists()
    pins = clone.folders.own_data / "known_disagreements.csv"
    header = pins.read_text()
    pins.write_text(header + row + "\n")
    with pytest.raises(WrongInput, match="explanation"):
        built(clone)
    pins.write_text(header + row.replace(",,,", ",loose_wording,said loosely,") + "\n")
    built(clone)
    assert clone.published() != {}
    clone.write("10_one", verdict("trade_turnover:2024", "consistent"))
    with pytest.raises(Unpinned, match="no longer found; delete:\n  trade_turnover:2024"):
        built(clone)


@pytest.mark.slow
def test_an_address_in_an_output_stops_the_build_with_its_cell(clone, without_exporters):
    clone.write("10_one", "object()")
    with pytest.raises(NotebookFailed, match="10_one, cell one: shows a memory address"):
        built(clone)
    assert clone.published() == {}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_an_interrupted_build_leaves_no_process_and_no_scratch(clone, number, engine, temporary, without_exporters):
    clone.write("10_one", "None")
    built(clone)
    before, running = clone.published(), {"forked": 3, "plain": 2}[engine]
    clone.write("10_one", "import subprocess\nsubprocess.Popen(['sleep', '299'])", SLEEPING)
    clone.write("20_two", SLEEPING)
    mark = f"TMPDIR={temporary}"
    command = clone.command("--engine", engine, environment=dict([mark.split("=")]))
    process = subprocess.Popen(**command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: kernels(mark) == running and "sleep 299" in " ".join(processes_with(mark).values()))
        process.send_signal(number)
        _, said = process.communicate(timeout=120)
        if number == signal.SIGKILL:
            wait_until(lambda: kernels(mark) == 0)
        else:
            assert (process.returncode, said) == (130, "\ninterrupted; what is published has not changed\n")
            assert processes_with(mark) == {}
            assert os.listdir(temporary) == []
        assert clone.published() == before
    finally:
        for process_id in processes_with(mark):
            os.kill(process_id, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def temporary():
    """Return a temporary folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield folder


def kernels(mark):
    """Return how many kernels run; the parent of forked kernels has their name, and is counted too."""
    return sum("reads.py" in command or "warm.py" in command for command in processes_with(mark).values())


def wait_until(condition, seconds=120):
    """Wait until the condition holds; fail after that many seconds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "what the test waits for did not happen"
        time.sleep(0.1)


def test_the_plan_lists_its_parts_in_the_order_they_run(clone):
    clone.write("10_one", "1")
    clone.write("20_two", "2")
    clone.write("00_overview", "3", reads_findings=True)
    plan = build.plan_build(build.Request(quiet=True, workers=3), clone.folders)
    assert [(stage.parts, stage.at_once) for stage in plan.stages] == [
        (("10_one", "20_two"), 3),
        (("00_overview",), 3),
        (("report.html", "report.pdf"), 2),
    ]
