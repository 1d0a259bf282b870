"""What can become of a letter: sent (nothing is raised), or one of three errors (rules 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from catalog.errors import DubanError
from catalog.ladder.texts import one_line

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from tasks.post.channels.letter import Letter

_LONGEST_REASON = 200
_BUSY_STATUS = {408, 425, 429, *range(500, 600)}
_NO_ENTRY_STATUS = {401, 403, 407}
_REDIRECT_STATUS = range(300, 400)


class Channel(Protocol):
    """A way out of the house; used as a context manager, which closes its line."""

    def send(self, letter: Letter) -> None:
        """Hand the letter to the provider; returning means that the provider has accepted it."""

    def close(self) -> None:
        """Leave the line; the next letter opens it again."""

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

    `whole_channel` says that the next letter would meet the same, so the round ends here.
    """

    text: ClassVar[str]

    def __init__(self, reason: str, *, whole_channel: bool = False) -> None:
        self.reason = one_line(reason)[:_LONGEST_REASON]
        self.whole_channel = whole_channel
        super().__init__(self.text, reason=self.reason)


class TryAgainError(NotSentError):
    """Refused connection, time-out, 4xx: counts as a try, and is tried again later."""

    text = "letter-try-again"


class RefusedError(NotSentError):
    """5xx for this letter or its recipient: dead, and shown to the office."""

    text = "letter-refused"


class ChannelStoppedError(NotSentError):
    """Authentication refused: no letter can leave, and nothing counts as a try."""

    text = "channel-stopped"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, whole_channel=True)


def judge(status: int, who: str) -> None:
    """Raise what an HTTP status that is no yes means for a letter; no redirect is followed."""
    reason = f"{who}: HTTP {status}"
    if status in _NO_ENTRY_STATUS:
        raise ChannelStoppedError(reason)
    if status in _BUSY_STATUS:
        raise TryAgainError(reason, whole_channel=True)
    if status in _REDIRECT_STATUS:
        raise RefusedError(f"{reason}, a redirect, not followed")
    raise RefusedError(reason)
