"""Refuse every connection that leaves this machine, in each Python process of a test run.

Child processes find this file by PYTHONPATH; the run itself loads it in `tests/conftest.py`.
"""

from __future__ import annotations

import os
import sys

LOG = "DUBAN_TESTS_FOREIGN"
OURS = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104  asked of the resolver when binding


def refuse_strangers(event, args):
    """Raise, and write down, what is neither loopback nor a socket of this machine."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and name and not name.startswith(OURS):
        with open(os.environ[LOG], "a", encoding="utf-8") as log:  # noqa: PTH123  no imports here
            log.write(f"{event} {name} by {sys.argv}\n")
        raise ConnectionRefusedError(f"tests stay on this machine: {name}")


if LOG in os.environ:
    sys.addaudithook(refuse_strangers)
