"""Browsers in words, for a person to recognise their own."""

from __future__ import annotations

# Each names itself and those it imitates, so the first of these in the text is the one.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def describe(user_agent: str) -> str:
    """Return the browser and system of a User-Agent, such as `Firefox, Windows`; else nothing."""
    names = (
        next((word for mark, word in words.items() if mark in user_agent), "")
        for words in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, names))
