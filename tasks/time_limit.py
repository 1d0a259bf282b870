"""Limits on the whole of an outside conversation, however its peer spends the time.

A time-out of a socket is for one step only: a peer that sends a byte at a time keeps it for ever.
"""

from __future__ import annotations

import ctypes
import time
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class OutOfTimeError(TimeoutError):
    """The work was not over within its limit."""


class _CutOff(BaseException):
    """Ends an abandoned thread; no `except Exception` of a library takes it for an answer."""


class Deadline:
    """A moment `seconds` from now, on a clock that nobody sets."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether the moment has passed."""
        return time.monotonic() >= self._ends


def within(seconds: float, work: Callable[[], T]) -> T:
    """Return the result of `work`, done in a thread of its own; OutOfTimeError after `seconds`.

    The caller goes on at the limit, whatever the thread waits for: a name server, a handshake, the
    next byte. The thread ends before its next step, which comes with that byte or with its own
    time-out for a step, so every socket in `work` must have one. A line that was kept open for
    other work is unusable afterwards.
    """
    outcome: Future[T] = Future()
    thread = Thread(target=_do, args=(work, outcome), daemon=True, name=f"within {seconds:g} s")
    thread.start()
    try:
        thread.join(seconds)
        if not outcome.done():
            raise OutOfTimeError(f"not over within {seconds:g} s")
    finally:  # a signal may have ended the waiting as well
        if thread.ident is not None and not outcome.done():
            _raise_in(thread.ident, _CutOff)
    return outcome.result()


def _do(work: Callable[[], T], outcome: Future[T]) -> None:
    with suppress(_CutOff):  # it may come while another error is being handed over
        try:
            outcome.set_result(work())
        except _CutOff:
            return
        except BaseException as error:  # noqa: BLE001  the waiting thread raises it
            outcome.set_exception(error)


def _raise_in(thread: int, error: type[BaseException]) -> None:
    """Have a thread raise `error` at its next step in Python; no effect once it has ended."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))
