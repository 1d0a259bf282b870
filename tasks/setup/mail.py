"""The mail server that an office chooses in the browser, and a test letter through it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from catalog.clean import one_line
from catalog.errors import InvalidError
from catalog.offices.mail_addresses import mail_address
from catalog.wording import say
from ledger.post import contacts
from ledger.settings import base_address, is_set
from ledger.store.identity import identity
from tasks.letters.letter_format import Letter, message_id, origin
from tasks.post.channels.channel import NotSentError
from tasks.post.lines import Lines
from tasks.setup.founding import office

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from ledger.session import Connection
    from ledger.settings import Settings

WAYS = {"starttls": "smtp+starttls", "tls": "smtps", "none": "smtp"}
PORTS = {"starttls": 587, "tls": 465, "none": 25}
CHOSEN = ("mail_url", "mail_from", "reply_to", "base_url")
HIGHEST_PORT = 65535


class Server(NamedTuple):
    """A mail server as a form has it: host, port, `way` of WAYS, login, sender and desk."""

    host: str = ""
    port: str = ""
    way: str = "starttls"
    user: str = ""
    password: str = ""
    mail_from: str = ""
    reply_to: str = ""
    base_url: str = ""


def server_of(settings: Settings) -> Server:
    """Return the server of the settings in force, without its password."""
    url = urlsplit(settings.mail_url)
    ways = {scheme: way for way, scheme in WAYS.items()}
    if url.scheme not in ways:
        return Server(base_url=settings.base_url or "")
    return Server(
        url.hostname or "",
        str(url.port or ""),
        ways[url.scheme],
        unquote(url.username or ""),
        "",
        settings.mail_from,
        settings.reply_to or "",
        settings.base_url or "",
    )


def own_address(conn: Connection) -> str:
    """Return the address of the office's officer, for a test letter; "" where there is none."""
    our_office = office(conn)
    address = (
        contacts.ways(conn, our_office.id, contacts.OFFICER).get(contacts.MAIL, "")
        if our_office
        else ""
    )
    return next(iter(contacts.several(address)), "")


def from_environment() -> dict[str, bool]:
    """Return which of the settings the environment sets, so that the browser cannot."""
    return {name: is_set(name) for name in CHOSEN}


def values(server: Server, before: Settings) -> dict[str, str]:
    """Return the settings of a form by their names in `office.toml`; InvalidError for a fault.

    Without a password typed, that of the same server and user is kept.
    """
    host = one_line(server.host).lower()
    if not host or any(c in host for c in " /@?#:[]"):
        raise InvalidError("setup-mail-host", place="host")
    port = server.port.strip() or str(PORTS.get(server.way, 25))
    if server.way not in WAYS or not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        raise InvalidError("setup-mail-port", place="port")
    sender = mail_address(server.mail_from, "mail_from")
    reply_to = mail_address(server.reply_to, "reply_to") if server.reply_to.strip() else ""
    login = _login(server, host, before)
    url = f"{WAYS[server.way]}://{login}{host}:{port}"
    server_settings = {"mail_url": url, "mail_from": sender, "reply_to": reply_to}
    return server_settings | {"base_url": _base_url(server.base_url)}


def send_test(
    settings: Settings, to: str, recipient: str, *, clock: Callable[[], dt.datetime]
) -> str:
    """Send a test letter; return the reason where the server does not accept it, else "".

    It takes at most as long as any letter. Raises InvalidError for an address that is none.
    """
    at, address = clock(), mail_address(to, "to")
    name = f"test-{hashlib.sha256(f'{address}|{at.isoformat()}'.encode()).hexdigest()[:16]}"
    letter = Letter(
        message_id=message_id(name, settings.sender),
        sender=settings.mail_from,
        to=address,
        subject=say(settings.lang, "trial.subject"),
        body=f"{say(settings.lang, 'trial.body', recipient=recipient)}\n",
        short=say(settings.lang, "trial.body", recipient=recipient),
        date=at,
        reply_to=settings.reply_to or "",
        headers=(origin(identity(settings.installation).id, settings.jurisdiction),),
    )
    try:
        with Lines(settings, clock) as lines:
            lines.send("mail", letter)
    except NotSentError as refusal:
        return refusal.reason
    return ""


def _login(server: Server, host: str, before: Settings) -> str:
    user, password = server.user.strip(), server.password
    url = urlsplit(before.mail_url)
    if user and not password and (url.hostname, unquote(url.username or "")) == (host, user):
        password = unquote(url.password or "")
    if not user:
        return ""
    return f"{quote(user, safe='')}:{quote(password, safe='')}@"


def _base_url(value: str) -> str:
    try:
        return base_address(value.strip()) or ""
    except ValueError:
        raise InvalidError("setup-base-url", place="base_url") from None
