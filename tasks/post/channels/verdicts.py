"""Verdicts on refusals: an answer of a mail server or gateway, sorted by whom it is about.

Rule: docs/rules.md, The guarantee of delivery. Enhanced status codes are those of RFC 3463; the
words are those that exim, Postfix, Sendmail, Exchange, Coremail, NetEase (163) and Tencent (QQ,
exmail) write. The first row that fits decides; words are more reliable than codes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from tasks.post.channels.channel import (
    ChannelStoppedError,
    NotSentError,
    RefusedError,
    TryAgainError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# recipient: the letter is dead; us: the channel stops; rate: it slows down; now: tried again;
# full: tried again for five days.
About = Literal["recipient", "us", "rate", "now", "full"]

_PERMANENT = 500
_HOST = re.compile(r"https?://\S+|@?\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,10}\b", re.IGNORECASE)
_TELLING_HOST = re.compile(r"spamhaus|spf|rbl|dnsbl|barracuda|spamcop", re.IGNORECASE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class Row(NamedTuple):
    """One row: `about` for answers of these steps and codes whose status and words fit."""

    about: About
    words: str = ""
    status: str = ""
    codes: range | frozenset[int] = range(400, 600)
    steps: frozenset[str] = frozenset()

    def fits(self, step: str, code: int, text: str) -> bool:
        """Tell whether the row is about this answer; a row without words fits any."""
        if code not in self.codes or (self.steps and step not in self.steps):
            return False
        status = _STATUS.search(text)
        by_status = self.status and status and re.fullmatch(self.status, status[1])
        by_words = self.words and re.search(self.words, text, re.IGNORECASE)
        return bool(by_status or by_words or not (self.words or self.status))


GREETING = frozenset({"connect", "EHLO", "STARTTLS"})
LOGIN = frozenset({"AUTH"})
SENDER = frozenset({"MAIL FROM"})
CONTENT = frozenset({"DATA", "end of DATA"})
HARD = range(_PERMANENT, 600)

TOO_BIG = (
    r"\btoo (big|large)\b|(message|mail|attachment).{0,20}(too long|size exceeds)|size limit"
    r"|mailsize|message size|(信件|邮件|郵件|附件)(大小超|过大|過大)"
)
TOO_FAST = (
    r"rate.?limit|frequency limit|too (many|much) (mail|e-?mail|message|connection|concurrent"
    r"|request|same size|out ?going)|too frequent|too fast|throttl|slow down|(sending|hourly|daily"
    r"|outgoing|user).{0,20}(quota|limit|rate).{0,12}exceed|exceed.{0,30}(rate|hourly|daily|sending"
    r"|limit on outgoing)|\b(MI:(SFQ|STC|DMC|CEL|CCL|SPB)|RP:(QRC|RCL|DRC|CEL|CCL|TRC)"
    r"|HL:(ICC|IFC|IFQ))\b|频率|頻率|限流|流控|发信(量|数).{0,6}(超|限)|發信(量|數).{0,6}(超|限)"
    r"|过于频繁|過於頻繁|too frequently"
)
GREY = (
    r"gr[ae]y.?list|please try again|try (again )?(later|in \d+)|come back later|please retry"
    r"|灰名单|灰名單"
)
SPAM = (
    r"\bspam|\bDT:SPM\b|\bDT:SUM\b|content (denied|reject)|(rejected|blocked).{0,30}content"
    r"|unsolicited|bulk mail|looks like (junk|advert)|reputation|垃圾(邮|郵)|反垃圾"
    r"|(内容|內容).{0,6}(拒|违|違)|敏感"
)
BLOCKED = (
    r"black ?list|block ?list|\brbl\b|dnsbl|spamhaus|barracuda|client host.{0,60}(rejected|blocked)"
    r"|\bHL:|\bDT:RBL\b|\bWM:BL[IU]\b|(black|banned|blocked|rejected|invalid|hangup).{0,6}\bip\b"
    r"|\bip\b.{0,30}(rejected|blocked|banned|denied|hangup|not allowed)|黑名单|黑名單|白名单|白名單"
    r"|smtpport check|service unavailable.{0,40}blocked"
)
LOGIN_WORDS = (
    r"auth(entication|orization)? (is )?(required|failed|error|credentials|needed)"
    r"|not.{0,6}authenticated|(need|must|please|requires?).{0,20}(auth|log ?in)|login fail"
    r"|smtp auth|not authorized to|password|授权码|授權碼|认证|認證|local user only"
)
RELAY = (
    r"relay|no smtp mx only|not (permitted|allowed|authori[sz]ed) to (send|relay)"
    r"|not in my rcpthosts|not an open|转发|中继|中繼"
)
HELO = r"\bhelo|\behlo|invalid domain name|need fully-qualified hostname|host name is invalid"
SENDER_WORDS = (
    r"sender.{0,30}(address )?(rejected|denied|invalid|verif|reject|refused|not allowed|suspended"
    r"|unvalidated|mismatch)|(invalid|fake|null|unknown|bad) sender|mail from.{0,20}invalid"
    r"|\bspf\b|\bdkim\b|\bdmarc\b|openspf|reverse dns|\bptr\b|dns check|发件人|發件人|寄件者"
)
POLICY = r"polic(y|ies)|administrative(ly)? (prohibit|den)|not welcome|prohibited by admin"
UNKNOWN = (
    r"(user|mailbox|recipient|account|address|mail user).{0,40}(unknown|not found|not exist"
    r"|doesn.?t exist|does not exist|unavailable|disabled|suspended|inactive|locked|invalid"
    r"|no longer|not known|not local|closed)|(unknown|unroute?able|invalid|no such|bad"
    r"|unavailable|non-?exist\w*|unrecognized|disabled).{0,20}(user|mailbox|recipient|address|account|person)"
    r"|no mailbox here|not our customer|recipientnotfound|don.?t exists? that user|no.{0,9} account"
    r"|recipient address rejected|bad destination|mailbox name not allowed|unknown domain"
    r"|(用户|用戶|使用者|收件人|邮箱|郵箱|信箱|帐号|帳號|账号).{0,8}(不存在|未找到|无效|無效|停用|禁用"
    r"|未开通|未開通|注销|註銷|不可用|错误|錯誤)|(无|無|没有|沒有)此(用户|用戶|收件人|使用者)|查无此"
)
FULL = (
    r"(mailbox|mail box|inbox|mail folder|storage).{0,40}(full|exceed)|\bquota\b|overquota"
    r"|exceeded storage allocation|mailbox size"
    r"|(邮箱|郵箱|信箱|收件人|用户|用戶|空间|空間|容量).{0,10}(满|滿|不足|超)"
)
SYSTEM = r"insufficient (system )?(storage|resources)|out of memory|disk full|queue"

SMTP = (
    Row("us", steps=LOGIN, codes=HARD),
    Row("us", codes=frozenset({530, 534, 535, 538})),  # RFC 4954 6
    Row("recipient", TOO_BIG, r"5\.(2\.3|3\.4)", codes=HARD),
    Row("rate", TOO_FAST, r"[45]\.7\.(28|500|501|502|503|508)"),
    Row("now", GREY, codes=range(400, 500)),
    # Only members or senders inside may write to this recipient (Exchange).
    Row("recipient", r"RecipientRestricted|RecipAccess", r"5\.7\.(12[0-9]|13[0-9])", codes=HARD),
    Row("us", HELO),
    Row("us", RELAY),
    Row("us", SPAM),
    Row("us", BLOCKED),
    Row("us", SENDER_WORDS, r"[45]\.1\.[78]"),
    Row("us", LOGIN_WORDS, codes=HARD),
    Row("recipient", codes=frozenset({552}), steps=SENDER),
    Row("us", codes=HARD, steps=GREETING | SENDER),
    Row("now", SYSTEM, r"4\.3\.1"),
    Row("full", FULL, r"[45]\.2\.2"),
    Row("recipient", UNKNOWN, r"5\.1\.[0-6]|5\.1\.10|5\.2\.1|5\.4\.1", codes=HARD),
    Row("us", POLICY, r"5\.7\.\d+", codes=HARD),
    Row("us", r"protocol|syntax|bad sequence|not implemented", r"5\.5\.[0-24]", codes=HARD),
    Row("recipient", codes=HARD),  # unclear, about this one letter
    Row("now"),
)

# Words of gateways by HTTP, beside their codes (tasks/post/channels/answers.py).
GATEWAY = (
    Row("recipient", r"blocked by the user|chat not found|user is deactivated|was kicked"),
    Row(
        "recipient", TOO_BIG + r"|too long|max.{0,12}length|(内容|內容|消息).{0,4}(超长|超長|过长)"
    ),
    Row("rate", TOO_FAST + r"|too many|throughput"),
    Row("us", BLOCKED + r"|not in whitelist|" + SPAM),
    Row(
        "us",
        LOGIN_WORDS
        + r"|credential|token|signature|\bsign\b|签名|簽名|unauthori[sz]ed|forbidden|access",
    ),
    Row("us", r"balance|arrears|credit|payment|余额|餘額|欠费|欠費|template|模板"),
    Row("recipient", UNKNOWN + r"|(phone|mobile|number|手机|手機|号码|號碼)"),
    Row("now", r"busy|system error|internal|time.?out|繁忙|稍后|稍後|temporar"),
)


def about(step: str, code: int, text: str) -> About:
    """Return whom the answer `code text` of a mail server to `step` is about.

    Names of hosts say nothing (`relay.example.org`), but for those of the known black lists.
    """
    words = _HOST.sub(lambda host: host[0] if _TELLING_HOST.search(host[0]) else "", text)
    return next(row.about for row in SMTP if row.fits(step, code, words))


def about_words(text: str) -> About | None:
    """Return whom a gateway's refusal in these words is about, None where they do not say."""
    return next((row.about for row in GATEWAY if row.fits("", _PERMANENT, text)), None)


def error_of(about: About, reason: str, *, whole_channel: bool = False) -> NotSentError:
    """Return the error for a verdict; `whole_channel` of one that is about now."""
    errors: dict[About, Callable[[], NotSentError]] = {
        "recipient": lambda: RefusedError(reason),
        "us": lambda: ChannelStoppedError(reason),
        "rate": lambda: ChannelStoppedError(reason, kind="slowed"),
        "now": lambda: TryAgainError(reason, whole_channel=whole_channel),
        "full": lambda: TryAgainError(reason, is_full=True),
    }
    return errors[about]()
