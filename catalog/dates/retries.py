"""Times of delivery: the lease of a claim, delays between tries, pauses of a stopped channel."""

from __future__ import annotations

import datetime as dt

LEASE = dt.timedelta(minutes=15)  # longer than a whole round
FIRST_DELAY = dt.timedelta(minutes=5)
LONGEST_DELAY = dt.timedelta(hours=6)
LAST_TRY = 30  # with these delays about a week
LAST_TRY_FULL = 27  # of a full mailbox: five days
LAST_TRY_OUTAGE = 130  # while the channel itself does not answer: about a month
FIRST_PAUSES = {"stopped": dt.timedelta(minutes=15), "slowed": dt.timedelta(minutes=5)}
LONGEST_PAUSE = dt.timedelta(hours=4)
PATIENCE = dt.timedelta(days=5)  # with letters refused in the same words, if no other is accepted


def delay(tries: int) -> dt.timedelta:
    """Return the delay after a failure that followed `tries` earlier ones."""
    return min(FIRST_DELAY * (1 << min(tries, 10)), LONGEST_DELAY)


def pause(kind: str, looks: int) -> dt.timedelta:
    """Return the pause of a stopped channel after `looks` at it that found it stopped."""
    first = FIRST_PAUSES.get(kind, FIRST_PAUSES["stopped"])
    return min(first * (1 << min(looks, 10)), LONGEST_PAUSE)


def last_try(*, is_full: bool = False, is_outage: bool = False) -> int:
    """Return the number of tries after which a letter is given up.

    An outage says nothing about a letter: all that wait then would be given up with it.
    """
    if is_outage:
        return LAST_TRY_OUTAGE
    return LAST_TRY_FULL if is_full else LAST_TRY
