"""Delivery of the outbox: form letters, then claim, send and settle one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.dates.retries import LAST_TRY, LEASE, delay
from catalog.errors import ConflictError
from ledger.post import letters
from ledger.proof.anchor_checks import require_newest
from ledger.store.changes import Change
from ledger.store.failpoint import failpoint
from tasks.letters.composing import compose
from tasks.post.attempts import attempt
from tasks.post.channels.channel import ChannelStoppedError, RefusedError, TryAgainError
from tasks.post.forming import form
from tasks.post.leaving import Departures
from tasks.post.lines import Lines
from tasks.post.settling import dropped_rows, settled_messages
from tasks.tick import Counts
from tasks.time_limit import Deadline

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Sequence

    from ledger.post.letters import Load, Mailbox
    from ledger.session import Ledger

BATCH = 20
ROUND = 240.0  # seconds after which a round begins no further letter


def deliver(ledger: Ledger, *, on: dt.date, clock: Callable[[], dt.datetime]) -> Counts:
    """Send every letter that may leave on day `on`; return how many were sent, dead, waiting.

    Each letter is claimed under a lease, sent, and settled with its messages in one transaction,
    so a crash repeats at most the one letter under way, with the same Message-ID (docs/rules.md,
    The guarantee of delivery). A round ends by itself within ROUND and one letter; the letters it
    leaves are waiting, not claimed.
    """
    with ledger.read() as conn:
        require_newest(conn, ledger.settings.home)
        if not letters.waiting(conn, on):
            return Counts(waiting=0)  # most rounds: they write nothing and wait for nobody
    counts = form(ledger, on=on, at=clock())
    with Lines(ledger.settings, clock) as lines:
        round_ = Round(ledger, lines, clock, on=on)
        while not round_.is_over and (loads := _claim(ledger, on, clock(), round_.stopped)):
            failpoint("claimed")
            round_.take(loads)
    counts.update(round_.counts)
    with ledger.read() as conn:
        counts["waiting"] = letters.waiting(conn, on)
    return counts


def _claim(ledger: Ledger, on: dt.date, at: dt.datetime, stopped: Collection[str]) -> list[Load]:
    with ledger.transaction() as tx:
        resting = Departures.of(tx.conn, on).resting
        until = at + LEASE
        return letters.claim(
            tx, on=on, at=at, until=until, limit=BATCH, stopped=stopped, resting=resting
        )


class Round:
    """One delivery round: its counts, and its end."""

    def __init__(
        self, ledger: Ledger, lines: Lines, clock: Callable[[], dt.datetime], *, on: dt.date
    ) -> None:
        self.counts = Counts()
        self.stopped: set[str] = set()
        self._ledger = ledger
        self._lines = lines
        self._clock = clock
        self._on = on
        self._end = Deadline(ROUND)
        self._failed: set[Mailbox] = set()

    @property
    def is_over(self) -> bool:
        """Whether no further letter is begun."""
        return self._end.is_over

    def take(self, loads: Sequence[Load]) -> None:
        """Send and settle each letter; put back those not begun, also after an error."""
        rest = list(reversed(loads))
        try:
            while rest and not self.is_over:
                self._take(rest.pop())
        finally:
            self._put_back(*rest)

    def _take(self, load: Load) -> None:
        """Send the letter and settle it.

        It is put back if its channel has stopped, or an earlier letter to the mailbox failed.
        """
        channel, mailbox = load.letter.channel, (load.letter.channel, load.letter.address)
        if channel in self.stopped or mailbox in self._failed:
            self._put_back(load)
            return
        try:
            state, dropped = self._send(load)
        except ChannelStoppedError as stop:
            self._stop(channel, stop.reason)
            self._put_back(load)
        except RefusedError as refusal:
            self._settle(load, "dead", refusal.reason)
        except TryAgainError as failure:
            if failure.whole_channel:
                self.stopped.add(channel)
            self._failed.add(mailbox)
            self._later(load, failure.reason)
        else:
            self._settle(load, state, None, dropped)

    def _send(self, load: Load) -> tuple[str, Collection[str]]:
        """Send the letter as it is true today; return its state, and the ids of what it left out.

        One with nothing left to say is superseded.
        """
        with self._ledger.read() as conn:
            composed = compose(
                conn,
                load.messages,
                self._ledger.settings,
                address=load.letter.address,
                on=self._on,
                message_id=load.letter.message_id,
            )
        if composed.letter is None:
            return "superseded", composed.superseded
        self._lines.send(load.letter.channel, composed.letter)
        failpoint("accepted")
        return "sent", composed.superseded

    def _settle(
        self, load: Load, state: str, reason: str | None, dropped: Collection[str] = ()
    ) -> None:
        """Record what became of the letter, unless a sender after this one's lease has done so."""
        letter, at = load.letter, self._clock()
        on = letter.on if state == "dead" else self._on
        settled = {"state": state, "on": on, "settled_at": at, "reason": reason}
        try:
            with self._ledger.transaction() as tx:
                changes = [
                    Change("letters", letter.id, settled, expected={"state": "queued"}),
                    *settled_messages(tx, load, state, reason=reason, at=at),
                    *dropped_rows(tx, load, dropped, on=self._on),
                    _attempt(load, state, reason, at),
                ]
                tx.record(state, letter.id, changes=changes, at=at, actor="duban")
                tx.lease([Change("letters", letter.id, {"claimed_until": None})])
        except ConflictError as error:
            if error.key != "row-changed":
                raise
            state = "elsewhere"
        failpoint("settled")
        self.counts[state] += 1

    def _later(self, load: Load, reason: str) -> None:
        letter, at = load.letter, self._clock()
        if letter.tries + 1 >= LAST_TRY:
            self._settle(load, "dead", f"given up after {LAST_TRY} tries: {reason}")
            return
        next_at = at + delay(letter.tries)
        lease = {"tries": letter.tries + 1, "next_try_at": next_at, "claimed_until": None}
        with self._ledger.transaction() as tx:
            changes = [_attempt(load, "failed", reason, at)]
            tx.record("failed", letter.id, changes=changes, at=at, actor="duban")
            tx.lease([Change("letters", letter.id, lease)])
        self.counts["failed"] += 1

    def _stop(self, channel: str, reason: str) -> None:
        """End the round for `channel`; the history records the reason."""
        self.stopped.add(channel)
        with self._ledger.transaction() as tx:
            note = {"reason": reason}
            tx.record("channel-stopped", channel, note=note, at=self._clock(), actor="duban")

    def _put_back(self, *loads: Load) -> None:
        if not loads:
            return
        with self._ledger.transaction() as tx:
            tx.lease(Change("letters", load.letter.id, {"claimed_until": None}) for load in loads)
        self.counts["put_back"] += len(loads)


def _attempt(load: Load, outcome: str, reason: str | None, at: dt.datetime) -> Change:
    letter = load.letter
    return attempt(letter.id, load.messages[0].id, outcome, reason, tries=letter.tries, at=at)
