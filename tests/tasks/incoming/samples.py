"""Mails as servers write them, about the letter OURS to TO."""

from __future__ import annotations

from base64 import b64encode

OURS = "<0123456789abcdef@office.example>"
TO = "officer.city@cast.example"
RETURNED = f"""\
From: duban <duban@office.example>
To: {TO}
Subject: =?utf-8?b?5LqL6aCF?=
Message-ID: {OURS}
Content-Type: text/plain; charset=utf-8

The letter.
"""


def dsn(  # each is a field of the report
    action="failed",
    status="5.1.1",
    words="smtp; 550 5.1.1 no such user",
    to=TO,
    *,
    original="",
    message_id=OURS,
    returned="message/rfc822",
    final="rfc822",
) -> bytes:
    """Return a delivery status notification by RFC 3464, as Postfix writes it."""
    letter = RETURNED.replace(OURS, message_id)
    if "headers" in returned:
        letter = letter.partition("\n\n")[0] + "\n"
    before = f"Original-Recipient: rfc822;{original}\n" if original else ""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: duban@office.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="limit"

This is a MIME-encapsulated message.

--limit
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--limit
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Wed, 15 Jan 2014 09:00:00 +0800

{before}Final-Recipient: {final}; {to}
Action: {action}
Status: {status}
Diagnostic-Code: {words}

--limit
Content-Description: Undelivered Message
Content-Type: {returned}

{letter}
--limit--
""".encode()


EXIM = f"""\
Return-path: <>
X-Failed-Recipients: {TO}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example>
To: duban@office.example
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {TO}
    host mx.cast.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<{TO}>:
    550 5.1.1 <{TO}>: Recipient address rejected: User unknown

------ This is a copy of the message, including all the headers. ------

Return-path: <duban@office.example>
Message-ID: {OURS}
To: {TO}

The letter.
""".encode()

QMAIL = f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example
To: duban@office.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{TO}>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 mailbox unavailable
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

Return-Path: <duban@office.example>
To: {TO}
Message-ID: {OURS}

The letter.
""".encode()

EXCHANGE = f"""\
From: postmaster@cast.example
To: duban@office.example
Subject: Undeliverable: =?utf-8?b?5LqL6aCF?=
In-Reply-To: {OURS}
References: {OURS}
Content-Type: text/html; charset=utf-8

<html><body><p>Your message to <a href="mailto:{TO}">{TO}</a> couldn't be delivered.</p>
<p>Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'</p></body></html>
""".encode()


def _in_gb(text: str) -> str:
    return f"=?gb18030?b?{b64encode(text.encode('gb18030')).decode()}?="


COREMAIL = (
    f"From: Postmaster <Postmaster@163.example>\nTo: duban@office.example\n"
    f"Subject: {_in_gb('系统退信')}\nContent-Type: text/html; charset=GBK\n\n"
).encode() + (
    f"<p>抱歉，您的邮件被退回来了……</p><p>收件人：{TO}</p><p>退信原因：收件人邮件地址（{TO}）不存在，"
    f"邮件无法送达。550 User not found</p><pre>Message-ID: {OURS}</pre>"
).encode("gbk")

QQ = f"""\
From: PostMaster@qq.example
To: duban@office.example
Subject: {_in_gb("来自qq.example的退信")}
Content-Type: text/plain; charset=utf-8

抱歉，您的邮件被退回来了。
收件人的邮箱 {TO} 已满，无法接收您的邮件。
Message-ID:{OURS}
""".encode()

DELAY = f"""\
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example>
To: duban@office.example
Subject: Warning: message 1abcde-000000-00 delayed 24 hours

A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.

Message-ID: {OURS}
  {TO}

No action is required on your part.
""".encode()

REPLY = """\
BEGIN:VCALENDAR\r
METHOD:REPLY\r
BEGIN:VEVENT\r
UID:meeting@office.example\r
ATTENDEE;PARTSTAT=ACCEPTED;CN=Officer;ROLE=REQ-PARTICIPANT:mailto:officer.c\r
 ity@cast.example\r
END:VEVENT\r
END:VCALENDAR\r
"""


def answer(sender=TO) -> bytes:
    """Return an answer to an invitation, as mail programs send it."""
    calendar = b64encode(REPLY.encode()).decode()
    return f"""\
From: Officer <{sender}>
To: duban@office.example
Subject: Accepted: meeting
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=limit

--limit
Content-Type: text/plain

Accepted
--limit
Content-Type: text/calendar; method=REPLY; charset=utf-8
Content-Transfer-Encoding: base64

{calendar}
--limit--
""".encode()


def plain(*headers: str) -> bytes:
    """Return a mail of a person, or of their machine, with these headers."""
    lines = ["From: officer.city@cast.example", *headers, "", "We shall see to it.", ""]
    return "\n".join(lines).encode()
