"""Speed of letters to a mail server on loopback, beside smtplib and Apprise."""

from __future__ import annotations

import datetime as dt
import smtplib
import subprocess
import sys
from contextlib import contextmanager
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from apprise import Apprise

from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.letters.letter_format import Letter, message_id
from tasks.post.channels.mail import MailChannel, parse_server
from tasks.post.deliver import deliver
from tasks.sweep_time import sweep_instant
from tests.bench import load
from tests.bench.measure import RUNS, Figure, Goal, at_least, seconds, side_by_side, wall
from tests.bench.rows.sweep import Ours

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS = 500
LETTERS_OF_APPRISE = 20
SENDER, TO = "duban@example.org", "officer@example.org"
AT = dt.datetime(2014, 3, 14, 0, 30, tzinfo=dt.UTC)
SUBJECT = "[黃] 每年召開1-2次粵港服務貿易自由化聯席會議 2014-12-31前"
BODY = "廣東省外經貿廳:\n\n請於2014年6月30日前報送本項工作進展情況。\n" * 20


def figures() -> Iterator[Figure]:
    with _sink() as port:
        took = side_by_side(partial(_ours, port), partial(_smtplib, port), clock=wall)
        ours, plain = (LETTERS / each for each in took)
        apprise = LETTERS_OF_APPRISE / seconds(partial(_apprise, port), clock=wall)
        delivered = _delivered(port)
    yield _figure("mail: letters", ours, "smtplib on one kept line", plain, at_least(0.8))
    yield _figure("mail: letters", ours, "Apprise mailto, its pauses off, once", apprise)
    yield _figure(
        "mail: claimed, written, sent, settled",
        delivered,
        "smtplib on one kept line",
        plain,
        runs=1,
    )


def _figure(
    work: str,
    ours: float,
    against: str,
    theirs: float,
    goal: Goal | None = None,
    *,
    runs: int = RUNS,
) -> Figure:
    return Figure(
        work=work,
        unit="letters/s",
        ours=ours,
        against=against,
        theirs=theirs,
        goal=goal,
        runs=runs,
    )


@contextmanager
def _sink() -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.sink"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def _ours(port: int) -> None:
    with MailChannel(parse_server(f"smtp://127.0.0.1:{port}")) as channel:
        for n in range(LETTERS):
            channel.send(
                Letter(
                    message_id=message_id(f"letter-{n}", SENDER),
                    sender=SENDER,
                    to=TO,
                    subject=SUBJECT,
                    body=BODY,
                    date=AT,
                )
            )


def _smtplib(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as line:
        for n in range(LETTERS):
            letter = EmailMessage()
            letter["From"], letter["To"], letter["Subject"] = SENDER, TO, SUBJECT
            letter["Date"], letter["Message-ID"] = AT, message_id(f"letter-{n}", SENDER)
            letter.set_content(BODY)
            line.send_message(letter)


def _apprise(port: int) -> None:
    line = Apprise()
    line.add(f"mailto://127.0.0.1:{port}/?from={SENDER}&to={TO}")
    for service in line:
        service.request_rate_per_sec = 0
    for _ in range(LETTERS_OF_APPRISE):
        assert line.notify(title=SUBJECT, body=BODY)


def _delivered(port: int) -> float:
    """Return the letters a second that leave the outbox after a sweep of 2,000 due duties."""
    day = load.days(1)[0]
    with TemporaryDirectory() as folder:
        load.fill(Path(folder), held=10_000, due={day: 2000}).close()
        Ours(Path(folder)).sweep(day)
        environ = {"DUBAN_HOME": folder, "DUBAN_MAIL_URL": f"smtp://127.0.0.1:{port}"}
        at = sweep_instant("Asia/Shanghai", day)
        with Ledger.open(load_settings(environ)) as ledger:
            began = wall()
            letters = deliver(ledger, on=day, clock=lambda: at)["sent"]
            return letters / (wall() - began)
