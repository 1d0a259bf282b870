"""Delivery of the outbox: form letters, then claim, send and settle one after the other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from catalog.dates.retries import LEASE, delay, last_try
from catalog.errors import ConflictError
from ledger.post import letters
from ledger.proof.anchor_checks import require_newest
from ledger.store.changes import Change
from ledger.store.failpoint import failpoint
from tasks.letters.composing import compose
from tasks.post.attempts import attempt
from tasks.post.channels.channel import ChannelStoppedError, RefusedError, TryAgainError
from tasks.post.channels.rates import Rates
from tasks.post.channels.stops import Stops
from tasks.post.channels.streak import Refused, Streaks
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
        try:
            while not round_.is_over and (loads := _claim(ledger, round_, at=clock())):
                failpoint("claimed")
                round_.take(loads)
        finally:
            round_.settle_refused()
    counts.update(round_.counts)
    with ledger.read() as conn:
        counts["waiting"] = letters.waiting(conn, on)
    return counts


def _claim(ledger: Ledger, round_: Round, *, at: dt.datetime) -> list[Load]:
    """Claim the next letters; those that stopped a channel only where it has no other."""
    aside, later = round_.aside, round_.later
    with ledger.transaction() as tx:
        resting = Departures.of(tx.conn, round_.on).resting
        claim = partial(
            letters.claim,
            tx,
            on=round_.on,
            at=at,
            until=at + LEASE,
            limit=BATCH,
            stopped=round_.stopped,
            resting=resting,
        )
        return claim(aside=aside | later) or (claim(aside=later) if aside else [])


class Round:
    """One delivery round: its counts, and its end."""

    def __init__(
        self, ledger: Ledger, lines: Lines, clock: Callable[[], dt.datetime], *, on: dt.date
    ) -> None:
        self.counts = Counts()
        self.on = on
        self._ledger = ledger
        self._lines = lines
        self._clock = clock
        self._end = Deadline(ROUND)
        self._failed: set[Mailbox] = set()
        self._silent: set[str] = set()  # channels without an answer, or out of their rate
        self.later: set[str] = set()  # letters left to a later round
        self._stops = Stops(ledger, clock)
        self._rates = Rates(ledger, clock)
        self._streaks = Streaks()

    @property
    def is_over(self) -> bool:
        """Whether no further letter is begun."""
        return self._end.is_over

    @property
    def stopped(self) -> set[str]:
        """The channels for which this round is over."""
        return self._silent | self._stops.closed

    @property
    def aside(self) -> set[str]:
        """The letters that are tried only where their channel has no other."""
        return self._stops.aside

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
            self.later.add(load.letter.id)
            self._put_back(load)
            return
        if not self._rates.has_room(load.letter):
            self._wait(load)
            return
        try:
            state, dropped = self._send(load)
        except ChannelStoppedError as stop:
            self._stop(load, stop)
        except RefusedError as refusal:
            self._refused(load, refusal)
        except TryAgainError as failure:
            if failure.whole_channel:
                self._silent.add(channel)
            self._stops.wait(channel)
            self._failed.add(mailbox)
            self._later(load, failure)
        else:
            self._settle(load, state, None, dropped)
            if state == "sent":
                self._stops.accept(channel)
                self._bury(self._streaks.end(channel))

    def _send(self, load: Load) -> tuple[str, Collection[str]]:
        """Send the letter as it is true today; return its state, and the ids of what it left out.

        One with nothing left to say is superseded.
        """
        channel = load.letter.channel  # another than a message's own where that has no address
        with self._ledger.read() as conn:
            composed = compose(
                conn,
                [message.model_copy(update={"channel": channel}) for message in load.messages],
                self._ledger.settings,
                address=load.letter.address,
                on=self.on,
                message_id=load.letter.message_id,
            )
        if composed.letter is None:
            return "superseded", composed.superseded
        self._lines.send(channel, composed.letter)
        failpoint("accepted")
        return "sent", composed.superseded

    def _settle(
        self, load: Load, state: str, reason: str | None, dropped: Collection[str] = ()
    ) -> None:
        """Record what became of the letter, unless a sender after this one's lease has done so."""
        letter, at = load.letter, self._clock()
        on = letter.on if state == "dead" else self.on
        settled = {"state": state, "on": on, "settled_at": at, "reason": reason}
        try:
            with self._ledger.transaction() as tx:
                changes = [
                    Change("letters", letter.id, settled, expected={"state": "queued"}),
                    *settled_messages(tx, load, state, reason=reason, at=at),
                    *dropped_rows(tx, load, dropped, on=self.on),
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

    def _later(self, load: Load, failure: TryAgainError) -> None:
        letter, at = load.letter, self._clock()
        last = last_try(is_full=failure.is_full, is_outage=failure.whole_channel)
        if letter.tries + 1 >= last:
            self._settle(load, "dead", f"given up after {last} tries: {failure.reason}")
            return
        next_at = at + delay(letter.tries)
        lease = {"tries": letter.tries + 1, "next_try_at": next_at, "claimed_until": None}
        with self._ledger.transaction() as tx:
            changes = [_attempt(load, "failed", failure.reason, at)]
            tx.record("failed", letter.id, changes=changes, at=at, actor="duban")
            tx.lease([Change("letters", letter.id, lease)])
        self.counts["failed"] += 1

    def _stop(self, load: Load, stop: ChannelStoppedError) -> None:
        """Stop the channel, unless it takes all letters but this one."""
        if self._stops.is_about_letter(load.letter, stop.reason):
            self._settle(load, "dead", stop.reason)
            return
        self._stops.begin(stop.reason, [load.letter], kind=stop.kind)
        self._put_back(load)

    def _refused(self, load: Load, refusal: RefusedError) -> None:
        """Keep a refused letter until it is plain whom the words are about."""
        letter, reason = load.letter, refusal.reason
        if refusal.is_ours or self._stops.is_about_letter(letter, reason):
            self._settle(load, "dead", reason)
        elif self._stops.is_same_streak(letter, reason):
            self._stops.begin(reason, [letter])
            self._put_back(load)
        else:
            broken, streak = self._streaks.add(Refused(load, reason))
            self._bury(broken)
            if streak:
                loads = [refused.load for refused in streak]
                self._stops.begin(reason, [each.letter for each in loads], kind="streak")
                self._put_back(*loads)

    def settle_refused(self) -> None:
        """Settle the letters whose refusals were no streak, at the end of the round."""
        self._bury(self._streaks.end_all())

    def _bury(self, refused: Sequence[Refused]) -> None:
        for load, reason in refused:
            self._settle(load, "dead", reason)

    def _wait(self, load: Load) -> None:
        """Put back a letter that would be too fast; where all share one rate, the others too."""
        if self._rates.is_by_address(load.letter.channel):
            self.later.add(load.letter.id)
        else:
            self._silent.add(load.letter.channel)
        self._put_back(load)

    def _put_back(self, *loads: Load) -> None:
        if not loads:
            return
        with self._ledger.transaction() as tx:
            tx.lease(Change("letters", load.letter.id, {"claimed_until": None}) for load in loads)
        self.counts["put_back"] += len(loads)


def _attempt(load: Load, outcome: str, reason: str | None, at: dt.datetime) -> Change:
    letter = load.letter
    return attempt(letter.id, load.messages[0].id, outcome, reason, tries=letter.tries, at=at)
