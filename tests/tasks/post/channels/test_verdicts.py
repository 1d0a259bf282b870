"""Answers of real servers and gateways, and whom each is about."""

from __future__ import annotations

import pytest

from tasks.post.channels.channel import ChannelStoppedError, RefusedError, TryAgainError
from tasks.post.channels.verdicts import about, about_words, error_of

# Step, code and words as exim, Postfix, Sendmail, Exchange, Gmail, Coremail, NetEase and Tencent
# write them; who the answer is about.
ANSWERS = {
    "us": """
RCPT TO|554|5.7.1 <x>: Relay access denied
RCPT TO|550|relaying denied
RCPT TO|550|5.7.54 SMTP; Unable to relay recipient in non-accepted domain
RCPT TO|550|5.7.1 Unable to relay
RCPT TO|553|sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)
RCPT TO|550|5.7.1 RESOLVER.RST.AuthRequired; authentication required
RCPT TO|504|5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname
RCPT TO|450|4.7.1 <myhost>: Helo command rejected: Host not found
EHLO|501|Syntactically invalid EHLO argument(s)
EHLO|501|5.0.0 Invalid domain name
MAIL FROM|550|Access denied - Invalid HELO name (See RFC2821 4.1.1.1)
RCPT TO|555|helohost error
AUTH|535|5.7.8 Error: authentication failed
MAIL FROM|530|5.7.0 Must issue a STARTTLS command first
MAIL FROM|553|authentication is required
MAIL FROM|553|5.1.8 <x@y>... Domain of sender address x@y does not exist
RCPT TO|450|4.1.8 <x@y>: Sender address rejected: Domain not found
RCPT TO|550|SPF check failed
RCPT TO|550|5.7.1 Recipient not authorized, your IP has been found on a block list
RCPT TO|554|5.7.1 Service unavailable; Client host [1.2.3.4] blocked using zen.spamhaus.org
RCPT TO|550|5.7.1 Denied, see https://www.spamhaus.org/query/ip/192.0.2.1
connect|554|HL:IPB 1.2.3.4
connect|554|IP<1.2.3.4> in blacklist
end of DATA|554|DT:SPM 163 smtp5,D9xpCgDn
end of DATA|550|5.7.1 Message rejected as spam by Content Filtering.
end of DATA|550|Mail content denied. http://service.mail.qq.com
end of DATA|554|5.7.1 Spam message rejected
end of DATA|552|message rejected by anti-spam engine
end of DATA|554|spam
MAIL FROM|550|we do not relay for you
RCPT TO|550|5.7.1 Access denied
RCPT TO|550|User in blacklist
RCPT TO|553|Requested action not taken: Local user only
connect|554|no SMTP service here
""",
    "rate": """
connect|421|HL:ICC  too many concurrent connections
RCPT TO|550|Connection frequency limited
RCPT TO|550|Domain frequency limited. http://service.mail.qq.com
RCPT TO|550|Ip frequency limited
RCPT TO|451|MI:SFQ 163 smtp
RCPT TO|450|4.7.1 Error: too much mail from 1.2.3.4
connect|421|4.7.0 1.2.3.4 Error: too many connections from 1.2.3.4
MAIL FROM|550|5.4.5 Daily user sending quota exceeded
RCPT TO|421|4.7.28 Our system has detected an unusual rate
RCPT TO|450|4.7.500 Access denied, sender rate limited
""",
    "recipient": """
RCPT TO|550|5.1.1 <a@b>: Recipient address rejected: User unknown in local recipient table
RCPT TO|550|5.1.1 <a@b>: Recipient address rejected: User unknown in virtual mailbox table
RCPT TO|550|5.1.1 <a@b>... User unknown
RCPT TO|550|Unrouteable address
RCPT TO|550|5.1.1 <li@spam.example.cn>: Recipient unknown (relay3.example.com)
RCPT TO|550|No such user here, says spamfilter.helo.example
RCPT TO|550|5.1.1 Mailbox not found, see https://relay.example.com/helo?spam
RCPT TO|550|5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient a@b not found by SMTP address lookup
RCPT TO|550|5.4.1 Recipient address rejected: Access denied. AS(201806281)
RCPT TO|550|User not found
RCPT TO|550|User not found: a@b.com
RCPT TO|550|Mailbox not found. http://service.mail.qq.com/cgi-bin/help?subtype=1
RCPT TO|550|Mailbox unavailable or access denied
RCPT TO|550|5.2.1 The email account that you tried to reach is disabled
RCPT TO|550|no such user
RCPT TO|550|5.1.1 no such user
RCPT TO|550|无此用户
RCPT TO|550|收件人不存在
RCPT TO|501|5.1.3 Bad recipient address syntax
RCPT TO|550|5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required
MAIL FROM|552|5.3.4 Message size exceeds fixed limit
MAIL FROM|552|Requested mail action aborted: exceeded mailsize limit
end of DATA|552|too big
end of DATA|554|5.6.0 Message with invalid header rejected
end of DATA|550|not wanted
RCPT TO|553|not allowed
end of DATA|554|Transaction failed
RCPT TO|550|gone
MAIL FROM|552|too big
RCPT TO|550|5.7.1 <a@b>: Recipient address rejected: User unknown
RCPT TO|554|5.7.1 <a@b>: Recipient address rejected: Access denied
RCPT TO|550|User suspended
RCPT TO|551|User not local; please try <b@c>
""",
    "now": """
end of DATA|451|DT:SPM ,please try again
RCPT TO|450|4.2.0 <a@b>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/b.html
RCPT TO|451|4.7.1 Greylisting in action, please come back later
RCPT TO|421|4.7.0 try later
RCPT TO|451|4.3.0 try again
RCPT TO|451|Temporary local problem - please try later
RCPT TO|452|4.3.1 Insufficient system storage
RCPT TO|451|4.3.0 full
RCPT TO|452|full
connect|421|service not available
RCPT TO|450|mailbox busy
RCPT TO|450|4.2.1 The user you are trying to contact is receiving mail too quickly
""",
    "full": """
RCPT TO|452|4.2.2 The email account that you tried to reach is over quota
RCPT TO|552|5.2.2 <a@b>: Recipient address rejected: Mailbox is full
RCPT TO|552|mailbox full
RCPT TO|552|Requested mail action aborted: exceeded storage allocation
RCPT TO|552|5.7.0 Quota exceeded
RCPT TO|550|5.2.2 user over quota
RCPT TO|552|邮箱空间不足
RCPT TO|550|收件人邮箱已满
RCPT TO|450|4.2.2 mailbox full
""",
}
CASES = [
    (*line.split("|"), who) for who, lines in ANSWERS.items() for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("step", "code", "text", "who"), CASES)
