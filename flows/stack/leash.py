"""`python -m flows.stack.leash PID COMMAND...`: a command that ends when the process PID ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Become `command`; on Linux the kernel terminates it when its parent dies, even by kill -9.

    Elsewhere there is no such leash, and only an orderly stop ends the command.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the leash was on
            return
    os.execvp(command[0], command)  # noqa: S606  # the stack's own command, no shell


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
