"""Rate of channels: how many posts each kind takes in its time, over letters and rounds."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from ledger.post import letters
from tasks.post.channels.limits import limit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.post.letters import Letter
    from ledger.session import Ledger
    from tasks.post.channels.limits import Rate

MOMENT = 1  # seconds: a rate counted in these is waited for, any other in the next round


class Rates:
    """The posts of the last moments, by channel, or by address where each has its own."""

    def __init__(self, ledger: Ledger, clock: Callable[[], dt.datetime]) -> None:
        self._ledger = ledger
        self._urls: Mapping[str, str] = ledger.settings.channels
        self._clock = clock
        self._posts: dict[tuple[str, str], list[dt.datetime]] = {}

    def has_room(self, letter: Letter) -> bool:
        """Tell whether one more letter may be posted now, and count it if so."""
        url = self._urls.get(letter.channel, "")
        rate = limit_of(url).rate
        if rate is None:
            return True
        by_address = self.is_by_address(letter.channel)
        place = (letter.channel, letter.address if by_address else "")
        if not self._fits(place, rate):
            if rate.seconds > MOMENT:
                return False
            time.sleep(MOMENT)
        self._posts[place].append(self._clock())
        return True

    def is_by_address(self, channel: str) -> bool:
        """Tell whether each address of `channel` has a rate of its own."""
        return "{to}" in self._urls.get(channel, "")

    def _fits(self, place: tuple[str, str], rate: Rate) -> bool:
        since = self._clock() - dt.timedelta(seconds=rate.seconds)
        if place not in self._posts:
            with self._ledger.read() as conn:
                self._posts[place] = letters.sent_since(conn, *place, since=since)
        self._posts[place] = [at for at in self._posts[place] if at > since]
        return len(self._posts[place]) < rate.posts
