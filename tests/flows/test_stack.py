"""The process tree of `duban up`: what starts it, what ends it, and that nothing stays behind."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from catalog.errors import ConflictError
from flows.stack.server import environment, is_healthy
from flows.stack.tree import Beside, run_stack
from ledger.offices.installation import load_settings
from tests.flows.running import PATIENCE, end, environ, eventually, free_port, start

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(sys.platform != "linux", reason="the tree is read from /proc"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("tree") / "home"


@pytest.fixture
def running(home):
    stack = start(home)
    yield stack
    if stack.process.poll() is None:
        end(stack)


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """A stack that the first tests look at, until the last of them ends it."""
    stack = start(tmp_path_factory.mktemp("standing") / "home")
    yield stack
    if stack.process.poll() is None:
        end(stack)


def test_the_desk_answers_once_everything_stands_and_knows_nothing_of_prefect(standing):
    assert is_healthy(standing.desk, "/health")
    desk = next(pid for pid in standing.members() if b"desk.serve" in _command(pid))
    assert b"PREFECT_" not in environ(desk)


def test_a_second_stack_on_one_home_is_refused(standing):
    settings = load_settings({"DUBAN_HOME": str(standing.home)})
    with pytest.raises(ConflictError) as refusal:
        run_stack(settings, prefect_port=free_port(), on_ready=print)
    assert refusal.value.key == "stack-running"


def test_sigterm_ends_the_whole_tree(standing):
    assert len(standing.members()) >= 2
    standing.process.send_signal(signal.SIGTERM)
    assert standing.process.wait(PATIENCE) == 0
    assert standing.members() == []


def test_ctrl_c_ends_the_whole_tree_and_says_so(running):
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(PATIENCE) == 130
    assert running.members() == []


def test_a_killed_parent_leaves_no_orphan(running):
    running.process.kill()
    running.process.wait(10)
    eventually(lambda: running.members() == [])
    assert running.members() == []


def test_a_dead_child_ends_the_tree_and_names_its_log(running):
    flows = next(pid for pid in running.members() if b"flows.stack.schedules" in _command(pid))
    os.kill(flows, signal.SIGKILL)
    assert running.process.wait(PATIENCE) == 1
    assert "StackFailedError" in running.process.stderr.read()
    assert running.members() == []


def test_a_stack_is_of_every_jurisdiction_whichever_its_caller_works_in(monkeypatch, tmp_path):
    monkeypatch.setenv("DUBAN_JURISDICTION", "xin-cheng")
    assert "DUBAN_JURISDICTION" not in environment(tmp_path, 4200, "x")


def test_a_port_in_use_is_refused_before_anything_starts(tmp_path):
    settings = load_settings({"DUBAN_HOME": str(tmp_path)})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConflictError) as refusal:
            run_stack(settings, prefect_port=port, on_ready=print)
    assert (refusal.value.key, refusal.value.values["port"]) == ("port-in-use", port)


def test_a_taken_port_of_the_desk_is_refused_too(tmp_path):
    settings = load_settings({"DUBAN_HOME": str(tmp_path)})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        desk = Beside("desk", ("false",), port, "/health")
        with pytest.raises(ConflictError) as refusal:
            run_stack(settings, prefect_port=free_port(), on_ready=print, beside=[desk])
    assert (refusal.value.key, refusal.value.values["port"]) == ("port-in-use", port)


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
