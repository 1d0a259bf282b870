"""Rows of notices, and of the digests and slips that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from ledger.post import messages, notices, tidings
from ledger.store.changes import Change
from tasks.letters.letter_format import message_id
from tasks.post.leaving import leaves_on, workdays_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from catalog.ladder.rungs import Form
    from catalog.role_names import Addressee
    from ledger.duties.duties import Duty
    from ledger.session import Connection, Transaction
    from tasks.post.directory import Directory


class Notice(NamedTuple):
    """One notice to record: its recipient, channel and form."""

    id: str
    recipient: str
    channel: str
    form: Form


class Telling(NamedTuple):
    """One rung or event of a duty, with its notices."""

    duty: Duty
    rung: str
    coalesced: tuple[str, ...]
    notices: tuple[Notice, ...]

    @classmethod
    def of(
        cls,
        duty: Duty,
        rung: str,
        to: Mapping[Addressee, Form],
        book: Directory,
        *,
        coalesced: tuple[str, ...] = (),
    ) -> Telling:
        """Return the telling of `rung` to the recipients of the roles, each once."""
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
        """The number of slips it drafts: one, to whomever it goes."""
        return int(any(notice.form == "slip" for notice in self.notices))


class Mailbag:
    """The messages of one page: each slip alone, notices in their recipient's digest.

    A digest is dated the working day it leaves (docs/rules.md, Days); its notices keep the day of
    what they tell.
    """

    def __init__(
        self,
        tx: Transaction,
        tellings: Iterable[Telling],
        *,
        on: dt.date,
        plan: str,
        sender: str,
        besides: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Open the digests of all recipients, and of `besides`: further (recipient, channel)."""
        self._on = on
        self._plan = plan
        self._sender = sender
        workdays = workdays_of(tx.conn, plan)
        today = leaves_on(workdays, on)
        self._days = (today, leaves_on(workdays, today + A_DAY))
        shared = {
            (n.recipient, n.channel) for t in tellings for n in t.notices if n.form == "notice"
        }
        shared.update(besides)
        self._open(tx.conn, shared)
        if any(digest not in self._known for digest, _ in self._digests.values()):
            tx.hold("digests")  # two transactions at once would both insert it
            self._open(tx.conn, shared)

    def _open(self, conn: Connection, shared: Iterable[tuple[str, str]]) -> None:
        """Choose the digest of each recipient and channel: the next, or the one after it.

        A digest that is in a letter takes nothing more. The rows stay locked until the transaction
        ends, so that no letter takes them meanwhile.
        """
        ids = {(r, c, d): messages.digest_id(r, c, d) for r, c in shared for d in self._days}
        open_digests = messages.open_digests(conn, ids.values())
        self._known = set(open_digests)
        self._digests = {}
        for recipient, channel in shared:
            first, second = self._days
            is_closed = open_digests.get(ids[recipient, channel, first], True) is False
            day = second if is_closed else first
            self._digests[recipient, channel] = (ids[recipient, channel, day], day)

    def changes(self, telling: Telling, notice: Notice) -> Iterator[Change]:
        """Yield the rows of one notice: itself, and its message if that is new."""
        message = yield from self._carried(notice)
        values = {
            "duty": telling.duty.key,
            "due_version": telling.duty.due_version,
            "rung": telling.rung,
            "recipient": notice.recipient,
            "channel": notice.channel,
            "on": self._on,
            "form": notice.form,
            "coalesced": telling.coalesced,
            "message": message,
        }
        yield Change("notices", notice.id, values, "insert")

    def tiding(self, kind: str, subject: str, recipient: str, channel: str) -> Iterator[Change]:
        """Yield the rows of a tiding: news in a digest that concerns no duty."""
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
        """Yield the row of the message that carries `notice` if it is new; return its id."""
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