def test_an_answer_is_sorted_by_whom_it_is_about(step, code, text, who):
    assert about(step, int(code), text) == who


def test_the_table_has_answers_of_each_sort():
    assert len(CASES) > 90
    assert min(len(lines.strip().splitlines()) for lines in ANSWERS.values()) >= 8


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("api freq out of limit, rate limited", "rate"),
        ("触发频率限制，请稍后再试", "rate"),
        ("account balance is not enough", "us"),
        ("账户余额不足", "us"),
        ("签名不匹配", "us"),
        ("invalid access_token", "us"),
        ("IP not in whitelist", "us"),
        ("Forbidden: bot was blocked by the user", "recipient"),
        ("Bad Request: chat not found", "recipient"),
        ("手机号码格式错误", "recipient"),
        ("message too long", "recipient"),
        ("系统繁忙，请稍后再试", "now"),
        ("something else", None),
    ],
)
def test_the_words_of_a_gateway_are_sorted(words, who):
    assert about_words(words) == who


def test_each_verdict_is_one_error():
    errors = {who: error_of(who, "words") for who in ANSWERS}
    assert {who: type(error) for who, error in errors.items()} == {
        "us": ChannelStoppedError,
        "rate": ChannelStoppedError,
        "recipient": RefusedError,
        "now": TryAgainError,
        "full": TryAgainError,
    }
    assert (errors["us"].kind, errors["rate"].kind) == ("stopped", "slowed")
    assert (errors["now"].is_full, errors["full"].is_full) == (False, True)
