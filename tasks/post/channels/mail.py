"""SMTP channel: one connection per delivery round, its errors sorted by meaning."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from catalog.errors import InvalidError
from catalog.offices.mail_addresses import ascii_address
from ledger.store.failpoint import failpoint
from tasks.letters.letter_format import address_of, mime
from tasks.post.channels.channel import (
    Channel,
    ChannelStoppedError,
    NotSentError,
    RefusedError,
    TryAgainError,
)
from tasks.post.channels.smtp_line import Line, TlsLine
from tasks.post.channels.verdicts import about, error_of

if TYPE_CHECKING:
    from tasks.letters.letter_format import Letter

TIME_OUT = 20.0  # seconds for each step; the whole conversation has a limit in the round
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@]+@[^\s<>()\[\],;:\\\"@]+", re.ASCII)
_CLOSING = 421
_TEMPORARY = 400
_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server; `scheme` is smtp, smtp+starttls or smtps."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


def parse_server(url: str) -> Server:
    """Return the server of `url`, with user and password percent-decoded.

    Raises InvalidError, which never repeats the address because it may contain a password.
    """
    try:
        parts = urlsplit(url)
        usual = _PORTS[parts.scheme]
        port = parts.port or usual
    except (KeyError, ValueError):
        raise InvalidError(
            "mail-address", place="DUBAN_MAIL_URL", reason="scheme or port"
        ) from None
    if not parts.hostname:
        raise InvalidError("mail-address", place="DUBAN_MAIL_URL", reason="no host")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname, port, user, password)


class MailChannel(Channel):
    """One connection to one mail server, opened with the first letter and reused.

    `helo` is the name in EHLO; None is the name of this machine, or its address where that has no
    dot (RFC 5321 4.1.3).
    """

    def __init__(
        self,
        server: Server,
        *,
        helo: str | None = None,
        timeout: float = TIME_OUT,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._helo = helo
        self._timeout = timeout
        self._trust = trust
        self._line: smtplib.SMTP | None = None

    def __repr__(self) -> str:
        return f"MailChannel({self._server!r})"

    def close(self) -> None:
        """Quit and close the connection."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()

    def send(self, letter: Letter) -> None:
        """Send the letter to its one recipient.

        A time-out after the last byte is also tried again, with the same Message-ID: the server
        may have accepted the letter or not.
        """
        sender, to = _bare(address_of(letter.sender)), _bare(letter.to)
        try:
            self._converse(letter, sender, to=to)
        except NotSentError as refusal:
            self._tidy(refusal)
            raise
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise _broken(error) from error
        except BaseException:  # it took longer than it may: the line is in the midst of something
            self._drop()
            raise

    def _converse(self, letter: Letter, sender: str, *, to: str) -> None:
        line, content = self._begin(letter, sender)
        _expect("RCPT TO", *line.rcpt(to))
        _data(line, content)

    def _begin(self, letter: Letter, sender: str) -> tuple[smtplib.SMTP, bytes]:
        """Start a letter; reconnect if the server has closed the connection meanwhile."""
        if self._line is not None:
            try:
                return self._line, _mail_from(self._line, letter, sender=sender)
            except (smtplib.SMTPServerDisconnected, ConnectionError) as closed:
                if isinstance(closed.__context__, TimeoutError):
                    raise
                self._drop()
        line = self._open()
        return line, _mail_from(line, letter, sender=sender)

    def _open(self) -> smtplib.SMTP:
        server, host = self._server, self._helo
        if server.scheme == "smtps":
            self._line = TlsLine(
                server.host, server.port, host, timeout=self._timeout, context=self._context()
            )
        else:
            self._line = Line(server.host, server.port, host, timeout=self._timeout)
        self._line.ehlo_or_helo_if_needed()
        if server.scheme == "smtp+starttls":
            self._line.starttls(context=self._context())
            self._line.ehlo()
        if server.user:
            _log_in(self._line, server)
        failpoint("connected")
        return self._line

    def _context(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()

    def _tidy(self, refusal: NotSentError) -> None:
        """Reset the connection for the next letter, or close it."""
        if self._line is None or refusal.whole_channel:
            self._drop()
            return
        try:
            self._line.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def _bare(mailbox: str) -> str:
    address = ascii_address(mailbox)
    if not _ADDRESS.fullmatch(address) or not address.isascii():
        raise RefusedError(f"not a mail address: {address}", is_ours=True)
    return address


def _mail_from(line: smtplib.SMTP, letter: Letter, *, sender: str) -> bytes:
    """Begin a mail from `sender` and return the bytes of the letter."""
    content = _content(line, letter)
    options = ["body=8bitmime"] if line.has_extn("8bitmime") else []
    if line.has_extn("size"):
        options.append(f"size={len(content)}")
    code, text = line.mail(sender, options)
    if code == _CLOSING:
        raise smtplib.SMTPServerDisconnected(f"MAIL FROM: {_CLOSING} {_words(text)}")
    _expect("MAIL FROM", code, text)
    return content


def _content(line: smtplib.SMTP, letter: Letter) -> bytes:
    """Return the letter's bytes, without its attachments where the server's SIZE is too small."""
    size = line.esmtp_features.get("size", "")
    largest = int(size) if size.isdecimal() else 0  # RFC 1870 3: 0 is no limit
    for version in (letter, replace(letter, attachments=())):
        content = mime(version, eight_bit=line.has_extn("8bitmime"))
        if not largest or len(content) <= largest:
            return content
    raise RefusedError(f"{len(content)} bytes, and the server takes {largest}", is_ours=True)


def _data(line: smtplib.SMTP, content: bytes) -> None:
    try:
        answer = line.data(content)
    except smtplib.SMTPDataError as refusal:  # the answer to the word DATA itself
        code = refusal.smtp_code
        if code >= _TEMPORARY:
            _expect("DATA", code, refusal.smtp_error)
        raise TryAgainError(f"DATA: {code} instead of 354", whole_channel=True) from None
    _expect("end of DATA", *answer)


def _log_in(line: smtplib.SMTP, server: Server) -> None:
    """Log in; reasons contain the server's codes but not its words."""
    try:
        line.login(server.user, server.password)
    except smtplib.SMTPResponseException as refusal:
        if refusal.smtp_code >= _PERMANENT:
            raise ChannelStoppedError(f"authentication refused: {refusal.smtp_code}") from None
        reason = f"authentication: {refusal.smtp_code}"
        raise TryAgainError(reason, whole_channel=True) from None
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException:
        raise ChannelStoppedError("the server offers no known way to log in") from None


def _expect(step: str, code: int, text: bytes | str) -> None:
    """Raise the error that the answer to `step` means."""
    if code in {250, 251, 252}:
        return
    reason = f"{step}: {code} {_words(text)}"
    if code < _TEMPORARY:
        raise TryAgainError(reason, whole_channel=True)  # out of step
    raise error_of(about(step, code, _words(text)), reason, whole_channel=code == _CLOSING)


def _broken(error: OSError | smtplib.SMTPException) -> NotSentError:
    """Return the error that a broken connection, or an answer before MAIL FROM, means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return ChannelStoppedError(f"certificate not trusted: {error.verify_message}")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ChannelStoppedError(str(error))
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= _TEMPORARY:
        step = "connect" if isinstance(error, smtplib.SMTPConnectError) else "EHLO"
        code, words = error.smtp_code, _words(error.smtp_error)
        return error_of(about(step, code, words), f"{step}: {code} {words}", whole_channel=True)
    return TryAgainError(str(error) or type(error).__name__, whole_channel=True)


def _words(text: bytes | str) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "replace")
