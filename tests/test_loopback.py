"""No process of a test run can reach another machine."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

TRY = "import socket; socket.create_connection(('192.0.2.1', 25), timeout=1)"


def test_a_connection_to_another_machine_is_refused_and_written_down(foreign):
    with pytest.raises(ConnectionRefusedError), socket.socket() as line:
        line.connect(("192.0.2.1", 25))
    assert "192.0.2.1" in foreign.read_text()
    foreign.unlink()


def test_a_child_process_is_guarded_too(foreign):
    child = subprocess.run([sys.executable, "-c", TRY], capture_output=True, check=False)
    assert child.returncode == 1
    assert "192.0.2.1" in foreign.read_text()
    foreign.unlink()


def test_the_resolver_is_not_asked_for_strangers(foreign):
    with pytest.raises(ConnectionRefusedError):
        socket.getaddrinfo("mail.example.org", 25)
    assert "mail.example.org" in foreign.read_text()
    foreign.unlink()
