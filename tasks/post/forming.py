"""Forming of letters: the messages that may leave today, put together by mailbox."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from ledger.post import contacts, letters
from ledger.post.contacts import MAIL
from ledger.post.letters import READDRESSED, Load
from ledger.store.changes import Change
from tasks.post.attempts import attempt
from tasks.post.leaving import Departures
from tasks.post.settling import sent_elsewhere
from tasks.tick import Counts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from ledger.post.letters import Letter, Mailbox
    from ledger.post.messages import Message
    from ledger.session import Connection, Ledger, Transaction

    Mailboxes = dict[str, tuple[Mailbox, ...]]  # by message


NOBODY = "no address: nobody fills"  # the reason of a message for which there is no mailbox


class Draft(NamedTuple):
    """A letter to be formed: a digest of messages to one mailbox, or one slip."""

    mailbox: Mailbox
    form: str
    messages: list[Message]


def form(ledger: Ledger, *, on: dt.date, at: dt.datetime) -> Counts:
    """Put every message that may leave on day `on` into a letter to each mailbox of its recipient.

    A mailbox gets one digest letter, of all days and positions together; a slip is a letter of its
    own. What comes later joins the letter until somebody tries to send it. A message for which
    there is no address is dead (docs/rules.md, The guarantee of delivery).
    """
    with ledger.transaction() as tx:
        withdraw(tx, letters.listed(tx.conn, state="queued"), on=on, at=at, actor="duban")
        free, busy = letters.unformed(tx, on)
        mailboxes = mailboxes_of(tx.conn, [*free, *busy], on)
        # The digests of one mailbox go together: where one is being filled, the next round forms.
        filling = {mailbox for message in busy for mailbox in mailboxes[message.id]}
        leaving = [
            message
            for message in (Departures.of(tx.conn, on).chosen(free) if free else ())
            if filling.isdisjoint(mailboxes[message.id])
        ]
        unreachable = [message for message in leaving if not mailboxes[message.id]]
        for message in unreachable:
            _give_up(tx, message, at)
        _record(tx, _drafts(leaving, mailboxes), on=on, at=at)
        return Counts(dead=len(unreachable)) if unreachable else Counts()


def withdraw(
    tx: Transaction, waiting: Iterable[Letter], *, on: dt.date, at: dt.datetime, actor: str
) -> None:
    """Give up letters that wait for a mailbox which is no recipient's any more on day `on`.

    An address was recorded anew or ended, or a substitute's time is over. A message that reached
    another mailbox is sent with that; any other goes to the mailboxes there are now.
    """
    idle = {each.id: each for each in waiting if not each.claimed_until or each.claimed_until <= at}
    carried = letters.messages_of(tx.conn, idle)
    mailboxes = mailboxes_of(tx.conn, chain.from_iterable(carried.values()), on)
    for name, messages in carried.items():
        letter = idle[name]
        if any((letter.channel, letter.address) in mailboxes[each.id] for each in messages):
            continue
        values = {"state": "dead", "settled_at": at, "reason": READDRESSED}
        change = Change("letters", name, values, expected={"state": "queued"})
        rows = sent_elsewhere(tx, Load(letter, messages, shared=True), at=at)
        tx.record("readdressed", name, changes=[change, *rows], at=at, actor=actor)


def mailboxes_of(conn: Connection, messages: Iterable[Message], on: dt.date) -> Mailboxes:
    """Return the mailboxes of each message's recipient on day `on`.

    A recipient without an address on the message's channel is reached on their first other one:
    while nobody filled the position, mail stood for whatever channel it would have. Substitutes
    are reached by mail, also where the position has none of its own. One address spelled in small
    and in capital letters is one mailbox, under the spelling of the first position.
    """
    by_position, recorded = contacts.mailboxes(conn, on), contacts.contacts(conn)
    spellings: dict[Mailbox, Mailbox] = {}
    for _, ways in sorted(by_position.items()):
        for address in ways.get(MAIL, ()):
            spellings.setdefault((MAIL, address.lower()), (MAIL, address))
    mailboxes: Mailboxes = {}
    for message in messages:
        agency, _, position = message.recipient.partition("/")
        ways = by_position.get((agency, position), {})
        own = recorded.get((agency, position)) or ways
        channel = message.channel if message.channel in own else min(own, default="")
        channels = (channel,) if MAIL in own else (channel, MAIL)
        each = ((c, address) for c in channels for address in ways.get(c, ()))
        mailboxes[message.id] = tuple(
            dict.fromkeys(spellings.get((c, a.lower()), (c, a)) for c, a in each)
        )
    return mailboxes


def _drafts(messages: Iterable[Message], mailboxes: Mailboxes) -> list[Draft]:
    drafts: dict[tuple[Mailbox, str], Draft] = {}
    for message in messages:
        alone = message.id if message.form == "slip" else ""
        for mailbox in mailboxes[message.id]:
            draft = drafts.setdefault((mailbox, alone), Draft(mailbox, message.form, []))
            draft.messages.append(message)
    return list(drafts.values())


def _give_up(tx: Transaction, message: Message, at: dt.datetime) -> None:
    reason = f"{NOBODY} {message.recipient}"
    values = {"state": "dead", "settled_at": at, "reason": reason}
    changes = [
        Change("messages", message.id, values, expected={"state": "queued"}),
        attempt(message.id, message.id, "dead", reason, tries=0, at=at),
    ]
    tx.record("dead", message.id, changes=changes, at=at, actor="duban")


def _record(tx: Transaction, drafts: Sequence[Draft], *, on: dt.date, at: dt.datetime) -> None:
    """Record each letter, or what joins the one to its mailbox that nobody has tried to send."""
    untried = letters.untried(tx.conn) if drafts else {}
    carrying = letters.of_messages(tx.conn, [draft.messages[0].id for draft in drafts])
    names = {letter.id for before in carrying.values() for letter in before}
    for draft in drafts:
        is_digest = draft.form == "digest"
        letter, place = untried.get(draft.mailbox, ("", 0)) if is_digest else ("", 0)
        changes = []
        if not letter:
            letter = _free_id(draft.messages[0].id, names)
            changes.append(_letter(letter, draft, on))
        changes += [
            Change("carried", (letter, message.id), {"place": number}, "insert")
            for number, message in enumerate(draft.messages, place)
        ]
        tx.record("formed", letter, changes=changes, at=at, actor="duban")


def _free_id(message: str, names: set[str]) -> str:
    """Return the id of a letter whose first message is `message`, and take it."""
    ids = (message if n == 1 else f"{message}.{n}" for n in count(1))
    letter = next(each for each in ids if each not in names)
    names.add(letter)
    return letter


def _letter(letter: str, draft: Draft, on: dt.date) -> Change:
    channel, address = draft.mailbox
    domain = draft.messages[0].message_id.rpartition("@")[2]
    values = {
        "channel": channel,
        "address": address,
        "on": on,
        "form": draft.form,
        "state": "queued",
        "message_id": f"<{letter}@{domain}",
    }
    return Change("letters", letter, values, "insert")
