"""Apprise channel: webhooks, office chats and SMS gateways."""

from __future__ import annotations

import logging
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests
from apprise import Apprise, AppriseAsset, NotifyFormat, OverflowMode

from catalog.errors import InvalidError
from tasks.post.channels.answers import LONGEST, Answer, judge
from tasks.post.channels.channel import Channel, NotSentError, RefusedError, TryAgainError
from tasks.post.channels.limits import fitted, limit_of
from tasks.post.channels.options import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.letters.letter_format import Letter

# The schemes an administrator may set: no mail, and none that reads a file or runs a command.
# Apprise's `wecom` is the third party Pushplus; WeCom itself is `wecombot` or `wechat`.
ALLOWED = frozenset({
    *("json", "jsons", "form", "forms", "xml", "xmls"),
    *("wecombot", "wechat", "dingtalk", "feishu", "lark"),
    *("mmost", "mmosts", "rocket", "rockets", "matrix", "matrixs", "ntfy", "ntfys"),
    *("gotify", "gotifys", "slack", "workflow", "workflows", "tgram"),  # msteams is retired
    *("bulksms", "clicksend", "d7sms", "msgbird", "plivo", "sinch", "smseagle", "smseagles"),
    *("sns", "twilio", "vonage"),
})  # fmt: skip
# They ask more than once for one letter and read the answers: an error may be no refusal.
_READS_ITS_ANSWERS = {"wechat", "matrix", "matrixs", "rocket", "rockets", "slack"}
PIECE = 10_000
_TOKEN = re.compile(r"(?=[\w-]*[0-9])[\w-]{8,}|[\w-]{16,}")

_PATCH_LOCK = threading.Lock()

Reply = requests.Response | requests.RequestException


class AppriseChannel(Channel):
    """One configured URL; `{to}` in it stands for the contact's address."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._scheme = _allowed_scheme(name, url)
        self._url, self._yes, self._keyword = options(name, url)
        self._asset = AppriseAsset(async_mode=False, http_redirects=False, app_id="duban")
        self._lines: dict[str, Apprise] = {}
        _silence_logs()
        if "{to}" not in url:
            self._line(self._url)

    def __repr__(self) -> str:
        return f"AppriseChannel({self._name!r}, {self._scheme!r})"

    def close(self) -> None:
        """Close the services."""
        self._lines.clear()

    def send(self, letter: Letter) -> None:
        """Send as much of subject and body as the kind takes, as one post of plain text."""
        line = self._line(self._url.replace("{to}", quote(letter.to, safe="")))
        subject, body = fitted(letter, limit_of(self._url), keyword=self._keyword)
        with _recorded_answers() as replies:
            accepted = line.notify(title=subject, body=body, body_format=NotifyFormat.TEXT)
        if not accepted or self._scheme not in _READS_ITS_ANSWERS:
            for reply in reversed(replies):
                self._judge(reply)
        if not accepted and not self._yes:
            raise RefusedError(f"{self._scheme}: not taken, no reason given")

    def _judge(self, reply: Reply) -> None:
        """Raise the error that the reply means; its reason contains no part of the address."""
        if isinstance(reply, requests.RequestException):
            raise TryAgainError(f"{self._scheme}: {type(reply).__name__}", whole_channel=True)
        by_address = "{to}" in self._url
        try:
            judge(_answer(reply), self._scheme, yes=self._yes, by_address=by_address)
        except NotSentError as error:
            error.hide(word for word in _TOKEN.findall(error.reason) if word in self._url)
            raise

    def _line(self, url: str) -> Apprise:
        if url not in self._lines:
            line = Apprise(asset=self._asset)
            if not line.add(url):
                reason = f"{self._scheme} does not take it"
                raise InvalidError("channel-address", place=self._name, reason=reason)
            if sum(len(service) for service in line) > 1:
                reason = "it names more than one recipient"
                raise InvalidError("channel-address", place=self._name, reason=reason)
            for service in line:  # the text fits: one post, neither cut nor split
                service.overflow_mode = OverflowMode.UPSTREAM
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
def _recorded_answers() -> Iterator[list[Reply]]:
    """Yield the list of the providers' answers; redirects are not followed.

    Apprise returns only yes or no, takes a 200 with an error inside for a yes, reads answers of any
    size, and lets an address switch redirects on. Every plugin sends through `requests.Session`, so
    it is patched for this thread.
    """
    answers: list[Reply] = []
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


def _answer(reply: requests.Response) -> Answer:
    is_whole = len(reply.content) <= LONGEST
    return Answer(reply.status_code, reply.text if is_whole else None)
