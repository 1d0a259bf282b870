"""Processes of their own for tests of many at once.

Each begins clean, as a command does, but as the copy of one that has the modules already: to
import them takes a second.
"""

from __future__ import annotations

import multiprocessing

AT_ONCE = multiprocessing.get_context("forkserver")
AT_ONCE.set_forkserver_preload(["pytest", "tests.world", "tasks.deeds.reassigning"])
