"""Calls in a child process: what strangers send is read with limits on time and memory.

A file of a few kilobytes can cost hours and gigabytes to read. In a child it costs at most
`LIMITS`, the pages answer meanwhile, and its sender is told in one line.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from catalog.errors import ConflictError, InvalidError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MB = 1024 * 1024
NICER = 5  # pages go first


class Limits(NamedTuple):
    """What a call may cost: seconds of computing and by the clock, MB of memory and of answer."""

    seconds: int = 40
    longest: int = 120
    memory: int = 1024
    answer: int = 64


LIMITS = Limits()
_AT_ONCE = threading.BoundedSemaphore(2)
_WAITING = threading.BoundedSemaphore(8)  # those at work among them: a thread of the desk each
_PATH = Path(__file__).parents[1]
_INHERITED = ("PATH", "LD_LIBRARY_PATH")  # no secrets
_TOO_MUCH = 75
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG

Result = TypeVar("Result")


def call_in_child(
    function: Callable[..., Result], *args: Any, place: str, limits: Limits = LIMITS
) -> Result:
    """Return `function(*args)`, computed in a child process; `place` names the file in errors.

    The function, its arguments and its result travel by pickle. Raises what the function raises,
    InvalidError where it exceeds a limit, ConflictError where too many files are being read.
    """
    with _slot(place, limits), TemporaryFile() as request, TemporaryFile() as answer:
        pickle.dump((function, args), request)
        request.seek(0)
        _run(request.fileno(), answer.fileno(), place, limits)
        answer.seek(0)
        error, result = pickle.load(answer)  # noqa: S301  # our own child wrote it
    if error is not None:
        raise error
    return result  # type: ignore[no-any-return]


@contextmanager
def _slot(place: str, limits: Limits) -> Iterator[None]:
    """Wait for one of the few children there may be at once."""
    if not _WAITING.acquire(blocking=False):
        raise ConflictError("file-reading-busy", place=place)
    try:
        if not _AT_ONCE.acquire(timeout=limits.longest):
            raise ConflictError("file-reading-busy", place=place)
        try:
            yield
        finally:
            _AT_ONCE.release()
    finally:
        _WAITING.release()


def _run(request: int, answer: int, place: str, limits: Limits) -> None:
    """Run the child to its end; an interrupt ends it as well."""
    command = [sys.executable, "-B", "-m", "ledger.child", *map(str, limits)]
    environ = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    try:
        ended = subprocess.run(  # noqa: S603  # our own command
            command,
            stdin=request,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            cwd=_PATH,
            env=environ,
            timeout=limits.longest,
            check=False,
        )
    except subprocess.TimeoutExpired:
        ended = None
    if ended is None or ended.returncode < 0 or ended.returncode == _TOO_MUCH:
        values = {"seconds": limits.seconds, "megabytes": limits.memory}
        raise InvalidError("file-too-costly", place=place, **values)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}")


def main(limits: Limits) -> None:
    """Answer the call that stands in the input, within the limits."""
    _limit(limits)
    answer, sys.stdout = sys.stdout.buffer, sys.stderr
    try:
        function, args = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own parent wrote it
        pickle.dump(_outcome(function, args), answer)
        answer.flush()
    except (MemoryError, OSError):  # OSError: the answer is larger than a file may be
        os._exit(_TOO_MUCH)


def _outcome(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, Any]:
    """Return the error and the result of a call, one of them None."""
    try:
        return None, function(*args)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # the parent raises it
        return error, None


def _limit(limits: Limits) -> None:
    """Limit this process: its kernel ends it, whatever it is doing, and when the parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.alarm(limits.longest)  # without its parent it ends by itself
    os.nice(NICER)
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_AS, limits.memory * MB),
        (resource.RLIMIT_FSIZE, limits.answer * MB),
    ):
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    main(Limits(*map(int, sys.argv[1:])))
