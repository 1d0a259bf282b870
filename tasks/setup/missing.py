"""Checklist of what an office that has begun still lacks, above its first pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ledger.people import signin, users
from ledger.plans import editions
from ledger.post import contacts
from tasks.in_force import in_force
from tasks.past.listing import count
from tasks.post.coverage import without_address

if TYPE_CHECKING:
    from ledger.session import Connection
    from ledger.settings import Settings


class Missing(NamedTuple):
    """One thing that is missing: the key of its text, its size, the page that mends it.

    `place` in desk.access.visibility says who may open the page.
    """

    key: str
    size: int
    path: str
    place: str = "administer"


def missing(conn: Connection, settings: Settings) -> list[Missing]:
    """Return what is missing, the most pressing first; nothing of a demonstration."""
    rows = editions.all_in_force(conn)
    if not rows or any(row.is_demo for row in rows):
        return []
    plans = [in_force(conn, row.plan) for row in rows]
    unreached = {position for plan in plans for position in without_address(conn, plan)}
    enter = signin.with_password(conn)
    silent = [u for u in users.listed(conn) if u.until is None and (u.of or u.id) not in enter]
    office = plans[0].plan.office
    telephone = contacts.person(conn, office, contacts.OFFICER).telephone
    all_ = [
        Missing("mail", int(urlsplit(settings.mail_url).scheme == "file"), "/settings/mail"),
        Missing("unreached", len(unreached), "/settings", "see-settings"),
        Missing("passwords", 0 if settings.oidc else len(silent), "/settings/users"),
        Missing("past", sum(count(conn, row.plan) for row in rows), "/past", "settle-past"),
        Missing("telephone", int(not telephone), f"/settings/agencies/{office}"),
        Missing("address", int(settings.base_url is None), "/settings/mail"),
    ]
    return [each for each in all_ if each.size]
