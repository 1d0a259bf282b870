"""`duban bounce`: one mail that came back, as from a mail server's pipe."""

from __future__ import annotations

import sys
from pathlib import Path

from catalog.errors import InvalidError, NotFoundError
from desk.commands.options import DryRun, Json, instant, open_offices
from desk.commands.output import put_outcome
from tasks.incoming.mail import LARGEST
from tasks.incoming.reading import Outcome, take

CHUNK = 1024 * 1024
COLUMNS = ("id", "channel", "address", "message_id")


def bounce(file: Path | None = None, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Read one mail from FILE or standard input: a letter that came back is marked as bounced.

    An automatic answer changes nothing. Ends with 3 for a report about no letter of ours, and with
    4 for any other mail.
    """
    content = _piped() if file is None else _beginning(file)
    with open_offices(dry_run=dry_run) as ledgers:
        outcome = take(content, ledgers, instant)
    _refuse(outcome, str(file or "-"))
    letters = [{name: getattr(each, name) for name in COLUMNS} for each in outcome.letters]
    line = " ".join([outcome.word, *(each.address for each in outcome.letters)])
    document = {"outcome": outcome.word, "letters": letters}
    put_outcome(document, line, dry_run=dry_run, as_json=as_json)


def _refuse(outcome: Outcome, place: str) -> None:
    if outcome.word == "foreign":
        raise NotFoundError("bounce-foreign", place=place, reason=outcome.reason)
    if outcome.word == "left":
        raise InvalidError("bounce-unknown", place=place, reason=outcome.reason or "-")


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as mail:
            return mail.read(LARGEST)
    except OSError as error:
        raise NotFoundError("file-unreadable", file=file, problem=error.strerror) from error


def _piped() -> bytes:
    """Return the beginning of standard input, read to its end: a broken pipe is a failure there."""
    content = sys.stdin.buffer.read(LARGEST)
    while sys.stdin.buffer.read(CHUNK):
        pass
    return content
