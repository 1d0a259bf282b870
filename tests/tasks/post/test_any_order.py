"""Days, rounds, crashes and refusals in any order: nothing lost, one digest a mailbox and day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.dates.workdays import load_workdays
from ledger.post import letters
from ledger.proof.ledger_verification import verify_ledger
from tasks.post import requeue
from tasks.post.channels.channel import ChannelStoppedError, RefusedError, TryAgainError
from tasks.post.contacts import Contact, reach
from tasks.post.deliver import deliver
from tests.databases import OnSqlite
from tests.world import DAY, PostOffice, World, address, small_plan

BEGINNING = dt.date(2013, 9, 25)  # Wednesday; 29 September and 12 October are worked, 1-7 is not
SHARED, KEY = "registry@county.example", "small-2013/1.r0/city/once"
ADDRESSES = (SHARED, "a@reviewer.example", "b@reviewer.example", address("office/officer"))
REFUSALS = (TryAgainError("451"), RefusedError("550"), ChannelStoppedError("535"), None)
HOUR = dt.timedelta(hours=1)


class Crash(BaseException):
    """The end of a process, right after the provider has taken a letter."""


class CrashingPost(PostOffice):
    """A post office after whose next letters the sender ends, when it is told to."""

    crash_after = 0

    def send(self, letter):
        super().send(letter)
        if self.crash_after:
            self.crash_after -= 1
            if not self.crash_after:
                raise Crash


class Life:
    """An outbox that lives: each step is a day, a round, a crash, a refusal or a deed."""

    def __init__(self, folder: Path, ledger):
        self.post = CrashingPost()
        self.world = World(ledger, self.post)
        duties = [
            {"id": f"r{n}", "parties": ["city", "reviewer"], "due_on": BEGINNING + 3 * n * DAY}
            for n in range(3)
        ]
        self.world.publish(small_plan(folder, *duties))
        contacts = [
            *(Contact(agency, "officer", "mail", SHARED) for agency in ("trade", "city")),
            Contact("reviewer", "officer", "mail", ", ".join(ADDRESSES[1:3])),
        ]
        reach(ledger, contacts, at=self.world.at, actor="office/officer")
        self.world.sweep(BEGINNING - DAY)
        self.rounds = self.crashes = 0
        self.taken: list[tuple[str, dt.date, str, str]] = []

    def day(self, days: int) -> None:
        self.rounds = 0
        self.world.sweep(self.world.today + days * DAY)

    def round(self, crash_after: int = 0) -> None:
        self.rounds += 1
        self.post.crash_after = crash_after
        at = self.world.at + self.rounds * HOUR
        try:
            deliver(self.world.ledger, on=self.world.today, clock=lambda: at)
        except Crash:
            self.crashes += 1
        self.post.crash_after = 0
        for each in self.post.letters:
            form = "slip" if each.message_id.startswith("<slip-") else "digest"
            self.taken.append((each.to, self.world.today, each.message_id, form))
        self.post.letters.clear()

    def refuse(self, place: int, refusal: int) -> None:
        self.post.refusals.pop(ADDRESSES[place], None)
        if REFUSALS[refusal]:
            self.post.refusals[ADDRESSES[place]] = REFUSALS[refusal]

    def deed(self) -> None:
        if self.world.duty(KEY).filed_on and not self.world.duty(KEY).returned_on:
            self.world.give_back(KEY)
        else:
            self.world.file(KEY)

    def end(self) -> None:
        """Mend everything, and live on until all has left."""
        self.post.refusals.clear()
        at = self.world.at
        requeue.retry_all(self.world.ledger, at=at, actor="office/officer")
        for _ in range(14):
            self.round()
            self.day(1)


STEPS = st.one_of(
    st.tuples(st.just("day"), st.integers(1, 4)),
    st.just(("round",)),
    st.just(("round",)),
    st.tuples(st.just("round"), st.integers(1, 3)),
    st.tuples(st.just("refuse"), st.integers(0, 3), st.integers(0, 3)),
    st.just(("deed",)),
)


@settings(max_examples=6)
@given(steps=st.lists(STEPS, max_size=14))
def test_nothing_is_lost_and_a_mailbox_has_one_digest_a_working_day(steps):
    with (
        pytest.MonkeyPatch.context() as patch,
        TemporaryDirectory() as folder,
        OnSqlite().fleeting(Path(folder) / "home") as ledger,
    ):
        life = Life(Path(folder), ledger)
        patch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: life.post)
        for name, *values in steps:
            getattr(life, name)(*values)
        life.end()
        assert_delivered(life)


def assert_delivered(life: Life) -> None:
    ledger, workdays = life.world.ledger, load_workdays("CN")
    digests = {each[:3] for each in life.taken if each[3] == "digest"}
    assert max(Counter(each[:2] for each in digests).values()) == 1
    assert [on for _, on, _ in digests if not workdays.is_workday(on)] == []
    copies = Counter(message_id for _, _, message_id, _ in life.taken)
    assert sum(copies.values()) - len(copies) <= life.crashes
    with ledger.read() as conn:
        every = letters.listed(conn)
        assert not verify_ledger(conn).faults
    queued_since = {life.world.today - n * DAY for n in range(4)}
    late = [m for m in life.world.messages(state="queued") if m.on not in queued_since]
    assert late == []
    assert {m.state for m in life.world.messages()} <= {"draft", "queued", "sent", "superseded"}
    assert copies.keys() == {letter.message_id for letter in every if letter.state == "sent"}
