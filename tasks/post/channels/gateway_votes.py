"""Yes and no in the answers of plain gateways, whose form nobody knows beforehand."""

from __future__ import annotations

from typing import Any

_ACCEPTED = range(200, 300)
_GOOD_WORDS = frozenset({
    *("ok", "okay", "success", "succeeded", "successful", "true", "yes", "done", "accepted"),
    *("sent", "queued", "delivered", "成功", "发送成功", "發送成功", "提交成功"),
})  # fmt: skip
_BAD_WORDS = frozenset({"no", "false", "denied"})
_BAD_BEGINNINGS = ("error", "err:", "fail", "reject", "invalid", "失败", "失敗", "发送失败")


def vote(body: str | None, document: Any) -> bool | None:
    """Tell whether a plain answer with a 2xx says yes or no; None if it says neither.

    `document` is its JSON, None where it is none; `body` is None if it was too long. An empty
    answer is a yes.
    """
    if body is None:
        return None
    if not body.strip():
        return True
    if isinstance(document, dict):
        votes = {_field_vote(name.casefold(), value) for name, value in document.items()}
        return False if False in votes else True if True in votes else None
    return _word_vote(body if document is None else document)


def _field_vote(name: str, value: Any) -> bool | None:
    """Tell what one field of a gateway's answer says; None for one that says nothing."""
    if name in {"errcode", "error_code", "errorcode", "errno", "retcode", "error", "errors"}:
        return not value or as_text(value) in {"0", "00", "none", "ok", "success", "false"}
    if isinstance(value, dict | list):
        return None
    if name in {"success", "ok", "succeed", "successful"}:
        return as_text(value) in {"true", "1", "yes", "ok", "success"}
    if name in {"code", "statuscode", "resultcode", "result_code", "respcode", "status_code"}:
        return _number_vote(value)
    if name in {"status", "result", "state"}:
        return _number_vote(value)
    return None


def _number_vote(value: Any) -> bool | None:
    text = as_text(value)
    if not text.lstrip("-").isdecimal():
        return _word_vote(value)
    number = int(text)
    if number in {0, 20000} or number in _ACCEPTED:
        return True
    return False if number < 0 or number >= _ACCEPTED.stop else None


def _word_vote(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = as_text(value).strip("\"'!.。！") if isinstance(value, str) else ""
    if text in _GOOD_WORDS:
        return True
    return False if text in _BAD_WORDS or text.startswith(_BAD_BEGINNINGS) else None


def as_text(value: Any) -> str:
    """Return a value of an answer as conditions compare it."""
    return str(value).strip().casefold()
