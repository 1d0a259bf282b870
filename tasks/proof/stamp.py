"""What an outside clock says of an anchor: a time stamp (RFC 3161), kept beside it."""

from __future__ import annotations

import hashlib
import logging
import os
from typing import TYPE_CHECKING

import requests
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

from ledger.proof.anchors import anchor_line, stamp_file

if TYPE_CHECKING:
    from ledger.proof.chain import Anchor
    from ledger.settings import Settings

GRANTED = (0, 1)  # RFC 3161 2.4.2: granted, granted with changes
PATIENCE = 10  # seconds
LONGEST = 100_000  # bytes; an answer with its certificates has some thousand
HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}

log = logging.getLogger(__name__)


class NotStampedError(Exception):
    """The authority gave no stamp for what it was asked."""


def stamp(settings: Settings, anchor: Anchor) -> int:
    """Have the authority of the settings stamp `anchor`; 1 when it is kept, 0 when it is not.

    What is stamped is the line `anchor_line` prints. No failure stops a sweep: the anchor stands
    without a stamp, the log says why, and the next anchor, which covers this one, is tried again.
    """
    if settings.tsa_url is None:
        return 0
    try:
        reply = _asked(settings.tsa_url, anchor_line(anchor).encode())
        _keep(settings, anchor, reply)
    except (NotStampedError, requests.RequestException, ValueError, OSError) as error:
        log.warning("anchor of %s not stamped: %s", anchor.on, error)
        return 0
    return 1


def _asked(url: str, line: bytes) -> bytes:
    """Return the authority's answer; it must be about this line and this question."""
    query = TimestampRequestBuilder().data(line).hash_algorithm(HashAlgorithm.SHA256).build()
    with requests.post(
        url,
        data=query.as_bytes(),
        headers=HEADERS,
        timeout=PATIENCE,
        allow_redirects=False,
        stream=True,
    ) as answer:
        if answer.status_code != requests.codes.ok:
            raise NotStampedError(f"the authority answered {answer.status_code}")
        reply = bytes(answer.raw.read(LONGEST))
    told = decode_timestamp_response(reply)
    if told.status not in GRANTED:
        raise NotStampedError(f"refused with status {told.status}")
    if told.tst_info.message_imprint.message != hashlib.sha256(line).digest():
        raise NotStampedError("the stamp is on something else")
    if told.tst_info.nonce != query.nonce:
        raise NotStampedError("the stamp answers another question")
    return reply


def _keep(settings: Settings, anchor: Anchor, reply: bytes) -> None:
    path = stamp_file(settings.home, anchor)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("wb") as file:
        file.write(reply)
        file.flush()
        os.fsync(file.fileno())
