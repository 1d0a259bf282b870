"""Trips to the provider and back, and the pages on which they end."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tests.desk.visitors import HERE, Browser

STALE, NOT_SURE, NO_LOGIN, DOWN = "已逾時或已用過", "未能確認", "沒有有效賬戶", "沒有回應"


def set_out(browser: Browser, then: str = "/account") -> Any:
    """Press the button; return the page that leads on."""
    return browser.post_form("/sign-in/oidc", shown_on="/sign-in", then=then)


def way_back(page: Any) -> str:
    """Go where the page leads and return the path the provider sends the browser back to."""
    there = unescape(re.search(r'href="(http[^"]+/authorize[^"]+)"', page.text)[1])
    assert page.headers["Refresh"] == f"0; url={there}"
    location = urlsplit(httpx2.get(there, trust_env=False).headers["Location"])
    assert f"{location.scheme}://{location.netloc}" == HERE
    return f"{location.path}?{location.query}"


def come_back(browser: Browser, path: str) -> Any:
    return browser.get(path, follow_redirects=False)


def sign_in(browser: Browser, then: str = "/account") -> Any:
    return come_back(browser, way_back(set_out(browser, then)))


def refused(answer: Any, words: str) -> bool:
    """Tell whether this is the page to sign in again, saying so, with nobody signed in."""
    assert "duban=" not in answer.headers.get("Set-Cookie", "")
    return answer.status_code == 403 and words in answer.text


def is_down(answer: Any) -> bool:
    """Tell whether this is the one page that says so, with the way in that is left."""
    assert 'name="password"' in answer.text
    return answer.status_code == 503 and DOWN in answer.text
