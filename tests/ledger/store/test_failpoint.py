"""A failpoint does nothing unless a test asks for it, and then it is like `kill -9`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from ledger.settings import dies_at

PASSES = """
import atexit
from ledger.store.failpoint import failpoint
atexit.register(print, "ended")
for number in range(1, 4):
    failpoint("here")
    failpoint("there")
    print(number, flush=True)
"""


@pytest.mark.parametrize(
    ("asked", "said", "code"),
    [
        ("", "1\n2\n3\nended\n", 0),
        ("nowhere:1", "1\n2\n3\nended\n", 0),
        ("here:4", "1\n2\n3\nended\n", 0),
        ("here:1", "", -signal.SIGKILL),
        ("there:3", "1\n2\n", -signal.SIGKILL),
    ],
)
def test_a_process_dies_at_that_pass_of_that_point_and_no_other(asked, said, code):
    environ = {**os.environ, "DUBAN_FAILPOINT": asked}
    done = subprocess.run(
        [sys.executable, "-c", PASSES], env=environ, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == (said, code)


@pytest.mark.parametrize("value", ["", "here", "here:", "here:x"])
def test_what_names_no_pass_is_no_failpoint(value):
    assert dies_at({"DUBAN_FAILPOINT": value}) is None
