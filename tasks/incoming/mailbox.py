"""The mailbox that DUBAN_BOUNCES names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tasks.incoming.imap import Account, Folder
from tasks.incoming.maildir import Maildir

if TYPE_CHECKING:
    import datetime as dt
    import ssl

    from ledger.settings import Settings
    from tasks.incoming.source import Source

PORTS = {"imaps": 993, "imap+starttls": 143}


def mailbox(
    settings: Settings, *, on: dt.date, trust: ssl.SSLContext | None = None
) -> Source | None:
    """Return the mailbox of the installation, None where none is set.

    `trust` is for certificates of tests; the system's own are trusted.
    """
    if not settings.bounces:
        return None
    parts = urlsplit(settings.bounces)
    if parts.scheme == "maildir":
        return Maildir(Path(unquote(parts.path)))
    account = Account(
        host=parts.hostname or "",
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")),
        starttls=parts.scheme == "imap+starttls",
    )
    return Folder(account, home=settings.installation, on=on, trust=trust)
