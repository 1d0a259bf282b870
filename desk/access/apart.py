"""Handlers that wait for another system or for a place in a line, without a thread of the pages."""

from __future__ import annotations

import functools
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter, Lock, move_on_after, sleep, to_thread
from starlette.concurrency import run_in_threadpool

from tasks.people.passwords import BusyError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response


PAUSE = 0.05  # seconds between two tries of the first in a line


class Apart:
    """So many threads of their own, and so many requests that wait for one without a thread.

    When more come, `busy` answers them; it gets the arguments of the handler.
    """

    def __init__(self, *, threads: int, waiting: int, busy: Callable[..., Response]) -> None:
        self._limiter = CapacityLimiter(threads)
        self._waiting = waiting
        self._busy = busy

    def __call__(self, handler: Callable[..., Response]) -> Callable[..., Awaitable[Response]]:
        """Return `handler` done apart."""

        @functools.wraps(handler)
        async def apart(**arguments: Any) -> Response:
            if self._limiter.statistics().tasks_waiting >= self._waiting:
                return await run_in_threadpool(self._busy, **arguments)
            work = functools.partial(handler, **arguments)
            return await to_thread.run_sync(work, limiter=self._limiter)

        return apart


class Patient:
    """So many requests that wait, in their order, until a handler no longer raises BusyError.

    Each waits up to `longest` seconds. After that, and when more come, `busy` answers; it gets the
    arguments of the handler.
    """

    def __init__(self, *, waiting: int, longest: float, busy: Callable[..., Response]) -> None:
        self.longest = longest
        self._waiting = waiting
        self._busy = busy
        self._turn = Lock()  # of the first in the line, who alone tries

    def __call__(self, handler: Callable[..., Response]) -> Callable[..., Awaitable[Response]]:
        """Return `handler` done as soon as there is a place."""

        @functools.wraps(handler)
        async def patient(**arguments: Any) -> Response:
            do = functools.partial(run_in_threadpool, handler, **arguments)
            with suppress(BusyError):
                return await do()
            if self._turn.statistics().tasks_waiting < self._waiting:
                with move_on_after(self.longest):
                    async with self._turn:
                        return await _tried(do)
            return await run_in_threadpool(self._busy, **arguments)

        return patient


async def _tried(do: Callable[[], Awaitable[Response]]) -> Response:
    while True:
        with suppress(BusyError):
            return await do()
        await sleep(PAUSE)
