"""Points of the real code at which a test has the process die, as by `kill -9`."""

from __future__ import annotations

import os
import signal
from collections import Counter

from ledger.settings import dies_at

_passed: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Kill this process where DUBAN_FAILPOINT is `name:n` and this is the n-th pass; else nothing.

    No block ends, no buffer is written, nobody is told: what stands then is what survives.
    """
    if (asked := dies_at()) is None or asked[0] != name:
        return
    _passed[name] += 1
    if _passed[name] == asked[1]:
        os.kill(os.getpid(), signal.SIGKILL)
