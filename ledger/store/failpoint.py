"""Failpoints: places in the code at which a test kills the process, as `kill -9` does."""

from __future__ import annotations

import os
import signal
from collections import Counter

from ledger.settings import dies_at

_passes: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Kill this process at the n-th pass where DUBAN_FAILPOINT is `name:n`.

    No `finally` block runs and no buffer is flushed: only what is on disk survives.
    """
    if (target := dies_at()) is None or target[0] != name:
        return
    _passes[name] += 1
    if _passes[name] == target[1]:
        os.kill(os.getpid(), signal.SIGKILL)
