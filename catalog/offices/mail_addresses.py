"""Mail addresses as people type them, and as mail servers take them."""

from __future__ import annotations

import re
import unicodedata
from email.utils import parseaddr

import idna

from catalog.clean import one_line
from catalog.errors import InvalidError

SEPARATOR = re.compile(r"[,，、;；]")
_DOMAIN = re.compile(r"localhost|.+\.[^.]*[^.\d][^.]*")  # a lone name is a slip of the keyboard
_WIDE_STOPS = {"。": ".", "｡": "."}


def mail_address(text: str, place: str) -> str:
    """Return the one address in `text`, its domain in small letters and the script it was typed in.

    Raises InvalidError naming `place`: full-width characters, a display name, a local part that
    only servers with SMTPUTF8 take, or no address at all.
    """
    address = text.strip()
    refuse_wide(address, place)
    if "<" in address and "@" in (bare := parseaddr(address)[1]):
        raise InvalidError("address-with-name", place=place, address=one_line(bare))
    normal = _normal(address)
    if not normal:
        key = "address-invalid" if address.rpartition("@")[0].isascii() else "address-not-ascii"
        raise InvalidError(key, place=place, address=one_line(address))
    return normal


def _normal(address: str) -> str:
    """Return the address with its domain in small letters, "" where it is none."""
    import email_validator  # noqa: PLC0415 - a thirtieth of a second

    # .local is where the letters of an intranet go, and .invalid those of the demonstration.
    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    try:
        result = email_validator.validate_email(
            address, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except email_validator.EmailSyntaxError:
        return ""
    return result.normalized if _DOMAIN.fullmatch(result.ascii_domain) else ""


def refuse_wide(address: str, place: str) -> None:
    """Raise InvalidError naming a full-width character, such as ＠, and what to write instead."""
    for character in address:
        plain = _WIDE_STOPS.get(character) or unicodedata.normalize("NFKC", character)
        if not character.isascii() and plain.isascii() and plain.isprintable():
            values = {"character": character, "plain": plain.strip() or "-"}
            raise InvalidError("address-full-width", place=place, **values)


def ascii_address(address: str) -> str:
    """Return `address` with its domain in ASCII (`li@省.cn`: `li@xn--...cn`), as mail takes it.

    One that no rule of domains takes is returned as it is: the server decides.
    """
    local, at, domain = address.rpartition("@")
    if address.isascii():
        return address
    try:
        return f"{local}{at}{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return address
