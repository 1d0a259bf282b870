"""The one-time code of an empty home, and the browser that has shown it.

Both are kept as hashes in the home, which only its owner can read. The code is good for an hour,
once, and for nobody after the first administrator exists (SECURITY.md).
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from catalog.errors import ConflictError
from desk.access import slowdown
from desk.access.signin import hashed
from desk.access.slowdown import RefusedError
from ledger.store.put_once import put_new
from tasks.people.passwords import drawn

if TYPE_CHECKING:
    from pathlib import Path

    from desk.access.signin import Caller
    from ledger.session import Ledger

LASTS = dt.timedelta(hours=1)
BROWSER_LASTS = dt.timedelta(hours=12)
CODE, BROWSER, PLAIN = "setup-code.json", "setup-browser.json", "setup-code"


def issue(home: Path, at: dt.datetime) -> str:
    """Make a new code; the former one and the browser that had shown it are worth nothing."""
    end(home)
    code = drawn()
    _put(home / CODE, _plain(code), at + LASTS)
    return code


def leave_in_file(home: Path, code: str) -> Path:
    """Write the code where only the owner of the home can read it, for a service."""
    file = home / PLAIN
    put_new(file, f"{code}\n")
    return file


def is_waiting(home: Path, at: dt.datetime) -> bool:
    """Tell whether a code is good for anything now."""
    return _read(home / CODE, at) is not None


def is_under_way(home: Path, at: dt.datetime) -> bool:
    """Tell whether a code is good, or a browser that has shown one goes on."""
    return is_waiting(home, at) or _read(home / BROWSER, at) is not None


def claim(ledger: Ledger, code: str, caller: Caller) -> str:
    """Use the code up and return the cookie of the browser that may go on.

    RefusedError for a wrong code and while there were too many tries, ConflictError where no code
    is good: it is used, or an hour has passed.
    """
    home = ledger.settings.home
    network = slowdown.network(caller.address)
    names = [slowdown.name("setup", network), slowdown.name("setups")]
    with slowdown.counted(ledger, names, caller.at):
        row = _read(home / CODE, caller.at)
        if row is None:
            raise ConflictError("setup-code-over")
        if not hmac.compare_digest(row["hash"], hashed(_plain(code))):
            raise RefusedError("setup-code-refused")
        try:
            (home / CODE).unlink()  # of two browsers at once only one succeeds
        except FileNotFoundError:
            raise ConflictError("setup-code-over") from None
    cookie = secrets.token_urlsafe(32)
    end(home)
    _put(home / BROWSER, cookie, caller.at + BROWSER_LASTS)
    return cookie


def is_known(home: Path, cookie: str, at: dt.datetime) -> bool:
    """Tell whether this cookie is of the browser that has shown the code."""
    row = _read(home / BROWSER, at) if cookie else None
    return row is not None and hmac.compare_digest(row["hash"], hashed(cookie))


def end(home: Path) -> None:
    """Remove the code and the browser: an administrator exists, or a new code is made."""
    for name in (CODE, BROWSER, PLAIN):
        (home / name).unlink(missing_ok=True)


def _plain(code: str) -> str:
    """Return the code without what people leave out or add between its letters."""
    return "".join(filter(str.isalnum, code.lower()))


def _put(file: Path, secret: str, until: dt.datetime) -> None:
    text = json.dumps({"hash": hashed(secret), "until": until.isoformat()})
    put_new(file, text)


def _read(file: Path, at: dt.datetime) -> dict[str, Any] | None:
    """Return what is kept, None where there is nothing or its time is over."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        row: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if at < dt.datetime.fromisoformat(row["until"]) and isinstance(row["hash"], str):
            return row
    return None
