"""Reports about letters, recorded in the ledger: a letter that came back was not delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ledger.post import bounces, letters
from ledger.post.bounces import DELAYED, FAILED
from ledger.post.contacts import MAIL
from ledger.post.letters import Load
from ledger.store.changes import Change
from tasks.post.channels.verdicts import UNKNOWN, Row, about
from tasks.post.settling import settled_messages

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.post.letters import Letter
    from ledger.session import Connection, Ledger, Transaction
    from tasks.incoming.notifications import Fate, Notification

# bounced, delayed: recorded now; known: recorded before, or of a letter that did not leave.
Word = Literal["bounced", "delayed", "known"]

UNKNOWN_MAILBOX = Row("recipient", UNKNOWN, r"5\.1\.\d+|5\.2\.1")
REFUSED = 550  # the answer to a letter that was accepted before


class Recorded(NamedTuple):
    """What became of a report, and the letters that it is about."""

    word: Word
    letters: tuple[Letter, ...]


def record(ledger: Ledger, notification: Notification, *, at: dt.datetime) -> Recorded | None:
    """Record what a server reports of a letter; None where it is about none of this ledger.

    Twice the same is recorded once. It counts only for a Message-ID that was sent to the address of
    the report: whoever forges one must know both (SECURITY.md). A letter that was sent, or that a
    sender had begun to send, becomes `bounced`; so do its messages where no other letter of theirs
    was sent.
    """
    with ledger.read() as conn:
        if not any(_about(conn, notification)):
            return None
    with ledger.transaction() as tx:
        tx.hold("claim")  # no sender settles one of them meanwhile
        about = list(_about(tx.conn, notification))
        words = [_record(tx, letter, fate, at) for letter, fate in about]
    word: Word = next((each for each in ("bounced", "delayed") if each in words), "known")
    return Recorded(word, tuple(letter for letter, _ in about))


def _about(conn: Connection, notification: Notification) -> Iterator[tuple[Letter, Fate]]:
    """Yield each letter of ours that the report is about, with its fate."""
    fates = {_bare(fate.address): fate for fate in reversed(notification.fates)}
    for message_id in notification.message_ids:
        letter = letters.by_message_id(conn, message_id)
        if letter and letter.channel == MAIL and (fate := fates.get(_bare(letter.address))):
            yield letter, fate


def _record(tx: Transaction, letter: Letter, fate: Fate, at: dt.datetime) -> Word:
    has_left = letter.state == "sent" or (
        letter.state == "queued" and bool(letter.tries or letter.claimed_until)
    )
    if not has_left or bounces.exists(tx.conn, letter.id, fate.action):
        return "known"
    changes = [_row(letter, fate, at)]
    if fate.action == FAILED:
        reason = fate.reason or fate.status
        state = {"state": "bounced", "settled_at": at, "reason": reason}
        expected = {"state": letter.state}
        changes.append(Change("letters", letter.id, state, expected=expected))
        load = Load(letter, letters.messages_of(tx.conn, [letter.id])[letter.id], shared=True)
        changes += settled_messages(tx, load, "bounced", reason=reason, at=at)
    deed: Word = "delayed" if fate.action == DELAYED else "bounced"
    note = {"address": letter.address, "reason": f"{letter.address}: {fate.reason or fate.status}"}
    tx.record(deed, letter.id, changes=changes, note=note, at=at, actor="duban")
    if letter.claimed_until:
        tx.lease([Change("letters", letter.id, {"claimed_until": None})])
    return deed


def _row(letter: Letter, fate: Fate, at: dt.datetime) -> Change:
    values = {
        "letter": letter.id,
        "channel": letter.channel,
        "address": letter.address,
        "action": fate.action,
        "kind": _kind(fate),
        "status": fate.status,
        "reason": fate.reason,
        "at": at,
    }
    return Change("bounces", bounces.bounce_id(letter.id, fate.action), values, op="insert")


def _kind(fate: Fate) -> str:
    """Return why the letter came back, as the answers of mail servers are sorted."""
    text = f"{fate.status} {fate.reason}"
    verdict = about("end of DATA", REFUSED, text)
    if verdict in {"us", "pace"}:
        return "refused"
    if verdict == "full":
        return "full"
    return "unknown" if UNKNOWN_MAILBOX.fits("", REFUSED, text) else "other"


def _bare(address: str) -> str:
    """Return an address as two spellings of it compare: in lower case, its domain in ASCII."""
    local, _, domain = address.lower().rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}@{domain}"
