"""A call in a child process: its result, its limits, and its end with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from catalog.errors import ConflictError, DubanError, InvalidError
from catalog.plans.load import load_plan
from ledger import child
from ledger.child import LIMITS, call_in_child

ROOT = Path(__file__).parents[2]
MB = 1024 * 1024


def test_the_result_comes_back():
    assert call_in_child(divmod, 7, 2, place="a.txt") == (3, 1)


def test_an_error_comes_back_with_its_place():
    with pytest.raises(DubanError, match=r"none\.toml"):
        call_in_child(load_plan, Path(__file__).parent / "none.toml", place="a.txt")


@pytest.mark.parametrize(
    ("function", "args", "limits"),
    [
        (sum, (range(10**12),), {"seconds": 1}),
        (time.sleep, (60,), {"longest": 1}),
        (bytearray, (4096 * MB,), {}),
        (bytes, (2 * MB,), {"answer": 1}),
        (os.abort, (), {}),
    ],
    ids=["computing", "waiting", "memory", "answer", "killed"],
)
def test_a_call_beyond_a_limit_is_refused_in_one_line(function, args, limits):
    with pytest.raises(InvalidError) as refusal:
        call_in_child(function, *args, place="a.pdf", limits=LIMITS._replace(**limits))
    assert refusal.value.key == "file-too-costly"
    assert str(refusal.value).startswith("a.pdf: ")


def test_no_secret_is_in_its_environment(monkeypatch):
    monkeypatch.setenv("DUBAN_SMTP_PASSWORD", "geheim")
    assert call_in_child(os.getenv, "DUBAN_SMTP_PASSWORD", place="a.txt") is None


def test_what_is_printed_is_not_taken_for_the_answer():
    assert call_in_child(print, "noise", place="a.txt") is None


def test_few_run_at_once_few_wait_and_the_next_is_sent_away(monkeypatch):
    monkeypatch.setattr(child, "_WAITING", threading.BoundedSemaphore(3))
    calls = [
        threading.Thread(target=call_in_child, args=(time.sleep, 1), kwargs={"place": "a.txt"})
        for _ in range(3)
    ]
    for each in calls:
        each.start()
    with pytest.raises(ConflictError, match="try again"):
        call_in_child(len, "", place="b.txt")
    for each in calls:
        each.join()
    assert call_in_child(len, "", place="b.txt") == 0


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_its_parent(ending):
    words = "import time; from ledger.child import call_in_child as c; c(time.sleep, 99, place='x')"
    heed = "import signal; signal.signal(2, signal.default_int_handler);"  # also in the background
    with subprocess.Popen([sys.executable, "-c", heed + words], cwd=ROOT, stderr=-3) as parent:
        pid = within(20, lambda: children(parent.pid))
        parent.send_signal(ending)
        parent.wait(20)
    assert within(20, lambda: not alive(pid[0]))


def children(pid: int) -> list[int]:
    """Return the children of a process that have begun their call."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in text.split() if nice(int(each)) == child.NICER]


def nice(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16])


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def within(seconds, question):
    """Return the first true answer to a question within some seconds."""
    until = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.02)
    return answer
