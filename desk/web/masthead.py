"""The head of every page: the office's name, the page's own address, and news of a deed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.wording import has
from desk.handbook.places import help_address
from tasks.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.web.visit import Visit
    from ledger.session import Connection

# Messages of deeds that can be taken back for a moment: nothing that stands in the history.
UNDO: Mapping[str, str] = {
    "views.said.ended": "/views/{}/undo",
    "drafts.said.ended": "/drafts/{}/undo",
}
OWN = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Masthead(NamedTuple):
    """The head of a page; `message` is the key of a text shown once, `undo` where to undo it.

    `help` is the place in the handbook that explains the page.
    """

    office: str
    home: str
    address: str
    message: str
    undo: str
    help: str


def masthead(visit: Visit) -> Masthead:
    """Return the head of the page of this visit."""
    home = visit.who.home if visit.who else "/"
    return Masthead(
        office=_office(visit),
        home=home,
        address=_address(visit),
        message=_message(visit),
        undo=_undo(visit),
        help=_help(visit),
    )


def _office(visit: Visit) -> str:
    """Return the name of the jurisdiction, empty where the installation has only one.

    The main one is known by its plan's office.
    """
    jurisdictions = visit.desk.hosts.jurisdictions if visit.desk.hosts else []
    here = visit.desk.settings.jurisdiction
    if here or len(jurisdictions) <= 1 or not visit.plans:
        return next((each.name for each in jurisdictions if each.id == here), "")
    code = visit.plans[0].plan
    with visit.read() as conn:
        return visit.desk.counts.of(conn, ("office", code), lambda: _name(conn, code))


def _name(conn: Connection, code: str) -> str:
    plan = in_force(conn, code).plan
    return plan.agency(plan.office).name


def _address(visit: Visit) -> str:
    """Return the address of the page, to come back to; of an answer to a form the first page."""
    url = visit.request.url
    return f"{url.path}?{url.query}".rstrip("?") if visit.request.method == "GET" else "/"


def _message(visit: Visit) -> str:
    """Return the key of the message shown once after a deed: `?said=<page>.said.<what>`."""
    key = visit.request.query_params.get("said", "")
    return key if ".said." in key and has(visit.lang, key) else ""


def _undo(visit: Visit) -> str:
    """Return the address at which the deed just done is taken back, empty when it cannot be."""
    own = visit.request.query_params.get("undo", "")
    path = UNDO.get(_message(visit), "") if OWN.fullmatch(own) else ""
    return path.format(own)


def _help(visit: Visit) -> str:
    """Return the address of the handbook for this page, of its contents where no page is."""
    route = visit.request.scope.get("route")
    return help_address(getattr(route, "path", ""))
