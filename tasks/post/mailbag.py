"""From something to be told to rows: notices, and the digest or slip each travels in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from ledger.post import messages, notices, tidings
from ledger.store.changes import Change
from tasks.post.channels.letter import message_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from catalog.ladder.rungs import Form, Role
    from ledger.duties.duties import Duty
    from ledger.session import Connection, Transaction
    from tasks.post.directory import Directory


class Notice(NamedTuple):
    """One notice to be recorded: whom it tells, by which channel, in which form."""

    id: str
    recipient: str
    channel: str
    form: Form


class Telling(NamedTuple):
    """One rung or event of a duty, with all whom it tells."""

    duty: Duty
    rung: str
    coalesced: tuple[str, ...]
    notices: tuple[Notice, ...]

    @classmethod
    def of(
        cls,
        duty: Duty,
        rung: str,
        to: Mapping[Role, Form],
        book: Directory,
        *,
        coalesced: tuple[str, ...] = (),
    ) -> Telling:
        """Return the telling of `rung` to everyone behind the roles, each recipient once."""
        forms: dict[str, Form] = {}
        for role, form in to.items():
            for recipient in book.recipients(duty, role):
                forms.setdefault(recipient, form)
        return cls(
            duty,
            rung,
            coalesced,
            tuple(
                Notice(_id(duty, rung, recipient, channel), recipient, channel, form)
                for recipient, form in forms.items()
                for channel in book.channels(recipient)
            ),
        )

    @property
    def slips(self) -> int:
        """How many slips it drafts."""
        return sum(notice.form == "slip" for notice in self.notices)


class Mailbag:
    """The messages of one page: a slip travels alone, notices share their recipient's digest."""

    def __init__(
        self,
        tx: Transaction,
        told: Iterable[Telling],
        *,
        on: dt.date,
        plan: str,
        sender: str,
        besides: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Open the digests of all who are told, and of `besides`: recipients and channels."""
        self._on = on
        self._plan = plan
        self._sender = sender
        shared = {(n.recipient, n.channel) for t in told for n in t.notices if n.form == "notice"}
        shared.update(besides)
        self._open(tx.conn, shared)
        if any(digest not in self._known for digest, _ in self._digests.values()):
            tx.hold("digests")  # two at once would both make it
            self._open(tx.conn, shared)

    def _open(self, conn: Connection, shared: Iterable[tuple[str, str]]) -> None:
        """Choose the digest of each recipient and channel; nobody sends it before we are done."""
        days = (self._on, self._on + A_DAY)
        ids = {(r, c, d): messages.digest_id(r, c, d) for r, c in shared for d in days}
        found = messages.open_digests(conn, ids.values())
        self._known = set(found)
        self._digests = {}
        for recipient, channel in shared:
            today, tomorrow = (ids[recipient, channel, day] for day in days)
            # A digest that has left, or is just leaving, takes nothing more: tomorrow's does.
            gone = found.get(today, True) is False
            self._digests[recipient, channel] = (tomorrow, days[1]) if gone else (today, days[0])

    def changes(self, told: Telling, notice: Notice) -> Iterator[Change]:
        """Yield the rows of one notice: its message, unless that is there, and itself."""
        message = yield from self._carried(notice)
        values = {
            "duty": told.duty.key,
            "due_version": told.duty.due_version,
            "rung": told.rung,
            "recipient": notice.recipient,
            "channel": notice.channel,
            "on": self._on,
            "form": notice.form,
            "coalesced": told.coalesced,
            "message": message,
        }
        yield Change("notices", notice.id, values, "insert")

    def tiding(self, kind: str, subject: str, recipient: str, channel: str) -> Iterator[Change]:
        """Yield the rows of a tiding: what is told in the digest that is about no duty."""
        key = tidings.tiding_id(kind, subject, recipient, channel)
        message = yield from self._carried(Notice(key, recipient, channel, "notice"))
        values = {
            "kind": kind,
            "subject": subject,
            "recipient": recipient,
            "channel": channel,
            "on": self._on,
            "message": message,
        }
        yield Change("tidings", key, values, "insert")

    def _carried(self, notice: Notice) -> Generator[Change, None, str]:
        """Yield the row of the message that carries `notice`, unless it is there; return its id."""
        message, leaves_on = self._message_of(notice)
        if message not in self._known:
            self._known.add(message)
            yield Change("messages", message, self._message(message, notice, leaves_on), "insert")
        return message

    def _message_of(self, notice: Notice) -> tuple[str, dt.date]:
        if notice.form == "slip":
            return f"slip-{notice.id}", self._on
        return self._digests[notice.recipient, notice.channel]

    def _message(self, message: str, notice: Notice, leaves_on: dt.date) -> dict[str, object]:
        slip = notice.form == "slip"
        return {
            "plan": self._plan,
            "recipient": notice.recipient,
            "channel": notice.channel,
            "form": "slip" if slip else "digest",
            "on": leaves_on,
            "state": "draft" if slip else "queued",
            "message_id": message_id(message, self._sender),
        }


def _id(duty: Duty, rung: str, recipient: str, channel: str) -> str:
    return notices.notice_id(duty.key, duty.due_version, rung, recipient, channel)
