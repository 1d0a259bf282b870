"""Values of the settings of mail, checked; ValueError says what is wrong and never shows them."""

from __future__ import annotations

import re
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

MAIL_SCHEMES = ("file", "smtp", "smtps", "smtp+starttls")
MAILBOXES = ("imaps", "imap+starttls", "maildir")
_HELO = re.compile(
    r"\[[0-9A-Fa-f:.IPv]+\]|([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]+"
)
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


def mail_server(value: str) -> str:
    """Return the address of a mail server, or of the folder in its place."""
    url = split(value)
    if url.scheme not in MAIL_SCHEMES:
        raise ValueError(f"the address must begin with one of {joined(MAIL_SCHEMES)}")
    if url.scheme != "file" and not url.hostname:
        raise ValueError("the address names no mail server")
    return value


def mail_address(value: str) -> str:
    """Return one bare mail address."""
    if not _ADDRESS.fullmatch(value):
        raise ValueError("one mail address is expected, such as duban@example.org")
    return value


def sender(value: str) -> str:
    """Return a mail address that may carry a name: `督辦 <duban@example.org>`."""
    name, address = parseaddr(value)
    bare = mail_address(address or value)
    if value != bare and (not name or not value.isprintable() or not value.endswith(f"<{bare}>")):
        raise ValueError("one mail address is expected, such as Office <duban@example.org>")
    return value


def reply_to(value: str) -> str | None:
    """Return the address for answers, None where there is none."""
    return mail_address(value) if value else None


def helo(value: str) -> str | None:
    """Return the name in EHLO: with a dot, or an address in brackets (RFC 5321 4.1.3)."""
    if value and not _HELO.fullmatch(value):
        raise ValueError("a name such as duban.example.org is expected, or [192.0.2.1]")
    if value.startswith("["):
        own_address(value.strip("[]").removeprefix("IPv6:"))
    return value or None


def mailbox(value: str) -> str | None:
    """Return the address of the mailbox for bounces, None where there is none."""
    url = split(value)
    if not value:
        return None
    if url.scheme not in MAILBOXES:
        raise ValueError(f"the address must begin with one of {joined(MAILBOXES)}")
    if url.scheme == "maildir":
        if url.netloc or not url.path.startswith("/") or "\0" in unquote(url.path):
            raise ValueError("an absolute path is expected: maildir:/var/mail/duban")
    elif not (url.hostname and url.username and url.password and url.path.strip("/")):
        raise ValueError("imaps://user:password@host/FOLDER is expected")
    if url.query or url.fragment or not unquote(value).isprintable():
        raise ValueError("percent-encode what is no letter or digit in user, password and folder")
    return value


def own_address(value: str) -> str:
    """Return an IP address in its usual form."""
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError("an IP address of this machine is expected; 0.0.0.0 is all") from None


def split(value: str) -> SplitResult:
    """Return the parts of an address; the standard library's error would contain the value."""
    try:
        url = urlsplit(value)
        _ = url.port
    except ValueError:
        raise ValueError("this is no address: look at its brackets and its port") from None
    return url


def joined(names: tuple[str, ...]) -> str:
    """Return `names` as a list in words."""
    return ", ".join(names)
