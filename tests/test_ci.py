"""What runs on other machines and before a commit calls the commands there are, and the same everywhere."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import LIVE, LONGEST, unit_of_work

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.M))
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "report.yml").read_text(encoding="utf-8"))
HOOKS = [
    hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    for hook in repository["hooks"]
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CALL = re.compile(r"^\s*make ([a-z-]+)((?: .*)?)$", re.M)
PINNED = re.compile(r"[\w.-]+/[\w./-]+@(v\d+(\.\d+)*|[0-9a-f]{40})")


def steps(job: str) -> list[dict]:
    return WORKFLOW["jobs"][job]["steps"]


@pytest.mark.parametrize("answers", [True, False])
def test_make_clean_keeps_answers_and_nothing_else(tmp_path, answers):
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    build = tmp_path / "report" / "build"
    for folder in ("cache", "proposals"):
        (build / folder).mkdir(parents=True)
    (build / "cache" / "run").touch()
    if answers:
        (build / "proposals" / "S6.json").touch()
    ended = subprocess.run(["make", "clean"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert [path.name for path in (tmp_path / "report").rglob("*")] == (
        ["build", "proposals", "S6.json"] if answers else []
    )
    assert ("kept: report/build/proposals" in ended.stdout) is answers


def called(script: str) -> set[str]:
    """Return the targets of make that a script calls."""
    return {target for target, _ in CALL.findall(script)}


def commands() -> str:
    """Return all that the first job of the workflow runs."""
    return "\n".join(step.get("run", "") for step in steps("rebuilt"))


def unpinned(workflow: dict) -> list[str]:
    uses = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert uses
    return [one for one in uses if not PINNED.fullmatch(one)]


def arguments(script: str, target: str) -> str:
    return next(given.partition(" ||")[0] for name, given in CALL.findall(script) if name == target)


def test_the_workflow_runs_what_ci_runs_here_and_nothing_that_is_no_target():
    assert {"report", "test", "verify"} <= called(commands()) <= TARGETS
    assert called(commands()) == called(CI)


def test_the_proof_varies_the_same_there_and_here():
    assert "--only everything" in arguments(commands(), "prove")
    assert arguments(commands(), "prove") == arguments(CI, "prove")


def test_a_call_of_something_else_would_be_seen():
    assert called("make test || fail\n  make all ARGS=x\nmakes nothing\nstep make lint\n") == {"test", "all"}
    assert "all" not in TARGETS


def test_it_runs_on_the_lowest_and_the_highest_python_and_on_both_systems():
    matrix = WORKFLOW["jobs"]["rebuilt"]["strategy"]["matrix"]
    lowest, beyond = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()
    assert matrix["python"] == [f"3.{lowest}", f"3.{int(beyond) - 1}"]
    assert {system.partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos"}
    assert WORKFLOW["jobs"]["rebuilt"]["env"]["PYTHON"] == "python${{ matrix.python }}"


def test_bytes_are_asked_for_in_the_reference_environment_alone():
    strict = [step for step in steps("rebuilt") if "git diff --exit-code" in step.get("run", "")]
    reference = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert [step["if"] for step in strict] == [f"matrix.system == 'ubuntu-latest' && matrix.python == '{reference}'"]


def test_everything_it_uses_is_pinned():
    assert unpinned(WORKFLOW) == []


@pytest.mark.parametrize("uses", ["actions/checkout", "actions/checkout@main", "actions/checkout@abc123"])
def test_what_is_not_pinned_would_be_seen(uses):
    assert unpinned({"jobs": {"one": {"steps": [{"uses": uses}]}}}) == [uses]


def test_it_may_read_and_only_the_page_may_be_written():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    given = {name: job["permissions"] for name, job in WORKFLOW["jobs"].items() if "permissions" in job}
    assert given == {"page": {"contents": "read", "pages": "write", "id-token": "write"}}
    assert "secrets" not in json.dumps(WORKFLOW["jobs"])


def test_the_page_is_published_from_the_default_branch_once_everything_else_has_passed():
    page = WORKFLOW["jobs"]["page"]
    assert page["needs"] == "rebuilt"
    assert page["if"] == "github.event_name == 'push' && github.ref_name == github.event.repository.default_branch"
    assert "cp report/published/report.html site/index.html" in "".join(step.get("run", "") for step in page["steps"])


def test_the_tests_that_look_at_the_page_cannot_be_skipped_where_there_is_a_browser():
    assert "export REPORT_BROWSER_REQUIRED=1" in CI
    assert CI.index("add chromium") < CI.index("make test")
    (step,) = [step for step in steps("rebuilt") if "REPORT_BROWSER_REQUIRED=1" in step.get("run", "")]
    assert step["if"] == "runner.os == 'Linux'"
    assert steps("rebuilt").index(step) < [one.get("run") for one in steps("rebuilt")].index("make test")


@pytest.mark.parametrize("script", [".ci/run", *(f".make/{path.name}" for path in (ROOT / ".make").glob("*.sh"))])
def test_every_script_can_be_parsed(script):
    assert subprocess.run(["bash" if script == ".ci/run" else "sh", "-n", ROOT / script], check=False).returncode == 0


def test_ci_can_be_executed():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_hook_calls_a_target_and_fetches_nothing():
    assert len(HOOKS) >= 2
    assert {hook["language"] for hook in HOOKS} == {"system"}
    assert {called(hook["entry"]) <= TARGETS and bool(called(hook["entry"])) for hook in HOOKS} == {True}


@pytest.mark.slow
@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_and_passes_here(hook):
    if Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        pytest.skip("not run by make test")
    handed_on = ("ARGS", "SOURCES", "PYTHON", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")
    environment = {name: value for name, value in os.environ.items() if name not in handed_on}
    ran = subprocess.run(
        hook["entry"].split(), cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_check_says_how_many_notebooks_it_looked_at_and_loads_no_slow_library(clone):
    clone.write("10_one", "1", "2")
    slow = "{'pandas', 'nbconvert'} & {*sys.modules}"
    code = f"import sys; from report.command import cli; print(cli.main(['check'])); print({slow})"
    ran = subprocess.run([sys.executable, "-c", code], cwd=clone.root, capture_output=True, text=True, check=True)
    assert "notebooks as they are now: 1, with 2 code cells\n" in ran.stdout
    assert ran.stdout.splitlines()[-2:] == ["0", "set()"]


def test_the_check_notes_outputs_and_fails_without_notebooks(clone):
    nothing = clone.report("check")
    assert (nothing.returncode, "there are no notebooks" in nothing.stderr) == (2, True)
    path = clone.write("10_one", "1")
    path.write_text(path.read_text().replace('"execution_count": null', '"execution_count": 3'))
    ran = clone.report("check")
    assert ran.returncode == 0
    assert "saved after a run: 10_one.ipynb; the outputs are ignored, and make format removes them\n" in ran.stdout


def test_lint_fails_on_a_notebook_with_outputs_and_format_cleans_it(clone):
    lines = re.search(r"^lint: setup-tests\n(.*?)\n\n", MAKEFILE, re.M | re.S)[1]
    assert "$(python) -m report format --check" in lines
    path = clone.write("10_one", "1")
    assert clone.report("format").returncode == 0
    clean = path.read_bytes()
    path.write_bytes(clean.replace(b'"execution_count": null', b'"execution_count": 3'))
    ran = clone.report("format", "--check")
    assert (ran.returncode, "notebooks/10_one.ipynb: has outputs or settings of a run" in ran.stderr) == (2, True)
    assert clone.report("format").stdout == "1 notebook: notebooks/10_one.ipynb cleaned\n"
    assert path.read_bytes() == clean
    assert clone.report("format", "--check").returncode == 0


def test_the_check_tells_problems_of_the_ledger_and_of_a_notebook_together(clone):
    path = clone.write("10_one", "1")
    path.write_text(
        path.read_text().replace(
            '"metadata": {}, "source": "1"', '"metadata": {"tags": ["injected-parameters"]}, "source": "1"'
        )
    )
    claims = clone.folders.own_data / "claims.csv"
    claims.write_text(claims.read_text().replace("more_than", "more_then"))
    ran = clone.report("check")
    assert ran.returncode == 2
    assert "'more_then'; did you mean 'more_than'?" in ran.stderr and "the copy of a run" in ran.stderr


def test_make_test_uses_several_cores_and_arguments_can_change_that():
    command = re.search(r"^test: setup-tests\n\t@(.*)$", MAKEFILE, re.M)[1]
    assert re.fullmatch(r"\$\(python\) -m pytest -n logical --maxprocesses \d+ --dist loadfile .* \$\(ARGS\)", command)


def test_the_files_of_tests_that_begin_first_are_there():
    assert [file for file in LONGEST if not (ROOT / file).is_file()] == []


def test_what_looks_at_jupyterlab_or_a_preview_is_run_by_one_process():
    assert len({unit_of_work(file) for file in LIVE}) == 1
    others = [path for path in (ROOT / "tests").rglob("test_*.py") if path.relative_to(ROOT).as_posix() not in LIVE]
    imports = re.compile(r"^from jupyter_servers import .*\bcommand_of_make_lab\b", re.M)
    assert [path for path in others if imports.search(path.read_text(encoding="utf-8"))] == []
    assert len({unit_of_work(path.relative_to(ROOT).as_posix()) for path in others}) == len(others) > 100


def test_ctrl_c_reaches_a_program_that_a_test_starts():
    code = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


@pytest.mark.parametrize(("code", "passes"), [(0, True), (4, True), (1, False), (2, False)])
def test_make_verify_passes_where_the_values_are_the_same(code, passes):
    line = re.search(r"^verify: setup\n\t@(.*)$", MAKEFILE, re.M)[1].replace("$$", "$")
    command = line.replace("$(python) -m report verify $(ARGS)", f"(exit {code})")
    assert command != line
    assert (subprocess.run(["sh", "-c", command], check=False).returncode == 0) is passes
