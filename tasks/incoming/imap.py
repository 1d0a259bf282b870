"""IMAP folder of incoming mail, read over TLS within limits of time and size.

Its place in the folder is kept in the home: nothing there is moved or deleted, and mail that is
nothing of ours stays as new as it was. A place that gets lost costs reading a month once more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import imaplib
import re
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from catalog.clean import one_line
from tasks.incoming.mail import LARGEST
from tasks.incoming.source import MOST_MAILS, Arrival, UnreadableSourceError
from tasks.time_limit import OutOfTimeError, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STEP = 20.0  # seconds for each answer's next bytes
REQUEST = 40.0  # seconds for a whole answer
MOST_BYTES = 128 * 1024 * 1024  # of a session; a server that sends more is ill
MONTH = dt.timedelta(days=30)
LONGEST_REASON = 200  # characters

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """A folder of a mail server; `starttls` begins in plain text and encrypts before the login."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    starttls: bool = False


class Place(NamedTuple):
    """The last mail read of a folder; its numbers hold as long as `validity` is the same."""

    validity: int
    uid: int


class Folder:
    """A folder with the mail that came for duban, and perhaps for people."""

    def __init__(
        self, account: Account, *, home: Path, on: dt.date, trust: ssl.SSLContext | None = None
    ) -> None:
        self._account = account
        self._on = on
        self._trust = trust
        name = f"{account.user}@{account.host}:{account.port}/{account.folder}"
        self._file = home / "incoming" / hashlib.sha256(name.encode()).hexdigest()[:16]
        self._line: imaplib.IMAP4 | None = None
        self._validity = 0

    def __enter__(self) -> Self:
        self._line = self._ask("connecting", self._open)
        return self

    def __exit__(self, *_: object) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                within(REQUEST, line.logout)

    def arrivals(self) -> Iterator[Arrival]:
        """Yield the mail after the place read last, of the last month."""
        place = self._place()
        after = place.uid if place and place.validity == self._validity else 0
        for uid in self._ask("searching", partial(self._search, after)):
            content = self._ask("fetching", partial(self._fetch, uid))
            if content is not None:
                yield Arrival(content, partial(self._finish, uid))

    def _open(self) -> imaplib.IMAP4:
        line = _connect(self._account, self._trust or ssl.create_default_context())
        _log_in(line, self._account)
        _expect(line.select(_quoted(self._account.folder)), "no such folder")
        self._validity = int(line.response("UIDVALIDITY")[1][0] or 0)
        return line

    def _search(self, after: int) -> list[int]:
        day = imaplib.Time2Internaldate(dt.datetime.combine(self._on - MONTH, dt.time(), dt.UTC))
        answer = self._command("SEARCH", f"UID {after + 1}:*", f"SINCE {day[1:12].strip()}")
        uids = sorted(int(uid) for uid in (answer[0] or b"").split())
        return [uid for uid in uids if uid > after][:MOST_MAILS]  # n:* always has the last one

    def _fetch(self, uid: int) -> bytes | None:
        """Return the beginning of a mail, None where somebody has removed it."""
        answer = self._command("FETCH", str(uid), f"(BODY.PEEK[]<0.{LARGEST}>)")
        return next((part[1][:LARGEST] for part in answer if isinstance(part, tuple)), None)

    def _finish(self, uid: int, read: bool) -> None:  # noqa: FBT001  the source's own signature
        if read:
            self._ask(
                "marking", partial(self._command, "STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
            )
        self._keep(Place(self._validity, uid))

    def _ask(self, step: str, work: Callable[[], T]) -> T:
        """Return the result of `work`, or raise UnreadableSourceError and give up the line."""
        try:
            return within(REQUEST, work)
        except OutOfTimeError as error:  # its thread still has the line, and ends with it
            self._line, reason = None, f"{step}: {error}"
        except ssl.SSLCertVerificationError as error:
            reason = f"certificate not trusted: {error.verify_message}"
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            reason = f"{step}: {one_line(str(error))[:LONGEST_REASON]}"
        raise UnreadableSourceError(reason)

    def _command(self, name: str, *words: str) -> list[Any]:
        assert self._line is not None
        return _expect(self._line.uid(name, *words), name)

    def _place(self) -> Place | None:
        with suppress(OSError, ValueError):
            return Place(*map(int, self._file.read_text(encoding="ascii").split()))
        return None

    def _keep(self, place: Place) -> None:
        self._file.parent.mkdir(mode=0o700, exist_ok=True)
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{place.validity} {place.uid}", encoding="ascii")
        draft.replace(self._file)


class _Bounded(imaplib.IMAP4):
    """A connection that takes a limited number of bytes; imaplib itself takes any."""

    _left = MOST_BYTES

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        """Return the next line."""
        line = super().readline()
        self._spend(len(line))
        return line

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("the server sends too much")


class _BoundedTls(_Bounded, imaplib.IMAP4_SSL):
    """A connection that is encrypted from its first byte."""


def _connect(account: Account, trust: ssl.SSLContext) -> imaplib.IMAP4:
    if not account.starttls:
        return _BoundedTls(account.host, account.port, ssl_context=trust, timeout=STEP)
    line = _Bounded(account.host, account.port, timeout=STEP)
    line.starttls(trust)
    return line


def _log_in(line: imaplib.IMAP4, account: Account) -> None:
    """Log in; the reason of a refusal shows nothing of the password."""
    try:
        line.login(account.user, account.password)
    except (imaplib.IMAP4.abort, OSError):
        raise
    except (imaplib.IMAP4.error, ValueError):
        raise UnreadableSourceError("the server refuses user and password") from None


def _expect(answer: tuple[str, list[Any]], step: str) -> list[Any]:
    verdict, data = answer
    if verdict != "OK":
        raise imaplib.IMAP4.error(f"{step}: {data[0]!r}")
    return data


def _quoted(folder: str) -> str:
    """Return a folder's name as IMAP writes it: modified UTF-7 (RFC 3501 5.1.3), quoted."""
    encoded = re.sub(r"[^\x20-\x7e]+|&", _shifted, folder)
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(match: re.Match[str]) -> str:
    if match[0] == "&":
        return "&-"
    return (
        "&" + b64encode(match[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"
    )
