"""Outcomes of sending a letter: sent, or one of three errors.

Rule: docs/rules.md, The guarantee of delivery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from catalog.clean import one_line
from catalog.errors import DubanError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from tasks.letters.letter_format import Letter

_LONGEST_REASON = 200
_BUSY_STATUS = {408, 425, 429, *range(500, 600)}
_NO_ENTRY_STATUS = {401, 403, 407}
_REDIRECT_STATUS = range(300, 400)


class Channel(Protocol):
    """A delivery channel; as a context manager it closes its connection."""

    def send(self, letter: Letter) -> None:
        """Hand the letter to the provider; on return the provider has accepted it."""

    def close(self) -> None:
        """Close the connection; the next letter opens it again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class NotSentError(DubanError):
    """The provider has not accepted the letter; `reason` is one line without secrets.

    `whole_channel` if the next letter would fail as well, so the round ends for the channel.
    """

    text: ClassVar[str]

    def __init__(self, reason: str, *, whole_channel: bool = False) -> None:
        self.reason = one_line(reason)[:_LONGEST_REASON]
        self.whole_channel = whole_channel
        super().__init__(self.text, reason=self.reason)


class TryAgainError(NotSentError):
    """Refused connection, time-out or 4xx: counts as a try and is tried again later."""

    text = "letter-try-again"


class RefusedError(NotSentError):
    """5xx for this letter or its recipient: the message is dead and shown to the office."""

    text = "letter-refused"


class ChannelStoppedError(NotSentError):
    """Authentication refused: no letter can leave and nothing counts as a try."""

    text = "channel-stopped"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, whole_channel=True)


def judge(status: int, who: str) -> None:
    """Raise the error that an unsuccessful HTTP status means; redirects are refusals."""
    reason = f"{who}: HTTP {status}"
    if status in _NO_ENTRY_STATUS:
        raise ChannelStoppedError(reason)
    if status in _BUSY_STATUS:
        raise TryAgainError(reason, whole_channel=True)
    if status in _REDIRECT_STATUS:
        raise RefusedError(f"{reason}, a redirect, not followed")
    raise RefusedError(reason)
