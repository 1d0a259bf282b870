"""The due duties of a sweep, page by page, each page in one transaction."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ledger.duties import duties

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.session import Ledger, Transaction
    from tasks.tick import Tick

PAGE = 2000


def act_on_due(
    ledger: Ledger,
    tick: Tick,
    act: Callable[[Transaction, list[duties.Duty]], None],
    *,
    unopened: bool = False,
) -> None:
    """Call `act` with every page of the duties of `tick` to look at up to its day.

    A page is read and locked inside the transaction that changes it, so neither two sweeps at once
    nor a sweep and a deed act on the same state. A day with nothing due takes no write lock.
    `unopened` leaves out the duties that are open already. UnfinishedError between two pages once
    the time of `tick` is over.
    """
    due = partial(
        duties.due,
        plan=tick.plan,
        on=tick.on,
        keys=tick.keys,
        obligation=tick.obligation,
        unopened=unopened,
    )
    with ledger.read() as conn:
        if not due(conn, limit=1):
            return
    after: duties.Duty | None = None
    while True:
        tick.go_on(ledger)
        with ledger.transaction() as tx:
            page = due(tx.conn, after=after, limit=PAGE, lock=True)
            if not page:
                return
            act(tx, page)
        after = page[-1]
