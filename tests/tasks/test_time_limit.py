"""Work within a limit of time, against servers that keep every time-out of a step."""

from __future__ import annotations

import ast
import contextlib
import socket
import threading
import time
from pathlib import Path

import pytest

from tasks.time_limit import Deadline, OutOfTimeError, within
from tests.trickling import Trickler

ROOT = Path(__file__).parents[2]
FLOORS = ("catalog", "ledger", "tasks", "flows", "desk")
SPEAKING = {
    *("apprise", "ftplib", "http.client", "httpx", "imaplib", "poplib", "requests", "smtplib"),
    *("socket", "urllib.request", "urllib3"),
}
# Who speaks to other systems, and the module in which the conversation has its limit.
LIMITED = {
    "desk/access/oidc.py": "desk/access/oidc.py",
    "flows/stack/secret.py": "flows/stack/secret.py",
    "flows/stack/server.py": "flows/stack/server.py",
    "tasks/incoming/imap.py": "tasks/incoming/imap.py",
    "tasks/post/channels/apprise.py": "tasks/post/lines.py",
    "tasks/post/channels/mail.py": "tasks/post/lines.py",
    "tasks/post/channels/smtp_line.py": "tasks/post/lines.py",
    "tasks/post/channels/webhook.py": "tasks/post/lines.py",
    "tasks/proof/stamp.py": "tasks/proof/stamp.py",
}
SPEAKS_TO_NOBODY = {
    "flows/run/runs.py",  # an error of Prefect's client, as in the next two
    "flows/shard.py",
    "flows/sweep.py",
    "flows/stack/tree.py",  # looks whether a port is free
    "ledger/store/identity.py",  # the name of this machine
}


def test_every_module_that_speaks_to_another_system_has_a_limit_for_the_conversation():
    files = (file for floor in FLOORS for file in (ROOT / floor).rglob("*.py"))
    speaking = {
        str(file.relative_to(ROOT)) for file in files if SPEAKING.intersection(imports(file))
    }
    assert speaking - SPEAKS_TO_NOBODY == LIMITED.keys()
    unlimited = {file for file in LIMITED.values() if "within(" not in (ROOT / file).read_text()}
    assert unlimited == set()


def test_work_within_its_limit_gives_its_result():
    assert within(5, lambda: 42) == 42


def test_an_error_of_the_work_is_raised_as_it_is():
    with pytest.raises(TimeoutError, match="its own") as caught:
        within(5, lambda: (_ for _ in ()).throw(TimeoutError("its own")).send(None))
    assert not isinstance(caught.value, OutOfTimeError)


def test_a_peer_that_trickles_is_left_at_the_limit_and_its_line_is_closed(abandoned):
    with Trickler() as peer:
        began = time.monotonic()
        with pytest.raises(OutOfTimeError, match=r"not over within 0\.2 s"):
            within(0.2, lambda: listen(peer.port))
        assert time.monotonic() - began < 0.5
        assert eventually(lambda: peer.ended == 1)
    assert eventually(lambda: not abandoned())


def test_after_the_limit_nothing_more_is_begun(abandoned):
    """A name server may answer late: the connection is not made any more."""
    begun = []

    def look_up_and_connect() -> None:
        time.sleep(0.2)
        begun.append("connection")

    with pytest.raises(OutOfTimeError):
        within(0.05, look_up_and_connect)
    assert eventually(lambda: not abandoned())
    assert begun == []


def test_a_library_that_catches_every_exception_is_ended_as_well(abandoned):
    def stubborn() -> None:
        while True:
            with contextlib.suppress(Exception):  # as libraries do
                time.sleep(0.01)

    with pytest.raises(OutOfTimeError):
        within(0.05, stubborn)
    assert eventually(lambda: not abandoned())


def test_a_deadline_passes():
    assert Deadline(0).is_over
    assert not Deadline(60).is_over


def imports(file):
    """Return the modules that a file imports, for annotations only or not."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def listen(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line, line.makefile() as text:
        text.readline()


@pytest.fixture
def abandoned():
    """The threads left at a limit of this test; another's may still wait for a step."""
    before = {*threading.enumerate()}
    return lambda: [t for t in {*threading.enumerate()} - before if t.name.startswith("within ")]


def eventually(holds, *, patience=5.0):
    ends = time.monotonic() + patience
    while not holds() and time.monotonic() < ends:
        time.sleep(0.01)
    return holds()
