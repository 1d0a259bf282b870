"""Delivery channels: mail, files, hooks, and the services of Apprise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from catalog.errors import InvalidError, NotFoundError
from tasks.post.channels.files import FileChannel
from tasks.post.channels.mail import MailChannel, parse_server

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from ledger.settings import Settings
    from tasks.post.channels.channel import Channel


HOOKS = ("hook", "hooks")  # our own; every other kind is Apprise's


def channel_for(settings: Settings, name: str, *, clock: Callable[[], dt.datetime]) -> Channel:
    """Return the channel called `name`: `mail`, or one of DUBAN_CHANNELS.

    Raises NotFoundError for an unknown name, InvalidError for an unusable address.
    """
    if name == "mail":
        return _mail(settings)
    if name not in settings.channels:
        known = ", ".join(["mail", *sorted(settings.channels)])
        raise NotFoundError("channel-unknown", name=name, known=known)
    url = settings.channels[name]
    if url.partition("://")[0] in HOOKS:
        from tasks.post.channels.webhook import HookChannel  # noqa: PLC0415 - a tenth of a second

        return HookChannel(name, url, secret=settings.secret, clock=clock)
    from tasks.post.channels.apprise import AppriseChannel  # noqa: PLC0415 - a quarter of a second

    return AppriseChannel(name, url)


def hook_key(settings: Settings, name: str, address: str) -> str:
    """Return the key that signs the events of the hook `name` to `address`.

    Raises NotFoundError for a name that is no hook, InvalidError while DUBAN_SECRET is not set.
    """
    if settings.channels.get(name, "").partition("://")[0] not in HOOKS:
        raise NotFoundError("hook-unknown", name=name)
    if settings.secret is None:
        raise InvalidError("channel-needs-secret", place=name)
    from tasks.post.channels.webhook import signing_key  # noqa: PLC0415 - a tenth of a second

    return signing_key(settings.secret, name, address)


def _mail(settings: Settings) -> Channel:
    parts = urlsplit(settings.mail_url)
    if parts.scheme != "file":
        return MailChannel(parse_server(settings.mail_url), helo=settings.mail_helo)
    return FileChannel(settings.home / Path(unquote(parts.path) or "outbox"))
