"""Apprise channel: webhooks, office chats and SMS gateways."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests
from apprise import Apprise, AppriseAsset, NotifyFormat, OverflowMode

from catalog.errors import InvalidError
from tasks.post.channels.channel import (
    Channel,
    ChannelStoppedError,
    NotSentError,
    RefusedError,
    TryAgainError,
    judge,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.letters.letter_format import Letter

# The schemes an administrator may set: no mail, and none that reads a file or runs a command.
# Apprise's `wecom` is the third party Pushplus; WeCom itself is `wecombot` or `wechat`.
ALLOWED = frozenset({
    *("json", "jsons", "form", "forms", "xml", "xmls"),
    *("wecombot", "wechat", "dingtalk", "feishu", "lark"),
    *("mmost", "mmosts", "rocket", "rockets", "matrix", "matrixs", "ntfy", "ntfys"),
    *("bulksms", "clicksend", "d7sms", "msgbird", "plivo", "sinch", "smseagle", "smseagles"),
    *("sns", "twilio", "vonage"),
})  # fmt: skip
_READS_ITS_ANSWERS = {"wechat"}  # it renews its token after an error that is not a refusal
_NAMES_ERRORS_CODE = {"feishu", "lark"}

_NO_YES = range(300, 600)
# Error numbers that WeCom, DingTalk and Feishu put inside a 200; any other is a refusal.
_BUSY = {"-1", "45009", "45033", "130101", "410100", "11232"}
_NO_ENTRY = {
    *("40001", "40014", "42001", "93000"),
    *("300001", "310000", "400101"),
    *("19001", "19021", "19022", "19024"),
}

LONGEST = 100_000  # bytes of an answer; those that count have some hundred
PIECE = 10_000

_PATCH_LOCK = threading.Lock()

Answer = requests.Response | requests.RequestException


class AppriseChannel(Channel):
    """One configured URL; `{to}` in it stands for the contact's address."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._url = url
        self._scheme = _allowed_scheme(name, url)
        self._asset = AppriseAsset(async_mode=False, http_redirects=False, app_id="duban")
        self._lines: dict[str, Apprise] = {}
        _silence_logs()
        if "{to}" not in url:
            self._line(url)

    def __repr__(self) -> str:
        return f"AppriseChannel({self._name!r}, {self._scheme!r})"

    def close(self) -> None:
        """Close the services."""
        self._lines.clear()

    def send(self, letter: Letter) -> None:
        """Send subject and body as plain text, without attachments."""
        line = self._line(self._url.replace("{to}", quote(letter.to, safe="")))
        with _recorded_answers() as answers:
            accepted = line.notify(
                title=letter.subject, body=letter.body, body_format=NotifyFormat.TEXT
            )
        if not accepted or self._scheme not in _READS_ITS_ANSWERS:
            for answer in reversed(answers):
                _judge(answer, self._scheme)
        if not accepted:
            raise RefusedError(f"{self._scheme}: not taken, no reason given")

    def _line(self, url: str) -> Apprise:
        if url not in self._lines:
            line = Apprise(asset=self._asset)
            if not line.add(url):
                reason = f"{self._scheme} does not take it"
                raise InvalidError("channel-address", place=self._name, reason=reason)
            for service in line:  # a long digest goes in several parts, not cut
                service.overflow_mode = OverflowMode.SPLIT
            self._lines[url] = line
        return self._lines[url]


def _allowed_scheme(name: str, url: str) -> str:
    scheme, separator, _ = url.partition("://")
    if not separator or scheme.lower() not in ALLOWED:
        shown_scheme = scheme if separator and scheme.isalnum() else "?"
        allowed = " ".join(sorted(ALLOWED))
        raise InvalidError("channel-scheme", place=name, scheme=shown_scheme, allowed=allowed)
    return scheme.lower()


def _silence_logs() -> None:
    """Silence logs that repeat addresses with their tokens."""
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


@contextmanager
def _recorded_answers() -> Iterator[list[Answer]]:
    """Yield the list of the providers' answers; redirects are not followed.

    Apprise returns only yes or no, takes a 200 with an error inside for a yes, reads answers of any
    size, and lets an address switch redirects on. Every plugin sends through `requests.Session`, so
    it is patched for this thread.
    """
    answers: list[Answer] = []
    plain = requests.Session.request
    here = threading.get_ident()

    def request(self: requests.Session, *args: Any, **options: Any) -> requests.Response:
        if threading.get_ident() != here:
            return plain(self, *args, **options)
        try:
            answer = plain(self, *args, **options | {"allow_redirects": False, "stream": True})
            _read(answer)
        except requests.RequestException as error:
            answers.append(error)
            raise
        answers.append(answer)
        return answer

    with _PATCH_LOCK:
        requests.Session.request = request  # type: ignore[method-assign]
        try:
            yield answers
        finally:
            requests.Session.request = plain  # type: ignore[method-assign]


def _read(answer: requests.Response) -> None:
    """Read the body, as `requests` does, but no more of it than LONGEST bytes."""
    body = b""
    with answer:
        for piece in answer.iter_content(PIECE):
            body += piece
            if len(body) > LONGEST:
                break
    answer._content = body  # noqa: SLF001  there is no other way to set it


def _judge(answer: Answer, scheme: str) -> None:
    """Raise the error that the answer means; its reason contains no address."""
    if isinstance(answer, requests.RequestException):
        raise TryAgainError(f"{scheme}: {type(answer).__name__}", whole_channel=True)
    if answer.status_code in _NO_YES:
        judge(answer.status_code, scheme)
    _judge_inside(answer, scheme)


def _judge_inside(answer: requests.Response, scheme: str) -> None:
    try:
        document = answer.json()
    except requests.JSONDecodeError:
        return
    code = _error_inside(document, scheme) if isinstance(document, dict) else None
    if code is not None:
        raise _meaning(code)(f"{scheme}: HTTP {answer.status_code} with error {code}")


def _error_inside(document: dict[str, Any], scheme: str) -> str | None:
    names = ["errcode", "code", "StatusCode"] if scheme in _NAMES_ERRORS_CODE else ["errcode"]
    codes = [str(document[name]) for name in names if str(document.get(name, 0)) != "0"]
    failed = [name for name in ("ok", "success") if document.get(name) is False]
    return next(iter(codes + failed), None)


def _meaning(code: str) -> type[NotSentError]:
    if code in _BUSY:
        return TryAgainError
    return ChannelStoppedError if code in _NO_ENTRY else RefusedError
