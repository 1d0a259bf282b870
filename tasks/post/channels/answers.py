"""Answers of gateways by HTTP: a yes, or the error that a no or an unknown answer means.

Rule: docs/rules.md, The guarantee of delivery. The form of a `yes` setting: docs/operations.md,
A gateway's yes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.clean import one_line
from tasks.post.channels.channel import ChannelStoppedError
from tasks.post.channels.gateway_votes import as_text, vote
from tasks.post.channels.verdicts import about_words, error_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tasks.post.channels.verdicts import About

LONGEST = 100_000  # bytes of an answer that are read; those that count have some hundred
_ACCEPTED = range(200, 300)
_NOT_THERE = frozenset({404, 410})
_MISSING = object()

GATEWAYS = frozenset({"json", "jsons", "form", "forms", "xml", "xmls", "hook", "hooks"})
# Kinds whose address is the recipient's own robot: a key that is no longer valid is about them.
ROBOTS = frozenset({
    *("wecombot", "dingtalk", "feishu", "lark", "slack", "tgram", "workflow", "workflows"),
    *("gotify", "gotifys", "mmost", "mmosts"),
})  # fmt: skip

# The yes of each kind by its documentation: one of these sets of conditions. Kinds that are not
# here say yes by the status of HTTP alone.
YES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "wecombot": (("errcode:0",),),
    "wechat": (("errcode:0",),),
    "dingtalk": (("errcode:0",),),
    "feishu": (("code:0",), ("StatusCode:0",)),
    "lark": (("code:0",), ("StatusCode:0",)),
    "tgram": (("ok:true",),),
    "vonage": (("messages.0.status:0",),),
    "clicksend": (("response_code:SUCCESS", "data.messages.0.status:SUCCESS"),),
}

_RATE_CODES = frozenset({
    *("45009", "45033"),  # WeCom
    *("130101", "410100", "90018", "90030"),  # DingTalk
    *("11232", "9499", "99991400"),  # Feishu
})  # fmt: skip
_US_CODES = frozenset({
    *("40001", "40014", "42001", "60020", "93000", "93008"),  # WeCom
    *("300001", "310000", "400013", "400101", "400102", "430101", "430102", "430103", "430104"),
    *("19001", "19021", "19022", "19024"),  # Feishu
})  # fmt: skip
_BUSY_CODES = frozenset({"-1"})

_MESSAGES = (
    *("errmsg", "msg", "message", "error", "description", "error_description", "reason"),
    *("StatusMessage", "error-text", "errorMessage", "detail", "info"),
)


class Answer(NamedTuple):
    """The answer of a gateway; `body` is None if it was longer than LONGEST bytes."""

    status: int
    body: str | None


class Condition(NamedTuple):
    """One condition of a yes: a field of the answer, by its path, has one of these values."""

    path: str
    values: tuple[str, ...]


def condition(text: str) -> Condition:
    """Return the condition that `PATH:VALUE|VALUE` states; ValueError where it is none.

    The path is that of a field in the JSON, its steps joined by dots; `http` is the status, and
    `text` the whole body, which must contain the value.
    """
    path, colon, values = text.partition(":")
    if not (path and colon and values):
        raise ValueError("yes is written as yes=PATH:VALUE")
    return Condition(path, tuple(value.casefold() for value in values.split("|")))


def judge(
    answer: Answer, kind: str, *, yes: Sequence[Condition] = (), by_address: bool = False
) -> None:
    """Return if `answer` of a channel of this kind is a yes; raise the error it means if not.

    `yes` is the channel's setting; `by_address` if each recipient has an address of their own.
    """
    document = _document(answer.body)
    own_robot = by_address and kind in ROBOTS
    by_http = any(each.path == "http" for each in yes)
    if yes and (by_http or answer.status in _ACCEPTED) and _holds(yes, answer, document):
        return
    if answer.status not in _ACCEPTED:
        if by_address and answer.status in _NOT_THERE:
            raise _refusal("recipient", kind, answer, document)
        raise _refusal(_of_status(answer, document, own_robot=own_robot), kind, answer, document)
    verdict = _vote(answer, document, kind)
    if yes and verdict is not False:  # what looks like a yes is not the one that is set
        verdict = False if _names(yes, document) else None
    if verdict is None:
        raise ChannelStoppedError(
            f"{_name(kind)}: HTTP {answer.status}, {_shape(answer, document)}: neither yes nor no",
            kind="unclear",
        )
    if not verdict:
        code = _code(document)
        raise _refusal(_of_code(code, document, kind, own_robot=own_robot), kind, answer, document)


def _holds(yes: Sequence[Condition], answer: Answer, document: Any) -> bool:
    return all(_meets(each, answer, document) for each in yes)


def _meets(each: Condition, answer: Answer, document: Any) -> bool:
    if each.path == "http":
        return str(answer.status) in each.values
    if each.path == "text":
        return any(value in (answer.body or "").casefold() for value in each.values)
    value = _at(document, each.path)
    return value is not _MISSING and as_text(value) in each.values


def _names(yes: Sequence[Condition], document: Any) -> bool:
    """Tell whether the answer has a field that the conditions ask for."""
    return any(_at(document, each.path) is not _MISSING for each in yes)


def _at(document: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return _MISSING
    return document


def _document(body: str | None) -> Any:
    try:
        return json.loads(body or "")
    except (ValueError, RecursionError):
        return _MISSING


def _vote(answer: Answer, document: Any, kind: str) -> bool | None:
    """Tell whether an answer with a 2xx says yes or no; None if it says neither."""
    if kind in GATEWAYS:
        return vote(answer.body, None if document is _MISSING else document)
    if kind in YES:
        sets = [[condition(each) for each in alternative] for alternative in YES[kind]]
        if any(_holds(each, answer, document) for each in sets):
            return True
        says_no = _code(document) is not None or any(_names(each, document) for each in sets)
        return False if says_no else None
    says_no = _code(document) is not None or _said(document, "ok", "success") is False
    return not says_no


def _said(document: Any, *names: str) -> bool | None:
    values = [document[n] for n in names if n in document] if isinstance(document, dict) else []
    return None if not values else all(as_text(value) != "false" for value in values)


def _code(document: Any) -> str | None:
    """Return the number of the error inside an answer, or its word; None where there is none."""
    if not isinstance(document, dict):
        return None
    for name in ("errcode", "error_code", "errorCode", "code", "StatusCode"):
        value = document.get(name)
        if value is not None and as_text(value) not in {"0", "", "none", "success", "ok"}:
            return one_line(str(value))[:20]
    return None


def _of_code(code: str | None, document: Any, kind: str, *, own_robot: bool) -> About:
    """Return whom a no inside a 2xx is about."""
    if code in _RATE_CODES:
        return "rate"
    if code in _BUSY_CODES:
        return "now"
    if code in _US_CODES:
        return "recipient" if own_robot else "us"
    if by_words := about_words(_message(document)):
        return by_words
    if kind in GATEWAYS and code and code.isdecimal() and int(code) in range(300, 600):
        return _of_status(Answer(int(code), None), _MISSING, own_robot=own_robot)
    return "recipient"


def _of_status(answer: Answer, document: Any, *, own_robot: bool) -> About:
    """Return whom a status that is no yes is about; where it is vague, the words inside say it."""
    status = answer.status
    if status == 429:  # noqa: PLR2004  too many requests
        return "rate"
    if status in {408, 425} or status in {*range(500, 600)} - {501, 505, 511}:
        return "now"
    by_words = about_words(_message(document))
    if status in {400, 403, 409, 422} and by_words:
        return by_words
    if status in {401, 402, 403, 404, 407, 410}:
        return "recipient" if own_robot else "us"
    vague = {400, 406, 409, 411, 412, 413, 414, 422, 424}
    return "recipient" if status in vague else "us"


def _message(document: Any) -> str:
    """Return the words with which an answer says no."""
    if not isinstance(document, dict):
        return ""
    inner = _at(document, "messages.0")
    places = [document, *([inner] if isinstance(inner, dict) else [])]
    return " ".join(
        str(p[name]) for p in places for name in _MESSAGES if isinstance(p.get(name), str)
    )


def _refusal(about: About, kind: str, answer: Answer, document: Any) -> Exception:
    code = _code(document)
    number = f"HTTP {answer.status}" + (f" with error {code}" if code else "")
    if 300 <= answer.status < 400:  # noqa: PLR2004
        number += ", a redirect, not followed"
    words = one_line(_message(document))[:100]
    reason = ": ".join(filter(None, (_name(kind), number, words)))
    return error_of(about, reason, whole_channel=about == "now")


def _name(kind: str) -> str:
    return "hook" if kind == "hooks" else kind


def _shape(answer: Answer, document: Any) -> str:
    """Describe an answer without repeating it: it may contain what nobody else should read."""
    if answer.body is None:
        return f"an answer of more than {LONGEST} bytes"
    if isinstance(document, dict):
        return f"JSON with {one_line(', '.join(map(str, document)))[:80]}"
    if document is not _MISSING:
        return "JSON"
    return f"text of {len(answer.body)} characters"
