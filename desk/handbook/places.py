"""The place in the handbook that explains each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HELP = "/help"

# The beginning of a route's path -> chapter#anchor; the longest one that fits counts.
PLACES: Mapping[str, str] = {}


def place_of(path: str) -> str:
    """Return the chapter and anchor for the page of a route, empty where the handbook has none."""
    parts = path.split("/")
    beginnings = ("/".join(parts[:n]) or "/" for n in range(len(parts), 1, -1))
    return next((PLACES[each] for each in beginnings if each in PLACES), "")


def help_address(path: str) -> str:
    """Return the address of the handbook for the page of a route, of the contents for no route."""
    place = place_of(path)
    return f"{HELP}/{place}" if place else HELP
