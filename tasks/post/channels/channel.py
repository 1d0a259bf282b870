"""Outcomes of sending a letter: sent, or one of three errors.

Rule: docs/rules.md, The guarantee of delivery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from catalog.clean import one_line
from catalog.errors import DubanError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from tasks.letters.letter_format import Letter

# stopped: refused because of us; slowed: asked too often; unclear: an answer nobody knows;
# streak: the same words for three different recipients running.
StopKind = Literal["stopped", "slowed", "unclear", "streak"]

_LONGEST_REASON = 200


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

    def hide(self, secrets: Iterable[str]) -> None:
        """Replace `secrets` in the reason."""
        for secret in secrets:
            self.reason = self.reason.replace(secret, "***")
        self.values = {**self.values, "reason": self.reason}


class TryAgainError(NotSentError):
    """Refused connection, time-out or 4xx: counts as a try and is tried again later.

    `is_full` if the mailbox is full, which is tried for five days only.
    """

    text = "letter-try-again"

    def __init__(self, reason: str, *, whole_channel: bool = False, is_full: bool = False) -> None:
        self.is_full = is_full
        super().__init__(reason, whole_channel=whole_channel)


class RefusedError(NotSentError):
    """Refused for this letter or its recipient: the letter is dead and shown to the office.

    `is_ours` if nobody was asked: the address or size is wrong by our own rules.
    """

    text = "letter-refused"

    def __init__(self, reason: str, *, is_ours: bool = False) -> None:
        self.is_ours = is_ours
        super().__init__(reason)


class ChannelStoppedError(NotSentError):
    """Refused because of us: no letter can leave, nothing counts as a try, the office is told.

    A `slowed` channel was asked too often; one with an `unclear` answer needs a person.
    """

    text = "channel-stopped"

    def __init__(self, reason: str, *, kind: StopKind = "stopped") -> None:
        self.kind: StopKind = kind
        super().__init__(reason, whole_channel=True)
