"""Addresses of contacts, checked by their channel before they are recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from catalog.clean import LONGEST_LINE, one_line
from catalog.errors import InvalidError, NotFoundError
from catalog.offices.mail_addresses import SEPARATOR, mail_address, refuse_wide
from ledger.post.contacts import MAIL
from tasks.post.channels import HOOKS
from tasks.post.channels.limits import LIMITS, NONE

if TYPE_CHECKING:
    from ledger.settings import Settings

_TELEPHONE = re.compile(r"\+?\d{10,14}")  # the lengths that Apprise sends to
_SPACING = re.compile(r"[ ().-]")


def known_channels(settings: Settings) -> tuple[str, ...]:
    """Return the channels that an address may have: mail, and those of DUBAN_CHANNELS."""
    return (MAIL, *sorted(settings.channels))


def checked(settings: Settings, channel: str, text: str, *, place: str) -> str:
    """Return the addresses in `text` as they are recorded: `a@x, b@y`, each once.

    Raises NotFoundError for an unknown channel, and InvalidError naming `place` for an address
    that the channel cannot take, or none.
    """
    if channel not in (known := known_channels(settings)):
        raise NotFoundError("channel-unknown", name=channel, known=", ".join(known))
    parts = [part.strip() for part in SEPARATOR.split(text) if part.strip()]
    url = settings.channels.get(channel, "")
    addresses = ", ".join(dict.fromkeys(_checked(channel, url, part, place) for part in parts))
    if not addresses or len(addresses) > LONGEST_LINE:
        raise InvalidError("address-invalid", place=place, address=one_line(text))
    return addresses


def _checked(channel: str, url: str, address: str, place: str) -> str:
    """Return one address by the rule of its channel's kind."""
    kind = url.partition("://")[0].lower()
    if channel == MAIL:
        return mail_address(address, place)
    refuse_wide(address, place)
    if LIMITS.get(kind, NONE).short:  # an SMS gateway
        number = _SPACING.sub("", address)
        if not _TELEPHONE.fullmatch(number):
            raise InvalidError("telephone-invalid", place=place, address=one_line(address))
        return number
    if not address.isprintable() or address.split() != [address]:
        values = {"address": one_line(address), "channel": channel}
        raise InvalidError("address-not-taken", place=place, **values)
    if "{to}" in url and not _leads_somewhere(channel, kind, url, address):
        raise InvalidError("address-not-taken", place=place, address=address, channel=channel)
    return address


def _leads_somewhere(channel: str, kind: str, url: str, address: str) -> bool:
    """Tell whether the channel's address takes this one in the place of `{to}`."""
    if kind in HOOKS:
        return "://" not in address  # a name in the path of the system's address
    from tasks.post.channels.apprise import AppriseChannel  # noqa: PLC0415 - a quarter of a second

    try:
        AppriseChannel(channel, url.replace("{to}", quote(address, safe="")))
    except InvalidError as error:
        return error.key != "channel-address"  # a scheme that is not allowed is the channel's fault
    return True
