"""Delivery of the outbox: claim, send and settle one message at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from catalog.dates.retries import LAST_TRY, LEASE, delay
from catalog.errors import ConflictError
from ledger.plans import editions
from ledger.post import contacts, messages
from ledger.proof.anchor_checks import require_newest
from ledger.store.changes import Change
from ledger.store.failpoint import failpoint
from tasks.letters.composing import compose
from tasks.post.channels.channel import ChannelStoppedError, RefusedError, TryAgainError
from tasks.post.lines import Lines
from tasks.tick import Counts
from tasks.time_limit import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.post.messages import Message
    from ledger.session import Ledger

BATCH = 20
ROUND = 240.0  # seconds after which a round begins no further letter


def deliver(ledger: Ledger, *, on: dt.date, clock: Callable[[], dt.datetime]) -> Counts:
    """Send every message that may leave on day `on`; return how many were sent, dead, waiting.

    Each message is claimed under a lease, sent, and settled in its own transaction, so a crash
    repeats at most the one message under way, with the same Message-ID (docs/rules.md, The
    guarantee of delivery). A round ends by itself within ROUND and one letter; the messages it
    leaves are waiting, not claimed.
    """
    with ledger.read() as conn:
        require_newest(conn, ledger.settings.home)
        if not messages.waiting(conn, on):
            return Counts(waiting=0)  # most rounds: they write nothing and wait for nobody
    with Lines(ledger.settings, clock) as lines:
        round_ = Round(ledger, lines, clock)
        while not round_.is_over and (claimed := _claim(ledger, on, clock(), round_.stopped)):
            failpoint("claimed")
            round_.take(claimed)
    counts = round_.counts
    with ledger.read() as conn:
        counts["waiting"] = messages.waiting(conn, on)
    return counts


def ready_through(swept: list[dt.date | None], on: dt.date) -> dt.date:
    """Return the day up to which messages may leave on day `on`.

    A digest gathers the notices of all plans, so it waits until each plan in force has been swept
    for its day, but at most one day, so that one broken plan does not stop the others' mail.
    """
    return min(on, max(min((s or dt.date.min for s in swept), default=on), on - dt.timedelta(1)))


def _claim(ledger: Ledger, on: dt.date, at: dt.datetime, stopped: set[str]) -> list[Message]:
    with ledger.transaction() as tx:
        swept = [e.swept_through for e in editions.all_in_force(tx.conn)]
        through = ready_through(swept, on)
        until = at + LEASE
        return messages.claim(tx, on=through, at=at, until=until, limit=BATCH, stopped=stopped)


class Round:
    """One delivery round: its counts, and its end."""

    def __init__(self, ledger: Ledger, lines: Lines, clock: Callable[[], dt.datetime]) -> None:
        self.counts = Counts()
        self.stopped: set[str] = set()
        self._ledger = ledger
        self._lines = lines
        self._clock = clock
        self._end = Deadline(ROUND)
        self._failed: set[tuple[str, str]] = set()
        with ledger.read() as conn:
            self._addresses = contacts.contacts(conn)

    @property
    def is_over(self) -> bool:
        """Whether no further letter is begun."""
        return self._end.is_over

    def take(self, claimed: Sequence[Message]) -> None:
        """Send and settle each message; put back those not begun, also after an error."""
        rest = list(reversed(claimed))
        try:
            while rest and not self.is_over:
                self._take(rest.pop())
        finally:
            self._put_back(*rest)

    def _take(self, message: Message) -> None:
        """Send `message` and settle it.

        It is put back if its channel has stopped, or an earlier message to the recipient failed.
        """
        if message.channel in self.stopped or (message.recipient, message.channel) in self._failed:
            self._put_back(message)
            return
        try:
            self._send(message)
        except ChannelStoppedError as stop:
            self._stop(message.channel, stop.reason)
            self._put_back(message)
        except RefusedError as refusal:
            self._settle(message, "dead", refusal.reason)
        except TryAgainError as failure:
            if failure.whole_channel:
                self.stopped.add(message.channel)
            self._failed.add((message.recipient, message.channel))
            self._later(message, failure.reason)
        else:
            self._settle(message, "sent", None)

    def _send(self, message: Message) -> None:
        agency, _, position = message.recipient.partition("/")
        address = self._addresses.get((agency, position), {}).get(message.channel)
        if address is None:
            raise RefusedError(f"no address: nobody fills {message.recipient}")
        with self._ledger.read() as conn:
            composed = compose(
                conn,
                [message],
                self._ledger.settings,
                address=address,
                on=message.on,
                message_id=message.message_id,
            )
        if composed.letter is None:
            raise RefusedError("nothing is left to say")
        self._lines.send(message.channel, composed.letter)
        failpoint("accepted")

    def _settle(self, message: Message, state: str, reason: str | None) -> None:
        """Record what became of `message`, unless a sender after this one's lease has done so."""
        at = self._clock()
        settled = {"state": state, "settled_at": at, "reason": reason}
        try:
            with self._ledger.transaction() as tx:
                change = Change("messages", message.id, settled, expected={"state": "queued"})
                attempt = _attempt(message, state, reason, at)
                tx.record(state, message.id, changes=[change, attempt], at=at, actor="duban")
                tx.lease([Change("messages", message.id, {"claimed_until": None})])
        except ConflictError as error:
            if error.key != "row-changed":
                raise
            state = "elsewhere"
        failpoint("settled")
        self.counts[state] += 1

    def _later(self, message: Message, reason: str) -> None:
        at = self._clock()
        if message.tries + 1 >= LAST_TRY:
            self._settle(message, "dead", f"given up after {LAST_TRY} tries: {reason}")
            return
        next_at = at + delay(message.tries)
        lease = {"tries": message.tries + 1, "next_try_at": next_at, "claimed_until": None}
        with self._ledger.transaction() as tx:
            attempt = _attempt(message, "failed", reason, at)
            tx.record("failed", message.id, changes=[attempt], at=at, actor="duban")
            tx.lease([Change("messages", message.id, lease)])
        self.counts["failed"] += 1

    def _stop(self, channel: str, reason: str) -> None:
        """End the round for `channel`; the history records the reason."""
        self.stopped.add(channel)
        with self._ledger.transaction() as tx:
            note = {"reason": reason}
            tx.record("channel-stopped", channel, note=note, at=self._clock(), actor="duban")

    def _put_back(self, *messages: Message) -> None:
        if not messages:
            return
        with self._ledger.transaction() as tx:
            tx.lease(
                Change("messages", message.id, {"claimed_until": None}) for message in messages
            )
        self.counts["put_back"] += len(messages)


def _attempt(message: Message, outcome: str, reason: str | None, at: dt.datetime) -> Change:
    seed = f"{message.id}|{message.tries}|{outcome}|{at.isoformat()}"
    values = {"message": message.id, "at": at, "outcome": outcome, "detail": reason}
    key = hashlib.sha256(seed.encode()).hexdigest()[:16]
    return Change("attempts", key, values, op="insert")
