"""Tidings: news in the agencies' digests that concerns no duty, as rows and as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from ledger.duties import duties
from ledger.post import contacts
from tasks.in_force import in_force
from tasks.post.directory import directory
from tasks.post.mailbag import Mailbag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.session import Connection, Transaction
    from ledger.store.changes import Change
    from tasks.act import Act


class News(NamedTuple):
    """News for the officers of agencies: its kind and the id of its subject."""

    kind: str
    subject: str
    agencies: Iterable[str]


def herald(
    tx: Transaction, plan: str, act: Act, news: Iterable[News], *, sender: str
) -> list[Change]:
    """Return the rows that put `news` into the agencies' next digests, on each of their channels.

    After the day's sweep the next digest is tomorrow's: one digest a day for each recipient. The
    rows belong to the entry of the deed that caused them.
    """
    edition = in_force(tx.conn, plan)
    book = directory(tx.conn, edition)
    addressees = [
        (one.kind, one.subject, f"{agency}/officer", channel)
        for one in news
        for agency in one.agencies
        for channel in book.channels(f"{agency}/officer")
    ]
    swept = edition.row.swept_through
    on = act.on if swept is None or swept < act.on else act.on + A_DAY
    besides = [(recipient, channel) for _, _, recipient, channel in addressees]
    bag = Mailbag(tx, (), on=on, plan=plan, sender=sender, besides=besides)
    return [change for one in addressees for change in bag.tiding(*one)]


def involved(conn: Connection, plan: str) -> list[str]:
    """Return the agencies with a part in a duty of `plan`, without the office.

    Open groups of the plan (有關市) have no mailbox and are left out.
    """
    agencies: set[str] = set()
    for duty in duties.listed(conn, plan=plan):
        agencies.update((duty.lead, duty.performer, *duty.participants))
    register = contacts.agencies(conn)
    return sorted(a for a in agencies if register[a].kind not in ("open-group", "office"))


def leads(conn: Connection, plan: str) -> list[str]:
    """Return the agencies that lead a duty of `plan`, without the office and open groups."""
    able = set(involved(conn, plan))
    return sorted(able & {duty.lead for duty in duties.listed(conn, plan=plan)})
