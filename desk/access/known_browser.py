"""Browsers that a person has signed in with: they are told apart from those of strangers.

The cookie lets nobody in: a sign-in in such a browser needs the password as everywhere, and has a
limit of its own on failed tries, so that those of strangers do not keep its person out.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from ledger.people.users import position

if TYPE_CHECKING:
    from ledger.people.signin import Credential
    from ledger.people.users import User

LASTS = 400 * 24 * 3600  # seconds; browsers keep no cookie for longer
MOST = 8  # people that one browser is known to
COOKIE = re.compile(rf"[\w-]{{22}}(\.[0-9a-f]{{32}}){{1,{MOST}}}", re.ASCII)


def is_known(cookie: str, user: User, row: Credential) -> bool:
    """Tell whether `cookie` was given to a browser in which this user signed in.

    Not with another password, one-time code, role or agency than they have now.
    """
    if not COOKIE.fullmatch(cookie):
        return False
    browser, *signatures = cookie.split(".")
    own = _signature(browser, user, row)
    return any(hmac.compare_digest(own, each) for each in signatures)


def introduced(cookie: str, user: User, row: Credential) -> str:
    """Return the cookie of a browser that this user knows from now on, beside those before."""
    is_ours = COOKIE.fullmatch(cookie)
    browser, *signatures = cookie.split(".") if is_ours else [secrets.token_urlsafe(16)]
    own = _signature(browser, user, row)
    others = [each for each in signatures if each != own]
    return ".".join((browser, own, *others[: MOST - 1]))


def _signature(browser: str, user: User, row: Credential) -> str:
    """Return the signature that only this ledger makes: the digest of a password is its secret."""
    key = "\n".join((row.password, row.totp or "", row.changed_at.isoformat()))
    words = "\n".join(("browser", browser, user.id, position(user)))
    return hmac.new(key.encode(), words.encode(), hashlib.sha256).hexdigest()[:32]
