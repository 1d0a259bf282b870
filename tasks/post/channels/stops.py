"""Stops of channels: begun by a refusal about us, ended by a letter that is accepted, or a person.

Rule: docs/rules.md, The guarantee of delivery. A stop lasts over rounds. The channel is looked at
again with growing pauses, by one letter: the first that is accepted ends the stop.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from catalog.dates.retries import PATIENCE, pause
from catalog.errors import ConflictError
from ledger.post import channel_stops
from ledger.store.changes import Change
from tasks.post.channels.streak import plain_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from ledger.post.channel_stops import ChannelStop
    from ledger.post.letters import Letter
    from ledger.session import Ledger, Transaction
    from tasks.post.channels.channel import StopKind

ACCEPTED, PERSON = "accepted", "person"  # what ends a stop


class Stops:
    """The stops of a ledger's channels, as one delivery round sees and changes them."""

    def __init__(self, ledger: Ledger, clock: Callable[[], dt.datetime]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._current: dict[str, ChannelStop] = {}
        self._read()

    @property
    def closed(self) -> set[str]:
        """The channels that are not looked at yet."""
        if not self._current:
            return set()
        at = self._clock()
        return {name for name, stop in self._current.items() if channel_stops.is_closed(stop, at)}

    @property
    def aside(self) -> set[str]:
        """The refused letters that wait until their channel has been tried with others."""
        return {letter for stop in self._current.values() for letter in stop.letters}

    def begin(self, reason: str, letters: Sequence[Letter], *, kind: StopKind = "stopped") -> None:
        """Record that a channel stopped by refusing `letters`; lengthen the pause if it had."""
        at, channel = self._clock(), letters[-1].channel
        with self._ledger.transaction() as tx:
            tx.hold("channel-stop")  # two senders at once have one stop
            stop = channel_stops.current(tx.conn).get(channel) or _begun(
                tx, letters[-1], reason, kind=kind, at=at
            )
            look = {
                "looks": stop.looks + 1,
                "next_look": at + pause(stop.kind, stop.looks),
                "letters": tuple(
                    dict.fromkeys([*stop.letters, *(letter.id for letter in letters)])
                ),
            }
            tx.lease([Change("channel_stops", stop.id, look)])
        self._read()

    def wait(self, channel: str) -> None:
        """Lengthen the pause of `channel` if it has stopped: a look at it found no answer."""
        if stop := self._current.get(channel):
            at = self._clock()
            look = {"looks": stop.looks + 1, "next_look": at + pause(stop.kind, stop.looks)}
            with self._ledger.transaction() as tx:
                tx.lease([Change("channel_stops", stop.id, look)])
            self._read()

    def accept(self, channel: str) -> None:
        """Record that `channel` takes letters again, if it had stopped."""
        if channel not in self._current:
            return
        with self._ledger.transaction() as tx:
            tx.hold("channel-stop")
            if stop := channel_stops.current(tx.conn).get(channel):
                _end(tx, stop, ACCEPTED, at=self._clock(), actor="duban")
        self._read()

    def is_same_streak(self, letter: Letter, reason: str) -> bool:
        """Tell whether the channel stopped because of a streak of refusals in these words.

        After PATIENCE without a letter that was accepted the words count as about the letters.
        """
        stop = self._current.get(letter.channel)
        if stop is None or stop.kind != "streak" or self._clock() - stop.since >= PATIENCE:
            return False
        return _same(stop, letter, reason)

    def is_about_letter(self, letter: Letter, reason: str) -> bool:
        """Tell whether these words are about the letter: others passed, it is refused again."""
        stop = self._current.get(letter.channel)
        if stop and stop.kind == "streak" and _same(stop, letter, reason):
            return not self.is_same_streak(letter, reason)
        with self._ledger.read() as conn:
            last = channel_stops.last_ended(conn, letter.channel)
        if last is None or last.ended != ACCEPTED or last.kind == "slowed":
            return False
        return letter.id in last.letters and _same(last, letter, reason)

    def _read(self) -> None:
        with self._ledger.read() as conn:
            self._current = channel_stops.current(conn)


def resume(ledger: Ledger, channel: str, *, at: dt.datetime, actor: str) -> None:
    """End the stop of `channel` at a person's word: its letters are tried in the next round.

    ConflictError if it has not stopped.
    """
    with ledger.transaction() as tx:
        tx.hold("channel-stop")
        stop = channel_stops.current(tx.conn).get(channel)
        if stop is None:
            raise ConflictError("channel-not-stopped", channel=channel)
        _end(tx, stop, PERSON, at=at, actor=actor)


def _begun(
    tx: Transaction, letter: Letter, reason: str, *, kind: StopKind, at: dt.datetime
) -> ChannelStop:
    channel = letter.channel
    name = hashlib.sha256(f"{channel}|{kind}|{at.isoformat()}".encode()).hexdigest()[:16]
    words = plain_words(reason, letter.address)
    values = {"channel": channel, "kind": kind, "reason": reason, "words": words, "since": at}
    change = Change("channel_stops", name, values, op="insert")
    note = {"reason": reason, "kind": kind}
    tx.record("channel-stopped", channel, changes=[change], note=note, at=at, actor="duban")
    return channel_stops.current(tx.conn)[channel]


def _end(tx: Transaction, stop: ChannelStop, ended: str, *, at: dt.datetime, actor: str) -> None:
    values = {"ended_at": at, "ended": ended}
    change = Change("channel_stops", stop.id, values, expected={"ended_at": None})
    note = {"ended": ended}
    tx.record("channel-resumed", stop.channel, changes=[change], note=note, at=at, actor=actor)


def _same(stop: ChannelStop, letter: Letter, reason: str) -> bool:
    return plain_words(reason, letter.address) == stop.words
