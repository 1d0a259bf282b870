"""Time stamps (RFC 3161) of anchors from an outside authority."""

from __future__ import annotations

import hashlib
import logging
import os
from functools import partial
from typing import TYPE_CHECKING

import requests
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

from ledger.proof.anchors import anchor_line, stamp_file
from tasks.time_limit import within

if TYPE_CHECKING:
    from ledger.proof.chain import Anchor
    from ledger.settings import Settings

GRANTED = (0, 1)  # RFC 3161 2.4.2: granted, granted with changes
PATIENCE = 10  # seconds for each step of the conversation
LIMIT = 20.0  # seconds for the whole of it
LONGEST = 100_000  # bytes; a reply with its certificates has some thousand
HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}

log = logging.getLogger(__name__)


class NotStampedError(Exception):
    """The authority gave no valid stamp."""


def stamp(settings: Settings, anchor: Anchor) -> int:
    """Have the authority of the settings stamp `anchor`; return 1 if the stamp is stored, else 0.

    The stamp covers the line of `anchor_line`. A failure never stops a sweep: it is logged, and
    the next anchor, which covers this one, is stamped instead.
    """
    if settings.tsa_url is None:
        return 0
    try:
        reply = within(LIMIT, partial(_request, settings.tsa_url, anchor_line(anchor).encode()))
        _keep(settings, anchor, reply)
    except (NotStampedError, requests.RequestException, ValueError, OSError) as error:
        log.warning("anchor of %s not stamped: %s", anchor.on, error)
        return 0
    return 1


def _request(url: str, line: bytes) -> bytes:
    """Return the authority's reply, checked to be about this line and this query."""
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
    response = decode_timestamp_response(reply)
    if response.status not in GRANTED:
        raise NotStampedError(f"refused with status {response.status}")
    if response.tst_info.message_imprint.message != hashlib.sha256(line).digest():
        raise NotStampedError("the stamp is on something else")
    if response.tst_info.nonce != query.nonce:
        raise NotStampedError("the stamp answers another question")
    return reply


def _keep(settings: Settings, anchor: Anchor, reply: bytes) -> None:
    path = stamp_file(settings.home, anchor)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("wb") as file:
        file.write(reply)
        file.flush()
        os.fsync(file.fileno())
