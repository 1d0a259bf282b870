"""Test letters to a position: sent now through its channels, outside the outbox."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import InvalidError, NotFoundError
from catalog.wording import say
from ledger.post import contacts
from ledger.store.identity import identity
from tasks.letters.letter_format import Letter, message_id, origin
from tasks.post.addresses import checked
from tasks.post.channels.channel import NotSentError
from tasks.post.contacts import no_contact
from tasks.post.lines import Lines
from tasks.time_limit import Deadline

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from ledger.session import Connection, Ledger
    from ledger.settings import Settings

LIMIT = 60.0  # seconds after which no further address is tried


class Trial(NamedTuple):
    """The outcome of one test letter: `reason` is empty where the provider has accepted it."""

    channel: str
    address: str
    reason: str = ""


def targets(conn: Connection, agency: str, position: str, channel: str) -> list[tuple[str, str]]:
    """Return channel and address of each contact of a position, or of one `channel` of it.

    Raises NotFoundError where there is none.
    """
    own = contacts.ways(conn, agency, position)
    ways = [(by, one) for by, all_ in own.items() for one in contacts.several(all_)]
    if channel:
        ways = [way for way in ways if way[0] == channel]
    if not ways:
        raise no_contact(f"{agency}/{position}", channel)
    return ways


def send_trial(
    ledger: Ledger,
    agency: str,
    position: str,
    *,
    clock: Callable[[], dt.datetime],
    actor: str,
    channel: str = "",
) -> list[Trial]:
    """Send a test letter to each address of a position and record each outcome.

    It belongs to no duty, is not counted, and is not tried again. NotFoundError for a position
    without an address.
    """
    recipient = f"{agency}/{position}"
    with ledger.read() as conn:
        letters = [
            (by, _letter(conn, ledger.settings, recipient, by=by, address=address, at=clock()))
            for by, address in targets(conn, agency, position, channel)
        ]
    end, trials = Deadline(LIMIT), []
    with Lines(ledger.settings, clock) as lines:
        for by, letter in letters:
            reason = "the others took too long" if end.is_over else _sent(lines, by, letter)
            trials.append(Trial(by, letter.to, reason))
    with ledger.transaction() as tx:
        for trial in trials:
            tx.record("tested", recipient, note=trial._asdict(), at=clock(), actor=actor)
    return trials


def send_to(
    ledger: Ledger, channel: str, address: str, *, clock: Callable[[], dt.datetime], actor: str
) -> Trial:
    """Send a test letter by `channel` to one address and record the outcome.

    InvalidError for an address that the channel cannot take, NotFoundError for an unknown channel
    and while there is no office.
    """
    place = checked(ledger.settings, channel, address, place=channel)
    if ", " in place:
        raise InvalidError("address-invalid", place=channel, address=place)
    with ledger.read() as conn:
        office = next((a.id for a in contacts.agencies(conn).values() if a.kind == "office"), "")
        if not office:
            raise NotFoundError("no-plan-in-force")
        recipient = f"{office}/{contacts.OFFICER}"
        letter = _letter(conn, ledger.settings, recipient, by=channel, address=place, at=clock())
    with Lines(ledger.settings, clock) as lines:
        trial = Trial(channel, place, _sent(lines, channel, letter))
    with ledger.transaction() as tx:
        tx.record("tested", recipient, note=trial._asdict(), at=clock(), actor=actor)
    return trial


def _sent(lines: Lines, channel: str, letter: Letter) -> str:
    """Send the letter; return why it was not accepted, "" where it was."""
    try:
        lines.send(channel, letter)
    except NotSentError as refusal:
        return refusal.reason
    return ""


def _letter(
    conn: Connection, settings: Settings, recipient: str, *, by: str, address: str, at: dt.datetime
) -> Letter:
    agencies = contacts.agencies(conn)
    office = next((a.id for a in agencies.values() if a.kind == "office"), "")
    words = {"recipient": agencies[recipient.partition("/")[0]].name}
    seed = f"{recipient}|{by}|{address}|{at.isoformat()}"
    name = f"test-{hashlib.sha256(seed.encode()).hexdigest()[:16]}"
    body = say(settings.lang, "trial.body", **words)
    return Letter(
        message_id=message_id(name, settings.sender),
        sender=settings.mail_from,
        to=address,
        subject=say(settings.lang, "trial.subject"),
        body=f"{body}\n",
        short=body,
        date=at,
        reply_to=contacts.reply_to(conn, settings, office),
        headers=(origin(identity(settings.installation).id, settings.jurisdiction),),
        event={"id": name, "recipient": recipient, "on": at.date().isoformat(), "form": "test"},
    )
