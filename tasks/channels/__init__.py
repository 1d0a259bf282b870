"""Ways out of the house: each takes a letter and says what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from catalog.errors import NotFoundError
from tasks.channels.files import FileChannel
from tasks.channels.mail import MailChannel, parse_server

if TYPE_CHECKING:
    from ledger.settings import Settings
    from tasks.channels.outcome import Channel


def channel_for(settings: Settings, name: str) -> Channel:
    """Return the channel called `name`: `mail`, or one of DUBAN_CHANNELS.

    Raises NotFoundError for a name nobody set, InvalidError for an address that cannot be used.
    """
    if name == "mail":
        return _mail(settings)
    if name not in settings.channels:
        raise NotFoundError("channel-unknown", name=name)
    from tasks.channels.apprise import AppriseChannel  # noqa: PLC0415 - a quarter of a second

    return AppriseChannel(name, settings.channels[name])


def _mail(settings: Settings) -> Channel:
    parts = urlsplit(settings.mail_url)
    if parts.scheme != "file":
        return MailChannel(parse_server(settings.mail_url))
    return FileChannel(settings.home / Path(unquote(parts.path) or "outbox"))
