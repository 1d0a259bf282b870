"""Times of delivery: the lease of a claim, and the delays between tries."""

from __future__ import annotations

import datetime as dt

LEASE = dt.timedelta(minutes=15)  # longer than a whole round
FIRST_DELAY = dt.timedelta(minutes=5)
LONGEST_DELAY = dt.timedelta(hours=6)
LAST_TRY = 30  # with these delays about a week


def delay(tries: int) -> dt.timedelta:
    """Return the delay after a failure that followed `tries` earlier ones."""
    return min(FIRST_DELAY * (1 << tries), LONGEST_DELAY)
