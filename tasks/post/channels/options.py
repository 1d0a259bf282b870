"""Options of a channel that stand in the query of its address: `yes` and `keyword`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from catalog.errors import InvalidError
from tasks.post.channels.answers import condition

if TYPE_CHECKING:
    from tasks.post.channels.answers import Condition


class Options(NamedTuple):
    """The address without our options, and these.

    All conditions of `yes` must hold; each text must contain `keyword` (a DingTalk robot's).
    """

    url: str
    yes: tuple[Condition, ...] = ()
    keyword: str = ""


def options(name: str, url: str) -> Options:
    """Return the options in `url`, that of the channel `name`; InvalidError for a bad one."""
    address, mark, query = url.partition("?")
    rest, yes, keyword = [], [], ""
    for part in query.split("&") if mark else ():
        key, _, value = part.partition("=")
        if key == "yes":
            yes.append(_condition(name, unquote(value)))
        elif key == "keyword":
            keyword = unquote(value)
        else:
            rest.append(part)
    query = "&".join(rest)
    return Options(f"{address}?{query}" if query else address, tuple(yes), keyword)


def _condition(name: str, text: str) -> Condition:
    try:
        return condition(text)
    except ValueError as error:
        raise InvalidError("channel-address", place=name, reason=str(error)) from None
