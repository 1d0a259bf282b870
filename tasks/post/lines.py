"""The open channels of a delivery round, and the time a letter has on them."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from catalog.errors import DubanError
from tasks.post.channels import channel_for
from tasks.post.channels.channel import ChannelStoppedError, NotSentError, TryAgainError
from tasks.time_limit import OutOfTimeError, within

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from typing import Self

    from ledger.settings import Settings
    from tasks.letters.letter_format import Letter
    from tasks.post.channels.channel import Channel

LETTER = 60.0  # seconds for a letter, from the first connection to the last answer
FAREWELL = 10.0  # seconds to close a channel


class Lines:
    """Channels by name, each opened with its first letter and kept open for the next."""

    def __init__(self, settings: Settings, clock: Callable[[], dt.datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._channels: dict[str, Channel] = {}
        self._overruns: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for channel in self._channels.values():
            with suppress(OutOfTimeError):
                within(FAREWELL, channel.close)

    def send(self, name: str, letter: Letter) -> None:
        """Send `letter` by the channel `name`; raise NotSentError as the channel does.

        A letter that is not through after LETTER seconds is tried again later, and the next one
        goes by a new line; a second such letter ends the round for the channel.
        """
        channel = self._channels.pop(name, None) or self._opened(name)
        try:
            within(LETTER, partial(channel.send, letter))
        except OutOfTimeError as overrun:
            self._overruns[name] += 1
            raise TryAgainError(str(overrun), whole_channel=self._overruns[name] > 1) from None
        except NotSentError:
            self._channels[name] = channel
            raise
        self._channels[name] = channel

    def _opened(self, name: str) -> Channel:
        try:
            return channel_for(self._settings, name, clock=self._clock)
        except DubanError as error:
            raise ChannelStoppedError(str(error)) from error
