"""Limits of each kind of channel in its own unit, and the one text that fits into them.

A letter is one post by every channel, so that no part of it can be sent twice: the whole text where
it fits, else as many of its lines as fit and its short form, else the short form alone.

Where the figures are from:

- WeCom robot: https://developer.work.weixin.qq.com/document/path/91770 (text of at most 2,048 bytes
  in UTF-8, 20 posts a minute); application: path/90236 (2,048 bytes) and path/90312 (30 a minute to
  one member)
- DingTalk robot: https://open.dingtalk.com/document/orgapp/custom-robot-access (20 posts a minute,
  then nothing for ten; a keyword may be required) and custom-bot-send-message-type (20,000 bytes)
- Feishu and Lark robot: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
  (a request of at most 20 KB, 100 a minute and 5 a second)
- Telegram: https://core.telegram.org/bots/api#sendmessage (4,096 characters), bots/faq (1 a second
  in a chat, 20 a minute in a group)
- Slack: https://docs.slack.dev/apis/web-api/rate-limits (1 a second in a channel) and
  reference/methods/chat.postMessage (40,000 characters); Apprise puts the text into an attachment
- Teams workflows: https://learn.microsoft.com/microsoftteams/limits-specifications-teams (28 KB;
  what is not declared as UTF-8 is counted twice, so half of it), 4 a second
- ntfy: https://docs.ntfy.sh/publish/#limitations (4,096 bytes; longer texts become files; 60
  requests, then one in 5 seconds)
- Matrix: https://spec.matrix.org/latest/client-server-api/#size-limits (an event of 65,536 bytes)
- Mattermost before 5.0: 4,000 characters; Rocket.Chat's default Message_MaxAllowedSize: 5,000
- SMS: 3GPP TS 23.038 and 23.040: 160 characters of GSM 7-bit in one part or 153 in each of several,
  70 or 67 in UCS-2; providers take ten parts (Twilio: 1,600 characters)
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tasks.letters.letter_format import Letter

# bytes: UTF-8; json: bytes as JSON in ASCII, as Apprise posts them; utf16: code units; sms: parts.
Unit = Literal["bytes", "json", "utf16", "sms"]
CUT = "……"
SMS_PARTS = 5

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `posts` in so many `seconds`."""

    posts: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of a kind: size in its unit, None without one; always `short` for SMS."""

    size: int | None = None
    unit: Unit = "bytes"
    rate: Rate | None = None
    short: bool = False


_SMS = Limit(SMS_PARTS, "sms", short=True)
_FEISHU = Limit(19_000, "json", Rate(100, 60))
_TEAMS = Limit(13_000, "json", Rate(4, 1))
_NTFY = Limit(4096, "bytes", Rate(60, 300))
_MATTERMOST = Limit(4000, "utf16")
_ROCKET = Limit(5000, "utf16")
_MATRIX = Limit(20_000, "json")
NONE = Limit()

LIMITS: Mapping[str, Limit] = {
    "wecombot": Limit(2048, "bytes", Rate(20, 60)),
    "wechat": Limit(2048, "bytes", Rate(30, 60)),
    "dingtalk": Limit(19_000, "json", Rate(20, 60)),
    "feishu": _FEISHU,
    "lark": _FEISHU,
    "tgram": Limit(4096, "utf16", Rate(1, 1)),
    "slack": Limit(35_000, "utf16", Rate(1, 1)),
    "workflow": _TEAMS,
    "workflows": _TEAMS,
    "ntfy": _NTFY,
    "ntfys": _NTFY,
    "mmost": _MATTERMOST,
    "mmosts": _MATTERMOST,
    "rocket": _ROCKET,
    "rockets": _ROCKET,
    "matrix": _MATRIX,
    "matrixs": _MATRIX,
    **dict.fromkeys(("bulksms", "clicksend", "d7sms", "msgbird", "plivo", "sinch"), _SMS),
    **dict.fromkeys(("smseagle", "smseagles", "sns", "twilio", "vonage"), _SMS),
}


def limit_of(url: str) -> Limit:
    """Return the limit of the channel with this address; without one for mail and gateways."""
    return LIMITS.get(url.partition("://")[0].lower(), NONE)


def size(text: str, unit: Unit) -> int:
    """Return the size of `text` in a unit."""
    if unit == "json":
        return len(json.dumps(text)) - 2
    if unit == "utf16":
        return len(text.encode("utf-16-le", "replace")) // 2
    return _parts(text) if unit == "sms" else len(text.encode("utf-8", "replace"))


def _parts(text: str) -> int:
    """Return how many parts an SMS with this text has."""
    characters = set(text)
    if characters <= _GSM | _GSM_TWICE:
        length, one, many = len(text) + sum(c in _GSM_TWICE for c in text), 160, 153
    else:
        length, one, many = size(text, "utf16"), 70, 67
    return 1 if length <= one else -(-length // many)


def fitted(letter: Letter, limit: Limit, *, keyword: str = "") -> tuple[str, str]:
    """Return subject and body for one post within `limit`; the body begins with the keyword.

    A short form stands without the subject.
    """
    fits = _Room(limit, keyword)
    body = letter.body.rstrip()
    if not limit.short:
        if fits(letter.subject, body):
            return letter.subject, fits.marked(letter.subject, body)
        if cut := _cut(letter, fits):
            return letter.subject, fits.marked(letter.subject, cut)
    short = _short(letter)
    while short and not fits("", short):
        short = short.removesuffix("…")[:-1].rstrip() + "…" if len(short) > 1 else ""
    return "", fits.marked("", short)


class _Room:
    """The room for one post."""

    def __init__(self, limit: Limit, keyword: str) -> None:
        self._limit = limit
        self._keyword = keyword

    def __call__(self, subject: str, body: str) -> bool:
        text = f"{subject}\r\n{self.marked(subject, body)}" if subject else self.marked("", body)
        return self._limit.size is None or size(text, self._limit.unit) <= self._limit.size

    def marked(self, subject: str, body: str) -> str:
        """Return the body, with the keyword in front unless the text has it."""
        lacks = self._keyword and self._keyword not in f"{subject}\n{body}"
        return f"{self._keyword}: {body}" if lacks else body


def _short(letter: Letter) -> str:
    first = next((line for line in letter.body.splitlines() if line.strip()), "")
    return letter.short or f"{letter.subject}\n{first}".strip()


def _cut(letter: Letter, fits: _Room) -> str:
    """Return as many lines as fit before the short form; "" where not one of them does."""
    lines = letter.body.rstrip().splitlines()
    end = ["", CUT, _short(letter)] if letter.short else [CUT]
    few, many = 0, len(lines)
    while few < many:  # the largest number of lines that fits
        middle = (few + many + 1) // 2
        if fits(letter.subject, "\n".join([*lines[:middle], *end])):
            few = middle
        else:
            many = middle - 1
    return "\n".join([*lines[:few], *end]) if few else ""
