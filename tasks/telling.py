"""Tell what the ladder says is due: one notice a duty and recipient, gathered into digests."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from catalog.ladder import Form, Look, Role, look, rung_of
from ledger import contacts, duties, messages, notices
from ledger.changes import Change
from tasks.channels.letter import message_id
from tasks.editions import in_force
from tasks.pages import act_on_due
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.duties import Held
    from ledger.session import Ledger, Transaction
    from tasks.editions import InForce
    from tasks.tick import Tick

MAIL = "mail"
DAY = dt.timedelta(days=1)


class Notice(NamedTuple):
    """One notice to be recorded: whom it tells, by which channel, in which form."""

    id: str
    recipient: str
    channel: str
    form: Form


class Told(NamedTuple):
    """What looking at one duty led to."""

    held: Held
    look: Look
    notices: list[Notice]


def tell(ledger: Ledger, tick: Tick, form: Form) -> Counts:
    """Tell every due rung of `form`, and move on the duties for which nothing is due.

    Where several rungs fall on one day the highest is told and the others are recorded with it
    (rules 2); the notices, their messages and the history entry are one transaction (rules 7).
    """
    with ledger.read() as conn:
        held = in_force(conn, tick.plan)
        directory = Directory(held, contacts.contacts(conn))
    counts = Counts()

    def act(tx: Transaction, page: list[Held]) -> None:
        told = [_look(duty, held, tick, directory) for duty in page if duty.opened_on]
        mine = [t for t in told if t.look.rung is None or _form(held, t.look.rung) == form]
        _record(tx, mine, tick, ledger.settings.mail_from)
        counts.update(_count(mine, form))

    act_on_due(ledger, tick, act)
    return counts


class Directory:
    """Who stands behind a role, and by which channels each position is reached."""

    def __init__(self, held: InForce, reached: dict[tuple[str, str], dict[str, str]]) -> None:
        self._office = held.plan.office
        self._open = {a.id for a in held.plan.agencies if a.kind == "open-group"}
        self._channels = {f"{agency}/{p}": sorted(by) for (agency, p), by in reached.items()}

    def recipients(self, duty: Held, role: Role) -> Iterator[str]:
        """Yield `agency/position` for each one that `role` means in this duty (rules 3).

        A group the plan leaves open (有關市) is nobody's mailbox and is passed over.
        """
        match role:
            case "performer":
                yield f"{duty.performer}/officer"
            case "lead":
                yield f"{duty.lead}/officer"
            case "participants":
                yield from (f"{p}/officer" for p in duty.participants if p not in self._open)
            case "office":
                yield f"{self._office}/officer"
            case "lead.head":
                yield f"{duty.lead}/head"
            case "responsible":
                yield f"{duty.lead}/leader"

    def channels(self, recipient: str) -> list[str]:
        """Return the channels of a position; one nobody fills is written to by mail all the same.

        Its message ends as dead with that reason, an alarm instead of silence.
        """
        return self._channels.get(recipient) or [MAIL]


def _look(duty: Held, held: InForce, tick: Tick, directory: Directory) -> Told:
    seen = look(
        held.plan.ladder,
        held.workdays,
        duties.facts(duty),
        told_through=duty.told_through,
        today=tick.on,
    )
    if seen.rung is None:
        return Told(duty, seen, [])
    forms: dict[str, Form] = {}
    for role, form in seen.to:
        for recipient in directory.recipients(duty, role):
            forms.setdefault(recipient, form)
    rung = seen.rung
    return Told(
        duty,
        seen,
        [
            Notice(_id(duty, rung, recipient, channel), recipient, channel, form)
            for recipient, form in forms.items()
            for channel in directory.channels(recipient)
        ],
    )


def _id(duty: Held, rung: str, recipient: str, channel: str) -> str:
    return notices.notice_id(duty.key, duty.due_version, rung, recipient, channel)


def _form(held: InForce, rung: str) -> Form:
    return rung_of(held.plan.ladder, rung).form


def _record(tx: Transaction, told: list[Told], tick: Tick, sender: str) -> None:
    mailbag = Mailbag(tx, told, tick, sender)
    for duty, seen, own in told:
        if seen.rung is not None:
            tx.record(
                "escalated" if any(n.form == "slip" for n in own) else "reminded",
                duty.key,
                changes=[c for n in own for c in mailbag.changes(duty, seen, n)],
                note={"rung": seen.rung, "coalesced": seen.coalesced, "on": tick.on},
                at=tick.at,
                actor=tick.actor,
            )
    tx.lease(
        Change("duties", t.held.key, {"told_through": tick.on, "look_on": t.look.next_on})
        for t in told
    )


class Mailbag:
    """The messages of one page: a slip travels alone, notices share their recipient's digest."""

    def __init__(self, tx: Transaction, told: Iterable[Told], tick: Tick, sender: str) -> None:
        self._tick = tick
        self._sender = sender
        shared = {(n.recipient, n.channel) for t in told for n in t.notices if n.form == "notice"}
        days = (tick.on, tick.on + DAY)
        ids = {(r, c, d): messages.digest_id(r, c, d) for r, c in shared for d in days}
        self._open = messages.open_digests(tx.conn, ids.values())
        self._digests = {}
        for recipient, channel in shared:
            today, tomorrow = (ids[recipient, channel, d] for d in days)
            # A digest that has left, or is just leaving, takes nothing more: tomorrow's does.
            late = self._open.get(today, True) is False
            self._digests[recipient, channel] = (tomorrow, days[1]) if late else (today, days[0])
        self._known = set(self._open)

    def changes(self, duty: Held, seen: Look, notice: Notice) -> Iterator[Change]:
        """Yield the rows of one notice: its message, unless that is there, and itself."""
        slip = notice.form == "slip"
        digest = self._digests.get((notice.recipient, notice.channel), ("", self._tick.on))
        message, leaves_on = (f"slip-{notice.id}", self._tick.on) if slip else digest
        if message not in self._known:
            self._known.add(message)
            yield Change("messages", message, self._message(message, notice, leaves_on), "insert")
        values = {
            "duty": duty.key,
            "due_version": duty.due_version,
            "rung": seen.rung,
            "recipient": notice.recipient,
            "channel": notice.channel,
            "on": self._tick.on,
            "form": notice.form,
            "coalesced": seen.coalesced,
            "message": message,
        }
        yield Change("notices", notice.id, values, op="insert")

    def _message(self, message: str, notice: Notice, leaves_on: dt.date) -> dict[str, object]:
        slip = notice.form == "slip"
        return {
            "plan": self._tick.plan,
            "recipient": notice.recipient,
            "channel": notice.channel,
            "form": "slip" if slip else "digest",
            "on": leaves_on,
            "state": "draft" if slip else "queued",
            "message_id": message_id(message, self._sender),
        }


def _count(told: list[Told], form: Form) -> Counts:
    spoken = [t for t in told if t.look.rung is not None]
    return Counts(
        {
            "reminded" if form == "notice" else "escalated": len(spoken),
            "coalesced": sum(len(t.look.coalesced) for t in spoken),
            "drafted": sum(n.form == "slip" for t in spoken for n in t.notices),
        }
    )
