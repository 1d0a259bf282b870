"""Handlers that wait for another system, apart from the threads that serve pages."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response


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
