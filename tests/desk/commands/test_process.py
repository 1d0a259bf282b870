"""The command line as a process: quick help, plain pipes, a clean end, no Prefect."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib.metadata import version

import pytest
from sqlalchemy.exc import OperationalError

from desk.cli import COMMANDS
from tests.desk.conftest import ROOT, duban_process, finished

NO_PREFECT = """
import sys

class NoPrefect:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "prefect":
            raise ImportError("there is no Prefect here")

sys.meta_path.insert(0, NoPrefect())
sys.argv = ["duban", *sys.argv[1:]]
from desk.cli import main
main()
"""


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=" ".join)
def test_every_command_has_help(command, duban):
    said = duban(*command, "--help")
    assert (said.code, said.err) == (0, "")
    assert "Usage: duban" in said.out


def test_the_version_is_the_installed_one_and_nothing_else(duban):
    said = duban("--version")
    assert (said.code, said.out, said.err) == (0, f"{version('duban')}\n", "")


def test_help_comes_at_once(home):
    took = []
    for _ in range(3):  # the quickest counts: machines are shared and noisy
        began = time.monotonic()
        assert finished(duban_process("--help", home=home)).code == 0
        took.append(time.monotonic() - began)
    assert min(took) < 2
    assert not home.exists()


def test_help_imports_neither_prefect_nor_the_database(home):
    program = "import sys; from desk.cli import run; run(['--help']); print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in said.stdout.split()}
    assert not loaded & {"prefect", "sqlalchemy", "sqlmodel", "pydantic", "apprise"}
    assert not home.exists()


def test_the_shell_can_be_taught_to_complete(home, tmp_path):
    script = tmp_path / "completion"
    command = ("--install-completion", "--shell", "bash", "--output", str(script))
    said = finished(duban_process(*command, home=home, HOME=str(tmp_path)))
    assert said.code == 0
    assert "duban" in script.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "environ"),
    [
        (("duties",), {}),
        (("verify",), {"TERM": "xterm-256color"}),
        (("history",), {"NO_COLOR": "1"}),
        (("plan", "show", "guangdong-2013"), {"TERM": "xterm-256color", "COLORTERM": "truecolor"}),
    ],
    ids=str,
)
def test_a_pipe_gets_no_escape_codes_and_no_progress(command, environ, demo_home):
    said = finished(duban_process(*command, home=demo_home, **environ))
    assert (said.code, said.err) == (0, "")
    assert "\x1b" not in said.out


def test_a_reader_that_goes_away_is_no_error(demo_home):
    process = duban_process("history", "--json", home=demo_home)
    process.stdout.read(10)
    process.stdout.close()
    assert (process.wait(30), process.stderr.read()) == (0, "")
    process.stderr.close()


@pytest.mark.both
def test_a_sweep_and_a_delivery_need_no_prefect(demo_home):
    for command in (("sweep", "--on", "2014-01-27"), ("deliver", "--on", "2014-01-27")):
        said = subprocess.run(
            [sys.executable, "-c", NO_PREFECT, *command],
            cwd=ROOT,
            env={**os.environ, "DUBAN_HOME": str(demo_home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.usefixtures("installed")
def test_a_demonstration_that_is_interrupted_says_so_and_goes_on(lived, home, kind):
    day = "2013-08-30"
    command = ("demo", "--on", day, "--no-serve", "--json")
    for end, code in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
        process = duban_process(*command, home=home)
        _until_more(kind, home)
        process.send_signal(end)
        said = finished(process)
        assert (said.code, said.out) == (code, "")
        assert "Traceback" not in said.err
    environ = kind.environ(lived[0])
    command_ = ("history", "--as-of", day, "--json")
    whole = finished(duban_process(*command_, home=lived[0], **environ)).json
    resumed = finished(duban_process(*command, home=home)).json["history"]
    assert resumed == {"entries": len(whole), "head": whole[-1]["hash"]}


def test_a_demonstration_run_again_changes_nothing(lived, demo_home):
    command = ("demo", "--on", "2014-01-24", "--no-serve", "--json")
    again = finished(duban_process(*command, home=demo_home)).json
    first = lived[1].json
    places = ("home", "database", "seconds")
    assert {k: again[k] for k in again if k not in places} == {
        k: first[k] for k in first if k not in places
    }
    anchors = "anchors.jsonl"
    assert (demo_home / anchors).read_bytes() == (lived[0] / anchors).read_bytes()


def _until_more(kind, home):
    """Wait until the ledger has a few hundred entries more."""
    start, deadline = _entries(kind, home), time.monotonic() + 60
    while _entries(kind, home) < start + 300:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _entries(kind, home):
    if not home.exists():
        return 0
    try:
        with kind.connect(home) as conn:
            return conn.exec_driver_sql("SELECT count(*) FROM entries").scalar_one()
    except OperationalError:  # the tables are just being made
        return 0
